//! Authenticators that are plugged into the computer, by WebDriver's extension of WebAuthn.

use reqwest::Method;
use serde_json::{Value, json};

use crate::chrome::Chrome;

/// An authenticator of a browser.
#[derive(Debug)]
pub struct VirtualAuthenticator(String);

impl Chrome {
    /// Plugs in an authenticator, which verifies the user or cannot.
    pub async fn plug_in_authenticator(&self, verifies_user: bool) -> VirtualAuthenticator {
        let options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": verifies_user,
            "isUserConsenting": true,
            "isUserVerified": verifies_user,
        });
        let answer = self
            .webauthn(Method::POST, "authenticator", Some(options))
            .await;
        VirtualAuthenticator(answer["value"].as_str().unwrap().to_owned())
    }

    /// Takes an authenticator away.
    pub async fn unplug(&self, authenticator: VirtualAuthenticator) {
        let path = format!("authenticator/{}", authenticator.0);
        self.webauthn(Method::DELETE, &path, None).await;
    }

    async fn webauthn(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let session = self.driver.session.as_ref().unwrap();
        let url = format!("{}/session/{session}/webauthn/{path}", self.driver.url());
        let mut request = reqwest::Client::new().request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{text}");
        serde_json::from_str(&text).unwrap()
    }
}
