//! [連携する]: the address at SmartHR where an admin grants access.

use credentials::pkce::generate_state;
use credentials::{PkceVerifier, TokenHash};
use domain::time::later;
use domain::{AuditAction, Author, WorkspaceId, is_host_label};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use storage::StoreError;
use storage::oauth_states::OAuthState;

use crate::connections::Connections;

/// The time within which an admin must grant access at SmartHR; an authorization code may live as long
/// (RFC 6749 4.1.2).
const STATE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// The reason why no authorization address could be built.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The subdomain is not a single host label.
    #[error("this is not a SmartHR subdomain")]
    Subdomain,
    /// The database or Secrets Manager failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Connections {
    /// Stores a new state and returns the address at SmartHR to send the admin's browser to.
    /// `session_hash` is the hash that the admin's session is stored under: the callback is accepted
    /// only in the same session. `subdomain` is the company's, if SmartHR named it in the address from
    /// which the admin started.
    ///
    /// # Errors
    /// [`ConnectError`] when the subdomain is not a host label, or AWS does not answer.
    pub async fn begin(
        &self,
        workspace_id: &WorkspaceId,
        by: &Author,
        session_hash: &str,
        subdomain: Option<String>,
    ) -> Result<String, ConnectError> {
        if subdomain
            .as_deref()
            .is_some_and(|subdomain| !is_host_label(subdomain))
        {
            return Err(ConnectError::Subdomain);
        }
        let app = self.app().await?;
        let state = generate_state(&self.random);
        let verifier = PkceVerifier::generate(&self.random);
        let stored = OAuthState {
            workspace_id: workspace_id.clone(),
            user_id: by.user_id.clone(),
            session_hash: session_hash.to_owned(),
            pkce_verifier: verifier.secret().expose_secret().to_owned(),
            subdomain,
            expires_at: later((self.clock)(), STATE_LIFETIME),
        };
        let event = self.event(by, AuditAction::ConnectBegun);
        self.store
            .put_oauth_state(TokenHash::of(&state).as_str(), &stored, &event)
            .await?;
        Ok(self.smarthr.authorize_url(
            &app.client_id,
            &self.redirect_uri(),
            state.expose_secret(),
            &verifier.challenge(),
        ))
    }
}
