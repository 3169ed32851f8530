//! SES: mails go out.

use aws_sdk_ses::Client;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{MessageTag, RawMessage};
use aws_types::SdkConfig;

use crate::error::StoreError;
use lambda::aws_requests;

/// Why SES did not take a mail.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// SES will never take it: the message or the address is refused.
    #[error("SES rejects the message: {0}")]
    Rejected(String),
    /// SES did not take it: the account's mails for this second, or for this day, are used up.
    #[error("SES takes no more mails for now: {0}")]
    Throttled(String),
    /// SES may take it later. It may also have taken it, and only its answer was lost.
    #[error(transparent)]
    Later(#[from] StoreError),
}

/// Sends mails.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    configuration_set: Option<String>,
}

impl Mailer {
    /// `SES_CONFIGURATION_SET` names where bounces and complaints are told; empty means nowhere.
    ///
    /// The SDK does not retry: a lost answer would send the mail again. The queue does.
    pub fn from_env(sdk: &SdkConfig) -> Self {
        let config = aws_sdk_ses::config::Builder::from(sdk)
            .retry_config(aws_sdk_ses::config::retry::RetryConfig::disabled())
            .interceptor(aws_requests::SES)
            .build();
        Self {
            client: Client::from_conf(config),
            configuration_set: std::env::var("SES_CONFIGURATION_SET")
                .ok()
                .filter(|name| !name.is_empty()),
        }
    }

    /// Sends one message as it is to at most 50 recipients; gives SES's message id. `tags` (letters,
    /// digits, `-` and `_`) come back with what SES tells of it, nobody who gets it sees them.
    ///
    /// # Errors
    /// [`MailError::Rejected`] when trying again is of no use. No error names an address.
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
            .map_err(crate::commit::invalid_request)?;
        let raw = RawMessage::builder()
            .data(Blob::new(message))
            .build()
            .map_err(crate::commit::invalid_request)?;
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
                if is_of_the_message(&code, &message) =>
            {
                Err(MailError::Rejected(message))
            }
            Err(StoreError::Unavailable { code, message, .. })
                if matches!(code.as_str(), "Throttling" | "ThrottlingException") =>
            {
                Err(MailError::Throttled(message))
            }
            Err(error) => Err(MailError::Later(error)),
        }
    }
}

/// Whether SES refuses this message, and not all of the account's. It says `MessageRejected` as well where the
/// sender's domain is not verified (any more), the account may write to verified addresses only, or AWS has
/// paused its sending (Amazon SES Developer Guide, "Amazon SES email sending errors"): then the mail waits.
fn is_of_the_message(code: &str, message: &str) -> bool {
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
    fn what_ses_refuses_of_the_whole_account_is_tried_again() {
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
            assert_eq!(is_of_the_message(code, message), rejected, "{message}");
        }
    }
}
