//! What stands in the place of a run or a preview that was asked for and has not begun yet.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use web::{Frame, html_page};

use crate::pages::gate::Visitor;
use crate::start_run::may_still_begin;

#[derive(Template)]
#[template(path = "waiting.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
    /// The run that is under way; this one begins when that ends.
    other: Option<String>,
}

/// The query of a page that one is led to by [今すぐ同期] or [プレビュー].
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    asked: String,
}

impl Asked {
    /// The page to wait on, if this run may still begin; `other` is the run that it waits for.
    pub(crate) fn waiting(
        &self,
        visitor: &Visitor,
        (here, heading): (&'static str, &'static str),
        other: Option<String>,
        run_id: &str,
        now: Timestamp,
    ) -> Option<Response> {
        if self.asked.is_empty() || !may_still_begin(run_id, now) {
            return None;
        }
        let frame = visitor.frame(here);
        let page = Page {
            frame,
            heading,
            other,
        };
        Some(html_page(StatusCode::OK, &page))
    }
}
