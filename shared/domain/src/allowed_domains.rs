//! 許可ドメイン: the domains that new addresses of a workspace may have, as an admin types them.

use crate::EmailAddress;
use crate::text::visible;

/// The largest number of allowed domains of a workspace (product rule).
pub const MOST_DOMAINS: usize = 10;

/// Why a list of allowed domains is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainsError {
    /// There are more than [`MOST_DOMAINS`].
    TooMany(usize),
    /// A text is an e-mail address, and no domain.
    Address(String),
    /// A text stands for many domains.
    Wildcard(String),
    /// A text is no domain.
    NotADomain(String),
}

impl DomainsError {
    /// Returns the sentence that the admin reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::TooMany(typed) => format!(
                "許可ドメインは{MOST_DOMAINS}件まで登録できます({typed}件が入力されています)。"
            ),
            Self::Address(typed) => format!(
                "「{typed}」はメールアドレスです。@より後ろのドメインだけを入力してください。"
            ),
            Self::Wildcard(typed) => format!(
                "「{typed}」は登録できません。「*」は使用できないため、サブドメインは1件ずつ入力してください。"
            ),
            Self::NotADomain(typed) => format!(
                "「{typed}」はドメインとして正しくありません。「example.co.jp」のように、@より後ろの部分を入力してください。"
            ),
        }
    }
}

/// Returns the domain that somebody typed, in ASCII (RFC 5891) and lower case, as
/// [`EmailAddress::domain`] has it. An `@` before it is left out.
///
/// # Errors
/// [`DomainsError`] when the text is not a domain name.
pub fn parse_domain(text: &str) -> Result<String, DomainsError> {
    let seen = visible(text).unwrap_or_default();
    let domain = seen.strip_prefix(['@', '＠']).unwrap_or(&seen).trim();
    if domain.contains(['@', '＠']) {
        return Err(DomainsError::Address(seen));
    }
    if domain.contains('*') {
        return Err(DomainsError::Wildcard(seen));
    }
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    EmailAddress::parse(&format!("a@{domain}"))
        .map(|address| address.domain())
        // The end of a domain is no number: that would be an IP address.
        .filter(|domain| !domain.rsplit('.').next().is_some_and(is_number))
        .ok_or(DomainsError::NotADomain(seen))
}

/// Returns the domains that somebody typed, each once, in the order in which they were typed.
///
/// # Errors
/// [`DomainsError`] of the first text that is not a domain name, or when there are too many.
pub fn parse_domains<'a>(
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<String>, DomainsError> {
    let mut domains = Vec::new();
    for text in texts {
        let domain = parse_domain(text)?;
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    if domains.len() > MOST_DOMAINS {
        return Err(DomainsError::TooMany(domains.len()));
    }
    Ok(domains)
}

/// Returns a domain as people read it: with its own letters, where they lead back to the same domain.
pub fn domain_to_show(domain: &str) -> String {
    let (shown, readable) = idna::domain_to_unicode(domain);
    if readable.is_ok() && parse_domain(&shown).as_deref() == Ok(domain) {
        return shown;
    }
    domain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_kept_as_addresses_have_it_however_it_is_typed() {
        for (typed, kept) in [
            ("Example.CO.jp", "example.co.jp"),
            ("@example.jp", "example.jp"),
            ("＠ｅｘａｍｐｌｅ。jp", "example.jp"),
            (" sub.example.jp\u{200b} ", "sub.example.jp"),
            ("日本語.jp", "xn--wgv71a119e.jp"),
        ] {
            assert_eq!(parse_domain(typed).as_deref(), Ok(kept), "{typed}");
        }
        assert_eq!(domain_to_show("xn--wgv71a119e.jp"), "日本語.jp");
        assert_eq!(domain_to_show("example.jp"), "example.jp");
        assert_eq!(domain_to_show("xn--zzzzzz99.jp"), "xn--zzzzzz99.jp");
    }

    #[test]
    fn what_is_no_domain_is_refused_with_what_to_type_instead() {
        for (typed, said) in [
            ("taro@example.jp", "はメールアドレスです"),
            ("*.example.jp", "サブドメインは1件ずつ"),
            ("https://example.jp/", "ドメインとして正しくありません"),
            ("example", "ドメインとして正しくありません"),
            ("exa mple.jp", "ドメインとして正しくありません"),
            ("192.0.2.1", "ドメインとして正しくありません"),
            ("@", "ドメインとして正しくありません"),
        ] {
            let refused = parse_domain(typed).unwrap_err().sentence();
            assert!(
                refused.contains(said) && refused.contains(typed),
                "{refused}"
            );
        }
    }

    #[test]
    fn ten_different_domains_are_the_most() {
        let typed: Vec<String> = (0..10).map(|it| format!("d{it}.example")).collect();
        let mut texts: Vec<&str> = typed.iter().map(String::as_str).collect();
        texts.push("@D0.example");
        assert_eq!(parse_domains(texts.iter().copied()).unwrap().len(), 10);
        texts.push("another.example");
        let refused = parse_domains(texts).unwrap_err();
        assert_eq!(refused, DomainsError::TooMany(11));
    }
}
