//! Properties of the steps of a plan that hold for every generated company.

use std::collections::HashMap;

use domain::steps::{items_written, steps};
use domain::{Change, User, UserId, identifiers_of};
use proptest::prelude::*;

use crate::generated;
use crate::properties::config;

/// The limit of 100 items in a DynamoDB transaction, less the two items of the run itself.
const MAX_TRANSACTION_ITEMS: usize = 98;

fn identifiers(user: &User) -> impl Iterator<Item = String> {
    identifiers_of(user).map(|identifier| format!("{identifier:?}"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_step_takes_an_address_or_code_that_is_held_outside_it(company in generated::company()) {
        let plan = company.plan();
        let mut holders: HashMap<String, UserId> = HashMap::new();
        for user in &company.users {
            holders.extend(identifiers(user).map(|taken| (taken, user.user_id.clone())));
        }
        for step in steps(&plan, MAX_TRANSACTION_ITEMS) {
            for user in plan.changes[step.clone()].iter().filter_map(Change::user) {
                for given_up in identifiers(user) {
                    holders.remove(&given_up);
                }
            }
            for change in &plan.changes[step] {
                let Some(user) = company.user_after(change) else { continue };
                for taken in identifiers(&user) {
                    let holder = holders.insert(taken.clone(), user.user_id.clone());
                    prop_assert_eq!(holder, None, "{:?} is held", taken);
                }
            }
        }
    }

    #[test]
    fn steps_are_the_changes_in_order_and_never_too_large(company in generated::company()) {
        let plan = company.plan();
        let mut next = 0;
        for step in steps(&plan, MAX_TRANSACTION_ITEMS) {
            prop_assert_eq!(step.start, next);
            prop_assert!(step.start < step.end);
            let items: usize = plan.changes[step.clone()].iter().map(items_written).sum();
            prop_assert!(items <= MAX_TRANSACTION_ITEMS);
            for circle in &plan.together {
                let apart = circle.end <= step.start || step.end <= circle.start;
                let inside = step.start <= circle.start && circle.end <= step.end;
                prop_assert!(apart || inside);
            }
            next = step.end;
        }
        prop_assert_eq!(next, plan.changes.len());
    }

    #[test]
    fn deletions_come_first_then_updates_then_additions(company in generated::company()) {
        let kind = |change: &Change<'_>| match change {
            Change::Delete { .. } => 0,
            Change::Alter { .. } => 1,
            Change::Add { .. } => 2,
        };
        prop_assert!(company.plan().changes.is_sorted_by_key(kind));
    }
}
