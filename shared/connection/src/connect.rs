//! [連携する]: sends an admin to SmartHR.

use credentials::pkce::generate_state;
use credentials::{PkceVerifier, TokenHash};
use domain::{UserId, WorkspaceId, is_host_label};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use storage::StoreError;
use storage::oauth_states::OAuthState;

use crate::connections::Connections;

/// How long an admin may take at SmartHR. RFC 6749 4.1.2 gives the code that comes back the same.
const STATE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Why nobody can be sent to SmartHR.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The subdomain is no host label.
    #[error("this is no SmartHR subdomain")]
    Subdomain,
    /// Database or secrets.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Connections {
    /// Gives the address at SmartHR to send the admin's browser to. `session_hash` is what the admin's
    /// session is stored under: the callback counts only with the same one. `subdomain` is what
    /// SmartHR put into the address that the admin started from, if it did.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn begin(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        session_hash: &str,
        subdomain: Option<String>,
    ) -> Result<String, ConnectError> {
        if subdomain
            .as_deref()
            .is_some_and(|given| !is_host_label(given))
        {
            return Err(ConnectError::Subdomain);
        }
        let app = self.app().await?;
        let state = generate_state(&self.random);
        let verifier = PkceVerifier::generate(&self.random);
        let kept = OAuthState {
            workspace_id: workspace_id.clone(),
            user_id: user_id.clone(),
            session_hash: session_hash.to_owned(),
            pkce_verifier: verifier.secret().expose_secret().to_owned(),
            subdomain,
            expires_at: (self.clock)()
                .checked_add(STATE_LIFE)
                .unwrap_or(Timestamp::MAX),
        };
        self.store
            .put_oauth_state(TokenHash::of(&state).as_str(), &kept)
            .await?;
        Ok(self.smarthr.authorize_url(
            &app.client_id,
            &self.redirect_uri(),
            state.expose_secret(),
            &verifier.challenge(),
        ))
    }
}
