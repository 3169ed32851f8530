//! The page that leads to another site.

use askama::Template;

/// The page that leads to another site. A form that ends in a redirect there would be stopped by our own policy
/// (`form-action`), which browsers also apply to wherever that site redirects in turn: SmartHR leads people of some
/// companies to their identity provider first.
#[derive(Debug, Template)]
#[template(path = "leave.html")]
pub struct LeavePage<'a> {
    /// The title of the page.
    pub title: &'a str,
    /// The heading, which says where the browser is going.
    pub heading: &'a str,
    /// The text of the link, for browsers that do not go by themselves.
    pub link: &'a str,
    /// The address there.
    pub url: &'a str,
}
