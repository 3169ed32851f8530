//! The state of every handler.

use std::sync::Arc;

use credentials::Random;
use domain::WorkspaceId;
use jiff::Timestamp;
use storage::Store;
use storage::secrets::Secrets;
use web::PublicOrigin;

use crate::oidc::ProviderClient;

/// The state of every handler.
#[derive(Clone)]
pub struct App {
    /// The database: workspaces, users, sessions, and the sign-ins under way.
    pub store: Store,
    /// The client secrets at identity providers.
    pub secrets: Secrets,
    /// The source of states, nonces, verifiers and session tokens.
    pub random: Arc<Random>,
    /// The origin that our own forms come from.
    pub origin: PublicOrigin,
    /// `PUBLIC_BASE_URL`: the address of the product, without a slash at the end.
    pub public_base_url: String,
    /// The client for identity providers.
    pub provider_client: Arc<ProviderClient>,
    /// Returns the current time; called once per request.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Returns the redirect URI of a workspace. Each has its own, so that no provider can pass another one's answer off
    /// as its own (RFC 9700, section 4.4.2.2).
    pub(crate) fn redirect_uri(&self, workspace_id: &WorkspaceId) -> String {
        format!("{}/sso/callback/{workspace_id}", self.public_base_url)
    }
}
