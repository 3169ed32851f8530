//! The page for those whose role does not allow what the address is about.

use askama::Template;
use web::Frame;

/// 403
#[derive(Template)]
#[template(path = "forbidden.html")]
pub(crate) struct Forbidden {
    pub(crate) frame: Frame,
}
