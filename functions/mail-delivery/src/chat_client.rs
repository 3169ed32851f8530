//! The HTTP client for chat webhooks: no redirects, short waits, and nothing is read of an answer but its status.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use domain::ChatProblem;
use mail::{ChatAddress, ChatPost, ChatReach};
use reqwest::redirect::Policy;

/// The longest that one post may take. It is short, since mails wait behind it.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The client for chat webhooks.
pub struct ChatClient {
    /// Which addresses are posted to.
    pub(crate) reach: ChatReach,
    http: OnceLock<Option<reqwest::Client>>,
}

impl fmt::Debug for ChatClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatClient")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

impl ChatClient {
    /// Creates the client.
    pub fn new(reach: ChatReach) -> Self {
        Self {
            reach,
            http: OnceLock::new(),
        }
    }

    /// Posts to a chat.
    ///
    /// # Errors
    /// Why the post did not arrive.
    pub(crate) async fn post(
        &self,
        address: &ChatAddress,
        post: &ChatPost,
    ) -> Result<(), ChatProblem> {
        let url = address.url().ok_or(ChatProblem::NoAddress)?;
        let http = self.http().ok_or(ChatProblem::NoAnswer)?;
        let body = post.body(address.service());
        let sent = http.post(url).json(&body).send().await;
        let answer = sent.map_err(|error| {
            // The address is a secret.
            tracing::warn!(error = %error.without_url(), "a chat did not answer");
            ChatProblem::NoAnswer
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        Err(ChatProblem::Refused(status.as_u16()))
    }

    /// Returns the HTTP client, which reads the system's root certificates when it is first used.
    fn http(&self) -> Option<&reqwest::Client> {
        let http = self.http.get_or_init(|| {
            reqwest::Client::builder()
                .user_agent(concat!("KiteRa-notifications/", env!("CARGO_PKG_VERSION")))
                .timeout(TIMEOUT)
                .no_proxy()
                .redirect(Policy::none())
                .https_only(self.reach == ChatReach::Public)
                .build()
                .ok()
        });
        http.as_ref()
    }
}
