//! Where somebody wanted to go who has to sign in first.

use axum::http::{Method, Uri};
use axum::response::Redirect;
use url::Url;
use url::form_urlencoded::Serializer;

/// The path and query of a page of ours. Nothing else can be parsed to one, so that the redirect after
/// signing in leads to no other site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Parses a path as a browser would resolve it; `None` if it leads elsewhere, or to no page.
    pub fn parse(text: &str) -> Option<Self> {
        let ours = Url::parse("https://ours.invalid").ok()?;
        let url = ours.join(text).ok().filter(|_| text.starts_with('/'))?;
        let path = url.path();
        // "/.//elsewhere.example" resolves to a path that begins with two slashes.
        let is_page = !path.starts_with("//")
            && !["/api/", "/sign-in", "/sign-out"]
                .iter()
                .any(|other| path.starts_with(other));
        if url.origin() != ours.origin() || !url.username().is_empty() || !is_page {
            return None;
        }
        let query = url
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        Some(Self(format!("{path}{query}")))
    }

    /// Returns the path and query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the address of a page that leads here when it is done.
    pub fn after(&self, page: &str) -> String {
        let query = Serializer::new(String::new())
            .append_pair("return_to", &self.0)
            .finish();
        format!("{page}?{query}")
    }
}

/// Returns the redirect of a browser that is not signed in: to the sign-in page, which leads back to the
/// page that was asked for. A form is not sent again.
pub fn to_sign_in(method: &Method, uri: &Uri) -> Redirect {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let back = Some("/")
        .filter(|_| method != Method::GET)
        .unwrap_or(wanted);
    Redirect::to(&ReturnPath(back.to_owned()).after("/sign-in"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_of_ours_is_kept_with_its_query() {
        for path in [
            "/",
            "/users?q=%E7%94%B0&after=usr_1",
            "/settings/smarthr/history/run_1",
        ] {
            assert_eq!(ReturnPath::parse(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn no_text_leads_to_another_site() {
        for text in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/%2e//evil.example",
            "javascript:alert(1)",
            "evil.example",
            "@evil.example",
            "",
            "/sign-in?return_to=/",
            "/api/v1/session",
        ] {
            assert_eq!(ReturnPath::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_parsed_stays_on_this_site(text in "[/\\\\.@:a-z?#%\t\n ]{0,12}") {
            if let Some(path) = ReturnPath::parse(&text) {
                let page = Url::parse("https://ours.invalid/sign-in").unwrap();
                let target = page.join(path.as_str()).unwrap();
                prop_assert_eq!(target.host_str(), Some("ours.invalid"));
                prop_assert_eq!(ReturnPath::parse(path.as_str()), Some(path));
            }
        }
    }
}
