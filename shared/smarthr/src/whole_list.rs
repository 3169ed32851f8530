//! Decides whether the pages that were read are the whole list.

use domain::Employee;

use crate::read_employees::Gap;

/// The result of reading all pages once.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The people on all pages, in any order.
    pub(crate) employees: Vec<Employee>,
    /// `x-total-count`, which is the same on every page.
    pub(crate) total: usize,
    /// Whether the last page, by the total, names a page after it.
    pub(crate) more: bool,
}

/// Collects the people of several readings, as long as the total stays the same.
///
/// SmartHR may sort people who have the same code, or none, differently for every page. Then somebody
/// is on two pages and somebody else on none, another person in each reading, and only several
/// readings together have everybody.
#[derive(Debug, Default)]
pub(crate) struct ListCollector {
    people: Vec<Employee>,
    total: usize,
}

impl ListCollector {
    /// Adds a reading. Returns everybody once, sorted by crew id, when nobody is missing.
    pub(crate) fn add(&mut self, reading: Reading) -> Result<Vec<Employee>, Gap> {
        let Reading {
            mut employees,
            total,
            more,
        } = reading;
        let read = employees.len();
        sort_and_dedup(&mut employees);
        let found = employees.len();
        if more && found == total {
            return Err(Gap::More);
        }
        if read == found && found == total {
            return Ok(employees);
        }
        if total != self.total {
            self.people.clear();
        }
        let first = self.people.is_empty();
        self.people.append(&mut employees);
        self.total = total;
        sort_and_dedup(&mut self.people);
        if self.people.len() != total {
            return Err(Gap::Count {
                expected: total,
                found: self.people.len(),
            });
        }
        if first {
            return Err(Gap::Twice);
        }
        Ok(std::mem::take(&mut self.people))
    }
}

fn sort_and_dedup(people: &mut Vec<Employee>) {
    people.sort_unstable_by(|a, b| a.crew_id.cmp(&b.crew_id));
    people.dedup_by(|a, b| a.crew_id == b.crew_id);
}
