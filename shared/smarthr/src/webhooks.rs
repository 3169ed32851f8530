//! Our webhook in a company's SmartHR: the address at which SmartHR reports that people changed.

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::error::SmartHrError;
use crate::session::Session;

const WEBHOOKS: &str = "webhooks";

/// What an admin reads beside the address in SmartHR's list of webhooks.
const DESCRIPTION: &str = "KiteRa 即時反映";

/// A webhook as SmartHR shows it: never with its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// SmartHR's id of the webhook.
    pub id: String,
    /// The address that SmartHR calls; webhooks of other apps may have none.
    #[serde(default)]
    pub url: Option<String>,
    /// The time at which SmartHR stopped to call the address, as SmartHR writes it; `None` while it calls it.
    #[serde(default)]
    pub disabled_at: Option<String>,
}

impl Webhook {
    /// Returns whether SmartHR calls the address.
    pub fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }
}

impl Session {
    /// Returns all webhooks of the company, those of other apps included as far as SmartHR shows them.
    ///
    /// # Errors
    /// [`SmartHrError::Forbidden`] when we have no right to webhooks, and others when SmartHR does not answer.
    pub async fn webhooks(&self, deadline: Instant) -> Result<Vec<Webhook>, SmartHrError> {
        self.list(&["v1", WEBHOOKS], "webhooks", deadline).await
    }

    /// Returns one webhook; `None` when SmartHR has none with this id.
    ///
    /// # Errors
    /// As [`Session::webhooks`].
    pub async fn webhook(
        &self,
        id: &str,
        deadline: Instant,
    ) -> Result<Option<Webhook>, SmartHrError> {
        let url = self.url(&["v1", WEBHOOKS, id]);
        match self.get::<Webhook>(&url, "a webhook", deadline).await {
            Ok((webhook, _)) => Ok(Some(webhook)),
            Err(SmartHrError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Registers a webhook for what happens to people, which SmartHR calls with their ids only and with `secret` in the
    /// header `X-SmartHR-Token`. Repeated only when SmartHR certainly did not register it.
    ///
    /// # Errors
    /// As [`Session::webhooks`]. After a transient error the webhook may exist all the same.
    pub async fn create_webhook(
        &self,
        address: &str,
        secret: &SecretString,
        deadline: Instant,
    ) -> Result<Webhook, SmartHrError> {
        let mut body = events();
        body["url"] = address.into();
        body["description"] = DESCRIPTION.into();
        body["expose_only_id"] = true.into();
        // Nobody but us changes it: a webhook that was switched off there would be a silent outage.
        body["access_type"] = "read_and_update_only_origin".into();
        body["secret_token"] = secret.expose_secret().into();
        let url = self.url(&["v1", WEBHOOKS]);
        let answer = self.write(Method::POST, &url, &body, deadline).await?;
        answer.json("a webhook")
    }

    /// Lets SmartHR call a webhook again that it disabled, and returns the webhook as it is then.
    ///
    /// # Errors
    /// As [`Session::webhooks`], and [`SmartHrError::NotFound`].
    pub async fn enable_webhook(
        &self,
        id: &str,
        deadline: Instant,
    ) -> Result<Webhook, SmartHrError> {
        let mut body = events();
        body["disabled_at"] = Value::Null;
        let url = self.url(&["v1", WEBHOOKS, id]);
        let answer = self.write(Method::PATCH, &url, &body, deadline).await?;
        answer.json("a webhook")
    }

    /// Deletes a webhook. Succeeds when there is none with this id.
    ///
    /// # Errors
    /// As [`Session::webhooks`].
    pub async fn delete_webhook(&self, id: &str, deadline: Instant) -> Result<(), SmartHrError> {
        self.delete(&self.url(&["v1", WEBHOOKS, id]), deadline)
            .await
    }
}

/// Returns the eight kinds of events, all of which SmartHR requires in every write: ours are those of people.
fn events() -> Value {
    json!({
        "crew_created": true,
        "crew_updated": true,
        "crew_deleted": true,
        "crew_imported": true,
        "dependent_created": false,
        "dependent_updated": false,
        "dependent_deleted": false,
        "dependent_imported": false,
    })
}
