//! Match: finds the user of a person without a crew link: one who was added by hand, or before the
//! workspace was connected to this SmartHR company.
//!
//! The address is looked up first, then the code. A user of another company who is matched with nobody still signs
//! in, and is a row of every run (対象外 / 警告) until somebody answers it.

use std::collections::{HashMap, HashSet};

use super::candidate::Candidate;
use crate::{Failure, Identifier, PlanInput, UnreadableUser, User, UserId, identifiers_of};

/// Matches each new person with the unlinked user who has the same e-mail, else with the one who
/// has the same employee code. A user whose other identifier differs might be somebody else: that
/// person fails rather than take over the account, and nobody else gets it either.
pub(crate) fn match_by_identifier<'a>(candidates: &mut [Candidate<'a>], unlinked: &[&'a User]) {
    let users: HashMap<Identifier<'a>, &'a User> = unlinked
        .iter()
        .flat_map(|user| identifiers_of(user).map(|identifier| (identifier, *user)))
        .collect();
    let mut claimed: HashSet<&UserId> = HashSet::new();
    let mut match_one = |candidate: &mut Candidate<'a>, identifier: Option<Identifier<'a>>| {
        let found = identifier.and_then(|identifier| users.get(&identifier));
        let Some(user) = found.filter(|user| claimed.insert(&user.user_id)) else {
            return;
        };
        if disagrees(candidate, user) {
            let user = user.name.clone();
            candidate.fail(Failure::IdentifiersDisagree { user });
        } else {
            candidate.user = Some(user);
        }
    };
    for candidate in candidates.iter_mut().filter(|it| it.is_new()) {
        match_one(candidate, Identifier::all(candidate.email, None).next());
    }
    for candidate in candidates.iter_mut().filter(|it| it.is_new()) {
        match_one(candidate, Identifier::all(None, candidate.code).next());
    }
}

/// Fails the candidates who have, or would get, an identifier of a user whose record cannot be read: it cannot be told
/// whether they are that user.
pub(crate) fn fail_whose_user_is_unreadable(
    candidates: &mut [Candidate<'_>],
    input: &PlanInput<'_>,
) {
    let unreadable = input.unreadable_users.iter();
    let taken: HashSet<_> = unreadable.flat_map(UnreadableUser::identifiers).collect();
    for candidate in candidates {
        if candidate.identifiers().any(|it| taken.contains(&it)) {
            candidate.fail(Failure::Internal);
        }
    }
}

/// Returns whether both sides have an address, or both have a code, and the two differ.
fn disagrees(candidate: &Candidate<'_>, user: &User) -> bool {
    let emails = candidate.email.zip(user.email.as_ref());
    let codes = candidate.code.zip(user.code.as_ref());
    emails.is_some_and(|(email, own)| !own.is(email))
        || codes.is_some_and(|(code, own)| code != own.as_str())
}
