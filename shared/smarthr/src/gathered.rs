//! Whether the pages that came are the whole list.

use domain::Employee;

use crate::crews::Gap;

/// What one reading of all pages found.
#[derive(Debug)]
pub(crate) struct Reading {
    /// In any order.
    pub(crate) employees: Vec<Employee>,
    /// `x-total-count`, the same on every page.
    pub(crate) total: usize,
    /// Whether the last page, by the total, names a page after it.
    pub(crate) more: bool,
}

/// What the readings found so far, as long as the total stays the same.
///
/// SmartHR may show people who have the same code, or none, in another order with every page. Then
/// somebody stands on two pages and somebody else on none, in each reading somebody else, and only
/// several readings together have everybody.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    people: Vec<Employee>,
    total: usize,
}

impl Gathered {
    /// Adds a reading; gives everybody, each once and by crew id, when all are there.
    pub(crate) fn add(&mut self, reading: Reading) -> Result<Vec<Employee>, Gap> {
        let Reading {
            mut employees,
            total,
            more,
        } = reading;
        let came = employees.len();
        each_once(&mut employees);
        let found = employees.len();
        if more && found == total {
            return Err(Gap::More);
        }
        if came == found && found == total {
            return Ok(employees);
        }
        if total != self.total {
            self.people.clear();
        }
        let first = self.people.is_empty();
        self.people.append(&mut employees);
        self.total = total;
        each_once(&mut self.people);
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

fn each_once(people: &mut Vec<Employee>) {
    people.sort_unstable_by(|a, b| a.crew_id.cmp(&b.crew_id));
    people.dedup_by(|a, b| a.crew_id == b.crew_id);
}
