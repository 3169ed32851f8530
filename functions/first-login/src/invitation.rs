//! An invitation's link: what it is worth now, and accepting it.

use credentials::{InvitationUrl, TokenHash};
use domain::Invitation;
use jiff::Timestamp;
use secrecy::SecretString;
use storage::Store;
use storage::StoreError;
use web::{Problem, StartedSession, start_session};

use crate::account::Person;
use crate::app::App;
use crate::set_password::{TRIES, accepted_hash, set_password};

/// What a link is worth.
pub(crate) enum Standing {
    /// Its person may set a password.
    Open(Box<Person>),
    /// It was the right one, but its 72 hours are over.
    Expired {
        /// Whether the nightly run sends a new one by itself, as it does to those whom the sync looks after.
        /// Manual: 「招待メールから72時間超えても登録されない場合はリンクが無効になり、午前2時の同期の際に自動で再招待メールが
        /// 送信されます。」
        comes_again: bool,
    },
    /// Used, replaced by a newer one, withdrawn, or never one of ours: which of these is told
    /// to nobody.
    Dead,
}

/// Why an invitation was not accepted.
pub(crate) enum NotAccepted {
    /// The link is no longer open; somebody else used it at the same moment, perhaps.
    Closed(Standing),
    /// The password was refused, or a table does not answer.
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for NotAccepted {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// What the link with this path token is worth at `now`.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn standing(
    store: &Store,
    token: &str,
    now: Timestamp,
) -> Result<Standing, StoreError> {
    let Ok(link) = InvitationUrl::parse(token) else {
        return Ok(Standing::Dead);
    };
    let found = store
        .user_with_hashes(&link.workspace_id, &link.user_id)
        .await?;
    let Some((user, hashes)) = found else {
        return Ok(Standing::Dead);
    };
    let proves = TokenHash::of(&link.secret);
    // Hashes of 256 random bits may be compared as they are: how far two of them agree tells
    // nothing about the secret.
    if hashes.invitation_hash.as_deref() != Some(proves.as_str()) {
        return Ok(Standing::Dead);
    }
    let Some(Invitation { expires_at, .. }) = user.invitation else {
        return Ok(Standing::Dead);
    };
    if expires_at <= now {
        return Ok(Standing::Expired {
            comes_again: user.crew_link.is_some(),
        });
    }
    Ok(Standing::Open(Box::new(Person {
        workspace_id: link.workspace_id,
        user,
        hashes,
    })))
}

/// Accepts the invitation: the person is 有効 with this password, and signed in. Works once: of two
/// who try at the same moment, one finds the link dead.
///
/// # Errors
/// [`NotAccepted`].
pub(crate) async fn accept(
    app: &App,
    token: &str,
    password: SecretString,
    now: Timestamp,
) -> Result<StartedSession, NotAccepted> {
    let mut standing_now = standing(&app.store, token, now).await?;
    let mut hash = None;
    for _ in 0..TRIES {
        let person = match standing_now {
            Standing::Open(person) => person,
            closed => return Err(NotAccepted::Closed(closed)),
        };
        let hash = match &mut hash {
            Some(hash) => hash,
            none => none.insert(
                accepted_hash(app, &person.workspace_id, &person.user, password.clone()).await?,
            ),
        };
        match set_password(app, &person, hash, now).await {
            Ok(epoch) => {
                let who = (&person.workspace_id, &person.user.user_id);
                return Ok(start_session(&app.store, who, epoch, false, &app.random, now).await?);
            }
            // Used by somebody else, or the nightly run changed the person: look again.
            Err(StoreError::Conflict(_)) => {
                standing_now = standing(&app.store, token, now).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Conflict("the user is changed again and again").into())
}
