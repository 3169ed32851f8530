//! An admin's browser comes back from SmartHR: who it is, what SmartHR says, and what becomes of it.

use credentials::TokenHash;
use domain::{User, WorkspaceId};
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
    /// The code to be exchanged for tokens.
    pub code: Option<SecretString>,
    /// Why there is no code.
    pub error: Option<String>,
    /// The first label of the company's host, if SmartHR puts it here.
    pub subdomain: Option<String>,
}

/// The person whose browser came.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The workspace that the person is signed in to.
    pub workspace_id: &'a WorkspaceId,
    /// The person, as stored now.
    pub user: &'a User,
    /// The hash that the session is stored under.
    pub session_hash: &'a str,
}

/// What became of a callback. Only [`CallbackOutcome::Connected`] and
/// [`CallbackOutcome::ConfirmationNeeded`] change anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackOutcome {
    /// 「SmartHRとの連携が完了しました。」
    Connected {
        /// The company's name.
        company_name: String,
    },
    /// Another company than before: an admin has to confirm it.
    ConfirmationNeeded {
        /// The name of the company so far.
        connected_name: String,
        /// The name of the other one.
        new_name: String,
    },
    /// The admin said no at SmartHR.
    Denied,
    /// The address has no state of ours, or one that was used before.
    InvalidState,
    /// The admin took too long.
    Expired,
    /// Another session, workspace or person than the one that set out, or nobody signed in.
    OtherSession,
    /// The person may not manage the connection any more.
    NotAllowed,
    /// SmartHR reported an error, or refuses the code.
    Refused,
    /// SmartHR does not let us read what we need to know about the company.
    Forbidden,
    /// SmartHR did not say which subdomain the company has.
    SubdomainUnknown,
    /// SmartHR does not answer now, which the clean-up of the connection before may need as well.
    Unavailable,
}

/// Why a callback ends early.
pub(crate) enum Stop {
    /// With an answer to the admin.
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
    /// Completes what [`Connections::begin`] began.
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
        // Used up in any case: a state works once.
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
        check(&state, caller, (self.clock)())?;
        let code = callback.code.ok_or(CallbackOutcome::InvalidState)?;
        let tokens = self.exchange_code(&state, &code, deadline).await?;
        let hint = callback.subdomain.or(state.subdomain);
        let new = NewConnection {
            workspace_id: &state.workspace_id,
            admin: &state.user_id,
            company: self.company_of(&tokens, hint, deadline).await?,
        };
        self.connect_company(new, tokens, deadline).await
    }
}

/// Checks that the state belongs to the caller, who may still use it.
fn check(
    state: &OAuthState,
    caller: Option<Caller<'_>>,
    now: Timestamp,
) -> Result<(), CallbackOutcome> {
    let same = caller.filter(|caller| {
        caller.session_hash == state.session_hash
            && *caller.workspace_id == state.workspace_id
            && caller.user.user_id == state.user_id
    });
    let caller = same.ok_or(CallbackOutcome::OtherSession)?;
    if now >= state.expires_at {
        return Err(CallbackOutcome::Expired);
    }
    if !caller.user.role.may_manage_integration() {
        return Err(CallbackOutcome::NotAllowed);
    }
    Ok(())
}
