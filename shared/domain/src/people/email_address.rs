//! E-mail addresses, checked when they are parsed.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::host_label::is_host_label;
use crate::text::visible;

/// A well-formed e-mail address, kept as it was written.
///
/// Two addresses that differ in case only are the same to KiteRa (compare [`EmailAddress::key`]),
/// while mails go to the address as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(Box<str>);

impl EmailAddress {
    /// Parses an address as a person typed it; `None` if it is malformed. Invisible characters are left out,
    /// and a domain of other letters becomes ASCII (RFC 5891).
    ///
    /// The grammar is the one that browsers use for `<input type=email>` (HTML Living Standard
    /// §4.10.5.1.5). It accepts the addresses with odd dots that Japanese mobile carriers issued.
    /// In addition the domain must have a dot, and the lengths of RFC 5321 §4.5.3.1 apply.
    pub fn parse(text: &str) -> Option<Self> {
        let text = visible(text)?;
        Self::well_formed(&Self::with_ascii_domain(&text)).map(|text| Self(text.into()))
    }

    /// Returns `text` with the domain after its `@` in ASCII (RFC 5891), or as it is if it has no such form.
    pub fn with_ascii_domain(text: &str) -> Cow<'_, str> {
        match text.rsplit_once('@') {
            Some((local, domain)) if !domain.is_ascii() => match idna::domain_to_ascii(domain) {
                Ok(domain) => Cow::Owned(format!("{local}@{domain}")),
                Err(_) => Cow::Borrowed(text),
            },
            _ => Cow::Borrowed(text),
        }
    }

    /// As [`EmailAddress::parse`], but returns the part of `text` that is the address.
    pub(crate) fn well_formed(text: &str) -> Option<&str> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
        let domain_ok = domain.contains('.') && domain.split('.').all(is_host_label);
        (local_ok && domain_ok && text.len() <= 254).then_some(text)
    }

    /// Returns the address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the address in lower case, by which addresses are unique.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Returns the part after the `@`, in lower case.
    pub fn domain(&self) -> String {
        Self::domain_of(&self.0)
    }

    pub(crate) fn domain_of(address: &str) -> String {
        address
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_ascii_lowercase())
            .unwrap_or_default()
    }

    /// Returns whether `address` is the same, ignoring case.
    pub(crate) fn is(&self, address: &str) -> bool {
        self.0.eq_ignore_ascii_case(address)
    }
}

/// Compares without regard to case: it is one address, and nobody is mailed about another case.
impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for EmailAddress {}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_and_carrier_addresses_are_well_formed() {
        for address in [
            "taro@example.co.jp",
            " taro+kitera@sub.example.jp ",
            "ta..ro.@docomo.ne.jp",
            "o'neill@example.com",
        ] {
            assert!(EmailAddress::parse(address).is_some(), "{address}");
        }
    }

    #[test]
    fn what_no_mail_server_takes_is_malformed() {
        for address in [
            "",
            "taro",
            "taro@",
            "@example.jp",
            "taro@example",
            "taro@@example.jp",
            "ta ro@example.jp",
            "taro@exa_mple.jp",
            "taro@-example.jp",
            "太郎@example.jp",
            "taro@example.jp,jiro@example.jp",
            "taro@example..jp",
            "taro＠example.jp",
            "taro@example.jp\r\nBcc: x@example.jp",
        ] {
            assert!(EmailAddress::parse(address).is_none(), "{address}");
        }
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_an_address_and_its_domain_is_in_ascii() {
        for (text, address) in [
            ("\u{202a}hanako@example.jp\u{202c}", "hanako@example.jp"),
            ("hanako@exam\u{200b}ple.jp\u{3164}", "hanako@example.jp"),
            ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
            ("taro@ｅｘａｍｐｌｅ。jp", "taro@example.jp"),
        ] {
            let parsed = EmailAddress::parse(text).unwrap();
            assert_eq!(parsed.as_str(), address);
        }
    }

    #[test]
    fn addresses_that_differ_in_case_only_have_the_same_key() {
        let upper = EmailAddress::parse("Taro@Example.JP").unwrap();
        let lower = EmailAddress::parse("taro@example.jp").unwrap();
        assert_eq!(upper.key(), lower.key());
        assert_eq!(upper.domain(), "example.jp");
        assert_eq!(upper, lower);
    }
}
