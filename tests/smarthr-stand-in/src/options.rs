//! The settings of the stand-in: what SmartHR does not publish, or a test needs to vary.

use std::path::PathBuf;

/// How the stand-in behaves. `Options::default()` is SmartHR as far as it is known.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub struct Options {
    /// The one OAuth client that is registered.
    pub client_id: String,
    /// Its secret, expected in the form body of the token request.
    pub client_secret: String,
    /// The redirect URIs that the client may use; empty means any.
    pub redirect_uris: Vec<String>,
    /// The life of an access token. SmartHR does not publish it.
    pub access_token_seconds: u32,
    /// Whether a refresh replaces the refresh token that it used, or returns the same again.
    pub rotate_refresh_tokens: bool,
    /// Whether the callback and the token answer carry `subdomain`.
    pub tell_subdomain: bool,
    /// Requests that a token may make in a second; `None` means any number.
    pub rate_per_second: Option<u32>,
    /// Requests that a token may make in an hour; `None` means any number.
    pub rate_per_hour: Option<u32>,
    /// Whether a custom item that a crew has nothing chosen for is shown with `value: null`
    /// instead of having no entry. Both are possible at SmartHR.
    pub null_for_unset_items: bool,
    /// Whether reports to webhooks are sent as time passes, or only when the control plane asks for it.
    pub deliver_by_itself: bool,
    /// Whether webhooks may be at private addresses, which SmartHR refuses.
    pub private_webhooks: bool,
    /// How often a report to a webhook is tried before the webhook is disabled: SmartHR's sandbox tries 5 times.
    pub webhook_tries: u32,
    /// How many reports are sent to webhooks at the same time.
    pub reports_at_once: usize,
    /// Whether the resignation date that retires a person at 01:00 is reported. SmartHR does not say.
    pub report_retirements: bool,
    /// A file holding a number of seconds that are added to the system clock.
    pub clock_offset_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client_id: "kitera-client".to_owned(),
            client_secret: "kitera-secret".to_owned(),
            redirect_uris: Vec::new(),
            access_token_seconds: 7200,
            rotate_refresh_tokens: true,
            tell_subdomain: true,
            rate_per_second: Some(10),
            rate_per_hour: Some(5000),
            null_for_unset_items: false,
            deliver_by_itself: true,
            private_webhooks: false,
            webhook_tries: 17,
            reports_at_once: 1,
            report_retirements: false,
            clock_offset_file: None,
        }
    }
}
