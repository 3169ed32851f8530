//! Who a person without a link already is: a user added by hand, or one from before the workspace
//! was linked to this SmartHR company.

use crate::candidate::Candidate;
use crate::failure::Failure;
use crate::hash::{HashMap, HashSet};
use crate::ids::UserId;
use crate::user::User;

/// Gives each candidate without a user the unlinked user with the same e-mail, else the one with
/// the same employee code. A user whose other identifier says something else might be somebody
/// else, so that person fails rather than take over the account, and nobody else gets it either.
pub(crate) fn match_unlinked<'a>(candidates: &mut [Candidate<'a>], unlinked: &[&'a User]) {
    if unlinked.is_empty() {
        return;
    }
    let unlinked = || unlinked.iter().copied();
    let by_email: HashMap<String, &User> = unlinked()
        .filter_map(|user| Some((user.email.as_ref()?.key(), user)))
        .collect();
    let by_code: HashMap<&str, &User> = unlinked()
        .filter_map(|user| Some((user.code.as_ref()?.as_str(), user)))
        .collect();
    let mut claimed: HashSet<&UserId> = HashSet::default();
    let mut claim = |candidate: &mut Candidate<'a>, user: &'a User| {
        if !claimed.insert(&user.user_id) {
            return;
        }
        if disagrees(candidate, user) {
            let user = user.name.clone();
            candidate.fail(Failure::IdentifiersDisagree { user });
        } else {
            candidate.user = Some(user);
        }
    };
    for candidate in candidates.iter_mut().filter(|new| is_open(new)) {
        let found = candidate
            .email
            .and_then(|email| by_email.get(&email.to_ascii_lowercase()));
        if let Some(user) = found {
            claim(candidate, user);
        }
    }
    for candidate in candidates.iter_mut().filter(|new| is_open(new)) {
        let found = candidate.code.and_then(|code| by_code.get(code));
        if let Some(user) = found {
            claim(candidate, user);
        }
    }
}

/// Whether a person has no user yet and nothing stands against finding one.
fn is_open(candidate: &Candidate<'_>) -> bool {
    candidate.user.is_none() && candidate.failure.is_none()
}

/// Whether both sides have an address, or both have a code, and they are not the same.
fn disagrees(candidate: &Candidate<'_>, user: &User) -> bool {
    let emails = candidate.email.zip(user.email.as_ref());
    let codes = candidate.code.zip(user.code.as_ref());
    emails.is_some_and(|(new, held)| !held.is(new))
        || codes.is_some_and(|(new, held)| new != held.as_str())
}
