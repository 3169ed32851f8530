//! The OAuth callback: an admin's browser comes back from SmartHR. Checks the admin and the state, and
//! returns the outcome.

use credentials::TokenHash;
use domain::{Author, User, WorkspaceId};
use jiff::Timestamp;
use secrecy::SecretString;
use storage::StoreError;
use storage::oauth_states::OAuthState;
use tokio::time::Instant;

use crate::connect_company::NewConnection;
use crate::connections::Connections;

/// The parameters that SmartHR put into the callback's address (RFC 6749, 4.1.2).
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// The state that [`Connections::begin`] generated.
    pub state: Option<SecretString>,
    /// The authorization code, to be exchanged for tokens.
    pub code: Option<SecretString>,
    /// The OAuth error that SmartHR reports instead of a code, such as `access_denied`.
    pub error: Option<String>,
    /// The first label of the company's host, if SmartHR puts it here.
    pub subdomain: Option<String>,
}

/// The signed-in user whose browser called back.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    /// The workspace that the user is signed in to.
    pub workspace_id: &'a WorkspaceId,
    /// The user, read for this request.
    pub user: &'a User,
    /// The hash that the session is stored under.
    pub session_hash: &'a str,
    /// The user and the source of the request, for the audit trail.
    pub author: Author,
}

/// The outcome of a callback. Only [`CallbackOutcome::Connected`] and
/// [`CallbackOutcome::ConfirmationNeeded`] change anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackOutcome {
    /// 「SmartHRとの連携が完了しました。」
    Connected {
        /// The name of the connected company.
        company_name: String,
    },
    /// The tokens are for another company than the connected one: an admin has to confirm the change.
    ConfirmationNeeded {
        /// The name of the connected company.
        connected_name: String,
        /// The name of the new company.
        new_name: String,
    },
    /// The admin denied access at SmartHR.
    Denied,
    /// The state is missing, unknown, or was used before.
    InvalidState,
    /// The state has expired: the admin took more than ten minutes.
    Expired,
    /// The callback came in another session than the one that began, or nobody is signed in.
    OtherSession,
    /// The user's role no longer allows managing the connection.
    NotAllowed,
    /// SmartHR reported an error or refused the code.
    Refused,
    /// SmartHR refuses our own OAuth client: an operator must mend it.
    ClientRefused,
    /// SmartHR does not let us read the company.
    Forbidden,
    /// SmartHR did not name the company's subdomain.
    SubdomainUnknown,
    /// SmartHR does not answer. The clean-up of an earlier connection may need it as well.
    Unavailable,
}

/// The reason why a callback ends early.
pub(crate) enum Stop {
    /// An outcome to show to the admin.
    Outcome(CallbackOutcome),
    /// AWS did not answer.
    Store(StoreError),
}

impl From<CallbackOutcome> for Stop {
    fn from(outcome: CallbackOutcome) -> Self {
        Self::Outcome(outcome)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Connections {
    /// Completes the connection that [`Connections::begin`] began, and returns the outcome for the
    /// admin.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn complete(
        &self,
        callback: Callback,
        caller: Option<Caller<'_>>,
        deadline: Instant,
    ) -> Result<CallbackOutcome, StoreError> {
        match self.try_complete(callback, caller, deadline).await {
            Ok(outcome) | Err(Stop::Outcome(outcome)) => Ok(outcome),
            Err(Stop::Store(error)) => Err(error),
        }
    }

    async fn try_complete(
        &self,
        callback: Callback,
        caller: Option<Caller<'_>>,
        deadline: Instant,
    ) -> Result<CallbackOutcome, Stop> {
        // The state is consumed in any case: it works once.
        let state = match &callback.state {
            Some(state) => {
                let hash = TokenHash::of(state);
                self.store.take_oauth_state(hash.as_str()).await?
            }
            None => None,
        };
        match callback.error.as_deref() {
            Some("access_denied") => return Ok(CallbackOutcome::Denied),
            Some(_) => return Ok(CallbackOutcome::Refused),
            None => {}
        }
        let state = state.ok_or(CallbackOutcome::InvalidState)?;
        let caller = check(&state, caller, (self.clock)())?;
        let code = callback.code.ok_or(CallbackOutcome::InvalidState)?;
        let tokens = self.exchange_code(&state, &code, deadline).await?;
        let hint = callback.subdomain.or(state.subdomain);
        let new = NewConnection {
            workspace_id: &state.workspace_id,
            by: &caller.author,
            company: self.company_of(&tokens, hint, deadline).await?,
        };
        // A large future, which lives on the heap.
        Box::pin(self.connect_company(new, tokens, deadline)).await
    }
}

/// Returns the caller, to whom the state belongs, if it has not expired and they may still manage the
/// connection.
fn check<'a>(
    state: &OAuthState,
    caller: Option<Caller<'a>>,
    now: Timestamp,
) -> Result<Caller<'a>, CallbackOutcome> {
    let same = caller.filter(|caller| {
        caller.session_hash == state.session_hash
            && *caller.workspace_id == state.workspace_id
            && caller.user.user_id == state.user_id
    });
    let caller = same.ok_or(CallbackOutcome::OtherSession)?;
    if now >= state.expires_at {
        return Err(CallbackOutcome::Expired);
    }
    if !caller.user.role.may_manage_connection() {
        return Err(CallbackOutcome::NotAllowed);
    }
    Ok(caller)
}
