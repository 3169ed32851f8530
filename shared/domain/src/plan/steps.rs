//! Cuts a plan into steps that are each written as one transaction.

use std::ops::Range;

use crate::people::items_of_code;
use crate::{Change, EmailAddress, FirstLogin, Plan, Role};

/// Returns how many items one change writes at most: the user, the identifiers that it frees and reserves,
/// the mail, and the notices.
pub fn items_written(change: &Change<'_>) -> usize {
    let mail = usize::from(change.first_login() == Some(FirstLogin::Invitation));
    match change {
        Change::Add { fields, .. } => {
            1 + usize::from(fields.email.is_some()) + items_of_code(fields.code.as_ref()) + mail
        }
        // At most an old and a new address, and an old and a new code.
        Change::Alter { user, fields, .. } => {
            let email_moves = user.email.as_ref().map(EmailAddress::key)
                != fields.email.as_ref().map(EmailAddress::key);
            let (code, new_code) = (user.code.as_ref(), fields.code.as_ref());
            let codes = if code == new_code {
                // What makes it findable in any case is written with every change.
                items_of_code(code).saturating_sub(1)
            } else {
                items_of_code(code) + items_of_code(new_code)
            };
            // A システム管理者 who changes to SSO is written together with another one who stays.
            let stays = 2 * usize::from(change.needs_another_system_administrator());
            let notices =
                usize::from(email_moves) + usize::from(user.login_method != fields.login_method);
            1 + 2 * usize::from(email_moves) + codes + mail + notices + stays
        }
        // The user, its restorable copy, both identifiers, for an admin the item that lists them and the mail about it,
        // and for a システム管理者 another who stays.
        Change::Delete { user, .. } => {
            3 + items_of_code(user.code.as_ref())
                + 2 * usize::from(user.role.may_manage_connection())
                + 2 * usize::from(user.role == Role::SystemAdministrator)
        }
    }
}

/// Returns ranges of `plan.changes`, in order, each with at most `most_items` items. People who
/// exchange identifiers are in one step. Deletions do not share a step with additions, which need
/// what the deletions free.
pub fn steps(plan: &Plan<'_>, most_items: usize) -> Vec<Range<usize>> {
    let mut steps = Vec::new();
    let mut circles = plan.together.iter().peekable();
    let (mut start, mut items) = (0, 0);
    let mut index = 0;
    while index < plan.changes.len() {
        let unit = match circles.next_if(|circle| circle.start == index) {
            Some(circle) => circle.clone(),
            None => index..index + 1,
        };
        let unit_items: usize = plan.changes[unit.clone()].iter().map(items_written).sum();
        let kind_ends =
            index > start && kind(&plan.changes[index - 1]) != kind(&plan.changes[index]);
        if index > start && (items + unit_items > most_items || kind_ends) {
            steps.push(start..index);
            (start, items) = (index, 0);
        }
        items += unit_items;
        index = unit.end;
    }
    if start < index {
        steps.push(start..index);
    }
    steps
}

fn kind(change: &Change<'_>) -> u8 {
    match change {
        Change::Delete { .. } => 0,
        Change::Alter { .. } => 1,
        Change::Add { .. } => 2,
    }
}
