//! Both sides, put together by crew id.

use crate::candidate::Candidate;
use crate::employee::{Employee, EmploymentStatus};
use crate::hash::{HashMap, HashSet};
use crate::planner::PlanInput;
use crate::settled::{Fingerprints, fingerprint_at_rest};
use crate::user::User;

/// Somebody in SmartHR.
#[derive(Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) employee: &'a Employee,
    /// The user they are linked to.
    pub(crate) user: Option<&'a User>,
    /// Whether they are in scope and their user is as it should be.
    pub(crate) settled: bool,
}

/// Everybody.
pub(crate) struct People<'a> {
    /// Everybody in SmartHR, each once.
    pub(crate) in_smarthr: Vec<Person<'a>>,
    /// Users who are linked to somebody SmartHR does not have any more.
    pub(crate) gone: Vec<&'a User>,
    /// Users who are linked to nobody in this company.
    pub(crate) unlinked: Vec<&'a User>,
    /// How many users are linked.
    pub(crate) users_linked: usize,
}

/// A linked user while SmartHR's people are gone through.
struct Linked<'a> {
    user: &'a User,
    at_rest: Option<u64>,
    seen: bool,
}

impl<'a> People<'a> {
    /// Goes through the users and through SmartHR's people, each from front to back: in a large
    /// company what costs is going anywhere else in memory. That is why crew ids are compared by
    /// their fingerprints, and why a settled person's user is not looked at again.
    pub(crate) fn of(input: &PlanInput<'a>) -> Self {
        let fingerprints = Fingerprints::default();
        let mut users = Vec::with_capacity(input.users.len());
        let mut unlinked = Vec::new();
        for user in input.users {
            let Some(crew_id) = user.crew_in(input.tenant) else {
                unlinked.push(user);
                continue;
            };
            let linked = Linked {
                user,
                at_rest: fingerprint_at_rest(user, input, &fingerprints),
                seen: false,
            };
            users.push((fingerprints.of_id(crew_id), linked));
        }
        let employees: Vec<_> = input
            .employees
            .iter()
            .map(|employee| {
                let now = fingerprint_now(employee, input, &fingerprints);
                (fingerprints.of_id(&employee.crew_id), now)
            })
            .collect();
        // Nothing but the map is touched in these loops, so that the processor can look up several
        // people at a time. What is left of it in the end is gone from SmartHR.
        let mut linked: HashMap<u128, Linked<'_>> = users.into_iter().collect();
        let users_linked = linked.len();
        let mut newcomers: HashSet<u128> = HashSet::default();
        let mut in_smarthr = Vec::with_capacity(employees.len());
        for (employee, (id, now)) in input.employees.iter().zip(employees) {
            let (user, settled) = match linked.get_mut(&id) {
                Some(Linked { seen: true, .. }) => continue,
                Some(linked) => {
                    linked.seen = true;
                    (Some(linked.user), now.is_some() && now == linked.at_rest)
                }
                None if newcomers.insert(id) => (None, false),
                None => continue,
            };
            in_smarthr.push(Person {
                employee,
                user,
                settled,
            });
        }
        let gone = linked.into_values().filter(|linked| !linked.seen);
        Self {
            in_smarthr,
            gone: gone.map(|linked| linked.user).collect(),
            unlinked,
            users_linked,
        }
    }
}

/// The fingerprint of what SmartHR and the settings say about somebody; `None` when they are not to
/// be synced, or cannot be.
fn fingerprint_now(
    employee: &Employee,
    input: &PlanInput<'_>,
    fingerprints: &Fingerprints,
) -> Option<u64> {
    let in_scope =
        employee.status != EmploymentStatus::Retired && input.settings.includes(employee);
    let wanted = Candidate::new(employee, None).wanted(input.settings);
    wanted
        .filter(|_| in_scope)
        .map(|wanted| fingerprints.of(wanted))
}
