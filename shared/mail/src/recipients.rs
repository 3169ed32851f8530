//! The recipients of a mail.

use crate::mime::MailError;

/// The greatest number of recipients of a mail (SES: "The message may not include more than 50
/// recipients").
pub const MAX_RECIPIENTS: usize = 50;

/// Splits the recipients into batches of at most [`MAX_RECIPIENTS`], with every address once.
pub fn recipient_batches(recipients: &[String]) -> Vec<Vec<String>> {
    let mut different: Vec<String> = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        if !different.contains(recipient) {
            different.push(recipient.clone());
        }
    }
    different
        .chunks(MAX_RECIPIENTS)
        .map(<[String]>::to_vec)
        .collect()
}

/// Checks that an address is a bare e-mail address. It is refused rather than repaired: a repaired
/// address may be another person's.
pub(crate) fn checked_address(address: &str) -> Result<&str, MailError> {
    let has_two_parts = address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    let fits_header = |c: char| c.is_ascii_graphic() && !"()<>[]:;,\\\"".contains(c);
    if has_two_parts && address.chars().all(fits_header) {
        Ok(address)
    } else {
        Err(MailError::Address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_recipients_are_split_and_each_gets_one_mail() {
        let mut recipients: Vec<String> = (0..101).map(|n| format!("{n}@example.com")).collect();
        recipients.push("0@example.com".into());
        let sizes = recipient_batches(&recipients)
            .into_iter()
            .map(|batch| batch.len());
        assert_eq!(sizes.collect::<Vec<_>>(), [50, 50, 1]);
        assert!(recipient_batches(&[]).is_empty());
    }
}
