//! The recipients of a mail.

use std::borrow::Cow;

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

/// Returns an address as SMTP has it (RFC 5321, section 4.1.2): with quotes around a local part that begins or ends
/// with a dot, or has two in a row, as those do that Japanese mobile carriers issued.
pub fn smtp_mailbox(address: &str) -> Cow<'_, str> {
    match address.rsplit_once('@') {
        Some((local, domain)) if local.split('.').any(str::is_empty) => {
            Cow::Owned(format!("\"{local}\"@{domain}"))
        }
        _ => Cow::Borrowed(address),
    }
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
    use domain::EmailAddress;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_accepted_as_an_address_can_be_handed_to_ses(
            local in "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u{200B}-]{1,20}",
            domain in "[a-z日本。．]{1,6}[.。][a-z]{2,3}",
        ) {
            if let Some(email) = EmailAddress::parse(&format!("{local}@{domain}")) {
                let address = checked_address(email.as_str()).expect("a bare address");
                let mailbox = smtp_mailbox(address);
                let (local, domain) = mailbox.rsplit_once('@').expect("two parts");
                let quoted = local.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                prop_assert!(quoted.is_some() || local.split('.').all(|atom| !atom.is_empty()));
                prop_assert_eq!(format!("{}@{domain}", quoted.unwrap_or(local)), email.as_str());
                prop_assert!(mailbox.is_ascii());
            }
        }
    }

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
