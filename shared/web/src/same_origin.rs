//! Checks that a form was sent from a page of ours. A browser that is not signed in has no CSRF token,
//! and still no foreign page may sign it in or use up an invitation.

use axum::http::{HeaderMap, StatusCode, header};
use url::{Origin, Url};

use crate::problem::Problem;

/// The origin of our pages: scheme, host and port of `PUBLIC_BASE_URL`.
#[derive(Clone, Debug)]
pub struct PublicOrigin(Origin);

impl PublicOrigin {
    /// Returns the origin of a URL, such as `https://app.kitera.example`.
    ///
    /// # Errors
    /// When the text is not a URL.
    pub fn of(public_base_url: &str) -> Result<Self, url::ParseError> {
        Url::parse(public_base_url).map(|url| Self(url.origin()))
    }

    fn is(&self, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|url| url.origin() == self.0)
    }
}

/// Accepts a form that a page of ours sent. Browsers name the sending page in `Origin`, newer ones in
/// `Sec-Fetch-Site` as well: neither may speak of another site. `Origin: null` says nothing, which only
/// `Sec-Fetch-Site` makes up for. A request with neither header does not come from a browser that could be
/// tricked.
///
/// # Errors
/// The 403 `foreign_origin` for a form of another site's page.
pub fn check_same_origin(ours: &PublicOrigin, headers: &HeaderMap) -> Result<(), Problem> {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (site, origin) = (value("sec-fetch-site"), value(header::ORIGIN.as_str()));
    // "none": typed into the address bar, from where no form can be sent.
    let is_our_site = site.is_none_or(|site| site == "same-origin" || site == "none");
    let is_our_origin = match origin {
        None => true,
        Some("null") => site.is_some(),
        Some(origin) => ours.is(origin),
    };
    let allowed = is_our_site && is_our_origin;
    if allowed {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        "この操作は、KiteRaの画面から行ってください。",
    ))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn is_allowed(sent: &[(&'static str, &'static str)]) -> bool {
        let ours = PublicOrigin::of("https://app.kitera.example").unwrap();
        let header = |(name, value): &(&'static str, &'static str)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        };
        check_same_origin(&ours, &sent.iter().map(header).collect()).is_ok()
    }

    #[test]
    fn only_a_form_of_our_own_page_or_a_program_that_is_no_browser_goes_through() {
        for (sent, allowed) in [
            (&[("origin", "https://app.kitera.example")][..], true),
            (&[("origin", "https://app.kitera.example:443")], true),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "null")],
                true,
            ),
            (&[], true),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://app.kitera.example")], false),
            (&[("origin", "null")], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "https://evil.example"),
                ],
                false,
            ),
            (
                &[("sec-fetch-site", "cross-site"), ("origin", "null")],
                false,
            ),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
        ] {
            assert_eq!(is_allowed(sent), allowed, "{sent:?}");
        }
    }
}
