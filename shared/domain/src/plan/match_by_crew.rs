//! Match: pairs SmartHR's people with the users who are linked to them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::{Employee, PlanInput, User};

/// A person in SmartHR, with the user linked to them.
#[derive(Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) employee: &'a Employee,
    /// The user linked to the person; `None` if there is none.
    pub(crate) user: Option<&'a User>,
}

/// Both sides, matched by crew id.
pub(crate) struct Matched<'a> {
    /// Everybody in SmartHR, each once.
    pub(crate) people: Vec<Person<'a>>,
    /// Users who are linked to a person who is no longer in SmartHR.
    pub(crate) gone: Vec<&'a User>,
    /// Users without a crew link in the connected company.
    pub(crate) unlinked: Vec<&'a User>,
    /// The number of users with a crew link in the connected company.
    pub(crate) linked_users: usize,
}

/// Pairs people and users by the users' crew links.
pub(crate) fn match_by_crew<'a>(input: &PlanInput<'a>) -> Matched<'a> {
    let mut unlinked = Vec::new();
    // By crew id: the linked user, or `None` once the crew was seen.
    let mut linked: HashMap<&str, Option<&User>> = HashMap::with_capacity(input.users.len());
    for user in input.users {
        match user.crew_in(input.tenant) {
            Some(crew_id) => {
                linked.insert(crew_id.as_str(), Some(user));
            }
            None => unlinked.push(user),
        }
    }
    let linked_users = linked.len();
    let mut people = Vec::with_capacity(input.employees.len());
    for employee in input.employees {
        let user = match linked.entry(employee.crew_id.as_str()) {
            Entry::Occupied(mut met) => match met.get_mut().take() {
                None => continue,
                user => user,
            },
            Entry::Vacant(new) => *new.insert(None),
        };
        people.push(Person { employee, user });
    }
    let not_met = linked.into_values().flatten();
    Matched {
        people,
        // Of a few reported people nobody can say who is not among them.
        gone: not_met.filter(|_| !input.scope.is_reported()).collect(),
        unlinked,
        linked_users,
    }
}
