//! The state of every handler.

use std::sync::Arc;

use credentials::Random;
use credentials::passkey::RelyingParty;
use jiff::Timestamp;
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use web::PublicOrigin;

/// The state of every handler.
#[derive(Clone)]
pub struct App {
    /// The database: users, sessions, and the wrong guesses of the sign-in throttle.
    pub store: Store,
    /// The queue that mails are delivered from.
    pub queues: Queues,
    /// Secrets Manager, which holds the derivation keys of authenticator apps.
    pub secrets: Secrets,
    /// The source of session tokens and salts.
    pub random: Arc<Random>,
    /// The origin that our own forms come from.
    pub origin: PublicOrigin,
    /// The site that passkeys are registered for.
    pub relying_party: RelyingParty,
    /// Returns the current time; called once per request.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
