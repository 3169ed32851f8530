//! The page with new recovery codes, which is shown once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use credentials::RecoveryCodes;
use secrecy::ExposeSecret;
use web::html_page;

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct Page<'a> {
    heading: &'a str,
    name: &'a str,
    codes: Vec<&'a str>,
}

/// Shows new recovery codes to the user of this name.
pub(super) fn recovery_codes_page(heading: &str, name: &str, new: &RecoveryCodes) -> Response {
    let codes = new.codes().iter().map(ExposeSecret::expose_secret);
    let page = Page {
        heading,
        name,
        codes: codes.collect(),
    };
    html_page(StatusCode::OK, &page)
}
