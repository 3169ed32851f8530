//! The pages of the console that remedies of failures lead to.

use domain::Failure;
use domain::causes::general_cause;
use domain::report::STILL_ENTERS;

/// The path of the page ドメイン制限.
pub const ALLOWED_DOMAINS: &str = "/settings/allowed-domains";
/// The path of the page ご契約.
pub const CONTRACT: &str = "/settings/contract";
/// The path of the page 関連企業管理.
pub const RELATED_COMPANIES: &str = "/settings/related-companies";

/// A page on which an admin does what a remedy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemedyPage {
    /// The path of the page.
    pub path: &'static str,
    /// The words of the link.
    pub link: &'static str,
}

/// Returns the page on which an admin does something about a 原因 of one person's failure or warning; `None` if it is
/// done elsewhere, mostly in SmartHR.
pub fn remedy_page(cause: &str) -> Option<RemedyPage> {
    if cause == STILL_ENTERS {
        return Some(RemedyPage {
            path: RELATED_COMPANIES,
            link: "関連企業管理",
        });
    }
    let pages = [
        (
            Failure::DomainNotAllowed {
                domain: String::new(),
            },
            ALLOWED_DOMAINS,
            "ドメイン制限",
        ),
        (Failure::SeatsExceeded { seats: 0 }, CONTRACT, "ご契約"),
        (
            Failure::SsoNotConfigured,
            "/settings/single-sign-on",
            "シングルサインオン(SSO)",
        ),
    ];
    let (_, path, link) = pages
        .into_iter()
        .find(|(failure, ..)| general_cause(&failure.cause()) == general_cause(cause))?;
    Some(RemedyPage { path, link })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_leads_to_the_page_of_its_remedy_whatever_ones_own_values_are() {
        let failure = Failure::DomainNotAllowed {
            domain: "other.example".into(),
        };
        let page = remedy_page(&failure.cause()).unwrap();
        assert_eq!(page.path, ALLOWED_DOMAINS);
        let page = remedy_page(STILL_ENTERS).unwrap();
        assert_eq!(page.path, RELATED_COMPANIES);
        assert_eq!(remedy_page(&Failure::NoName.cause()), None);
    }
}
