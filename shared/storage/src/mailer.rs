//! The mailer: SES.

use std::time::Duration;

use aws_sdk_ses::Client;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{MessageTag, RawMessage};
use aws_types::SdkConfig;

use crate::error::StoreError;

/// The longest that an attempt may take. SES takes a mail within a second. A mail that it takes later goes out twice,
/// so it is given time.
const ATTEMPT: Duration = Duration::from_secs(10);

/// Why SES did not accept a mail.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// SES rejects the message or a recipient for good.
    #[error("SES rejects the message: {0}")]
    Rejected(String),
    /// The account has used up its mails for this second.
    #[error("SES accepts no more mails for now: {0}")]
    Throttled(String),
    /// The account has used up its mails of 24 hours.
    #[error("SES accepts no more mails today: {0}")]
    QuotaUsedUp(String),
    /// SES may accept it later. It may also have accepted it, and only the answer was lost.
    #[error(transparent)]
    Later(#[from] StoreError),
}

/// How many mails the account may send in 24 hours, and has sent in the last ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SendingQuota {
    /// The most in any 24 hours; `None` if there is no limit.
    pub most: Option<f64>,
    /// Those sent in the last 24 hours, by everything in the account.
    pub sent: f64,
}

impl SendingQuota {
    /// Returns the part that was used, in percent.
    pub fn percent_used(&self) -> f64 {
        self.most
            .map_or(0.0, |most| 100.0 * self.sent / most.max(1.0))
    }
}

/// Sends mails through SES.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    configuration_set: Option<String>,
}

impl Mailer {
    /// Creates a mailer. `SES_CONFIGURATION_SET` names the configuration set that publishes bounces and
    /// complaints; empty means none. The SDK does not retry, because a retry after a lost answer would
    /// send the mail twice; the queue does.
    pub fn from_env(sdk: &SdkConfig) -> Self {
        let config = aws_sdk_ses::config::Builder::from(sdk)
            .retry_config(aws_sdk_ses::config::retry::RetryConfig::disabled())
            .interceptor(lambda::aws_requests::SES)
            .timeout_config(lambda::sdk::timeouts(ATTEMPT))
            .build();
        Self {
            client: Client::from_conf(config),
            configuration_set: std::env::var("SES_CONFIGURATION_SET")
                .ok()
                .filter(|name| !name.is_empty()),
        }
    }

    /// Returns the account's quota. SES answers this once a second.
    ///
    /// # Errors
    /// [`StoreError`] when SES does not answer.
    pub async fn quota(&self) -> Result<SendingQuota, StoreError> {
        let asked = self.client.get_send_quota().send().await;
        let quota = asked.map_err(StoreError::from_sdk("GetSendQuota"))?;
        Ok(SendingQuota {
            // Amazon SES API Reference, `GetSendQuota`: -1 means no limit.
            most: Some(quota.max24_hour_send).filter(|most| *most >= 0.0),
            sent: quota.sent_last24_hours,
        })
    }

    /// Sends one MIME message to at most 50 recipients, and returns SES's message id. SES repeats `tags`
    /// (letters, digits, `-` and `_`) in events about the mail; recipients do not see them.
    ///
    /// # Errors
    /// [`MailError`], which names no address.
    pub async fn send(
        &self,
        from: &str,
        to: &[String],
        message: Vec<u8>,
        tags: &[(&str, String)],
    ) -> Result<String, MailError> {
        let tags = tags
            .iter()
            .map(|(name, value)| MessageTag::builder().name(*name).value(value).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(StoreError::invalid_request)?;
        let raw = RawMessage::builder()
            .data(Blob::new(message))
            .build()
            .map_err(StoreError::invalid_request)?;
        let answer = self
            .client
            .send_raw_email()
            .source(from)
            .set_destinations(Some(to.to_vec()))
            .set_configuration_set_name(self.configuration_set.clone())
            .raw_message(raw)
            .set_tags(Some(tags))
            .send()
            .await
            .map_err(StoreError::from_sdk("SendRawEmail"))
            .map_err(StoreError::without_addresses);
        match answer {
            Ok(answer) => Ok(answer.message_id),
            Err(StoreError::Unavailable { code, message, .. })
                if concerns_the_message(&code, &message) =>
            {
                Err(MailError::Rejected(message))
            }
            Err(StoreError::Unavailable { code, message, .. })
                if matches!(code.as_str(), "Throttling" | "ThrottlingException") =>
            {
                // Amazon SES Developer Guide, "Errors related to the sending quotas for your Amazon SES account".
                Err(if message.contains("quota") {
                    MailError::QuotaUsedUp(message)
                } else {
                    MailError::Throttled(message)
                })
            }
            Err(error) => Err(MailError::Later(error)),
        }
    }
}

/// Returns whether SES refuses this message, and not every one of the account. `MessageRejected` is also
/// the code when the sender's domain is not verified, the account is limited to verified addresses, or
/// AWS has paused its sending (Amazon SES Developer Guide, "Amazon SES email sending errors"): then the
/// mail waits.
fn concerns_the_message(code: &str, message: &str) -> bool {
    const OF_THE_ACCOUNT: [&str; 3] = ["not verified", "paused", "suspended"];
    match code {
        "InvalidParameterValue" => true,
        "MessageRejected" => !OF_THE_ACCOUNT.iter().any(|word| message.contains(word)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_that_concerns_the_account_is_no_rejection_of_the_message() {
        for (code, message, rejected) in [
            (
                "MessageRejected",
                "Transaction failed: Duplicate header 'From'.",
                true,
            ),
            ("MessageRejected", "Sending paused for this account.", false),
            ("MessageRejected", "Email address is not verified.", false),
            (
                "InvalidParameterValue",
                "Local address contains control or whitespace",
                true,
            ),
            ("Throttling", "Maximum sending rate exceeded.", false),
        ] {
            assert_eq!(concerns_the_message(code, message), rejected, "{message}");
        }
    }
}
