//! Finds what is known of the person whom an event names.

use domain::erasure::ErasedPerson;
use domain::text::{search_key, visible};
use domain::{EmailAddress, RunOutcome, User, WorkspaceId};
use storage::Store;

use crate::error::EraseError;
use crate::event::Request;

/// The number of runs among which one may be under way.
const NEWEST: i32 = 4;

/// Returns what is known of the person.
///
/// # Errors
/// [`EraseError`] when the event names nobody, or somebody who is still a user.
pub(crate) async fn find(store: &Store, request: &Request) -> Result<ErasedPerson, EraseError> {
    let workspace_id = &request.workspace_id;
    if store.workspace(workspace_id).await?.is_none() {
        return Err(EraseError::NoSuchWorkspace(workspace_id.clone()));
    }
    let mut person = ErasedPerson {
        user_ids: request.user_id.clone().into_iter().collect(),
        emails: request
            .emails
            .iter()
            .map(|it| {
                EmailAddress::parse(it).map_or_else(|| it.trim().to_lowercase(), |it| it.key())
            })
            .filter(|it| !it.is_empty())
            .collect(),
        codes: request
            .employee_codes
            .iter()
            .filter_map(|it| visible(it))
            .collect(),
        names: request
            .names
            .iter()
            .map(|it| search_key(it))
            .filter(|it| !it.is_empty())
            .collect(),
        ..ErasedPerson::default()
    };
    if person.user_ids.is_empty() && person.emails.is_empty() && person.codes.is_empty() {
        return Err(EraseError::Nobody);
    }
    learn_from_copies(store, workspace_id, &mut person).await?;
    refuse_if_still_user(store, request, &mut person).await?;
    let mut newest = store.runs(workspace_id, None, NEWEST).await?.into_iter();
    if newest.any(|run| run.outcome == RunOutcome::Running) {
        return Err(EraseError::RunUnderWay);
    }
    Ok(person)
}

/// Adds what the copies of deleted users say about the person, who may have come back and left again.
async fn learn_from_copies(
    store: &Store,
    workspace_id: &WorkspaceId,
    person: &mut ErasedPerson,
) -> Result<(), EraseError> {
    let copies = store.deleted_users(workspace_id).await?;
    // Once for what the event names, once more for what the first copy taught.
    for _ in 0..2 {
        for copy in &copies {
            if is_of(&copy.user, person) {
                person.user_ids.insert(copy.user.user_id.clone());
                person.learn(&copy.user);
            }
        }
    }
    Ok(())
}

fn is_of(user: &User, person: &ErasedPerson) -> bool {
    let has_crew = user
        .crew_link
        .as_ref()
        .is_some_and(|it| person.crew_ids.contains(&it.crew_id));
    let email = user.email.as_ref().map(EmailAddress::key);
    person.user_ids.contains(&user.user_id)
        || has_crew
        || email.is_some_and(|email| person.emails.contains(&email))
        || user.code.as_ref().is_some_and(|code| {
            person.codes.contains(code.as_str())
                && (person.names.is_empty() || person.names.contains(&search_key(&user.name)))
        })
}

/// Refuses somebody who is a user, by their id or crew. When no id and no copy tells who the person is,
/// an address or code is enough; else its present holder is somebody else, whose lines stay.
async fn refuse_if_still_user(
    store: &Store,
    request: &Request,
    person: &mut ErasedPerson,
) -> Result<(), EraseError> {
    for user in store.users(&request.workspace_id).await? {
        let mut others = person.clone();
        if !person.user_ids.is_empty() {
            (others.emails, others.codes) = Default::default();
        }
        if is_of(&user, &others) {
            return Err(EraseError::StillUser(user.user_id));
        }
        let email = user.email.as_ref().map(EmailAddress::key);
        let code = user.code.as_ref().map(|code| code.as_str().to_owned());
        let identifiers = email.into_iter().chain(code);
        let taken =
            identifiers.filter(|it| person.emails.contains(it) || person.codes.contains(it));
        person.taken.extend(taken.collect::<Vec<_>>());
    }
    Ok(())
}
