//! The page of a requested run or preview that has not begun.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use web::{Frame, html_page};

use crate::api::runs::start::may_still_begin;
use crate::auth::page::PageUser;

#[derive(Template)]
#[template(path = "waiting.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
    /// The id of the run under way; the requested run begins when that ends.
    other: Option<String>,
}

/// The query of the page that [今すぐ同期] and [プレビュー] redirect to.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct WaitingQuery {
    asked: String,
}

impl WaitingQuery {
    /// Returns the waiting page if this run may still begin; `other` is the run under way that it waits
    /// for.
    pub(crate) fn page(
        &self,
        admin: &PageUser,
        (here, heading): (&'static str, &'static str),
        other: Option<String>,
        run_id: &str,
        now: Timestamp,
    ) -> Option<Response> {
        if self.asked.is_empty() || !may_still_begin(run_id, now) {
            return None;
        }
        let frame = admin.frame(here);
        let page = Page {
            frame,
            heading,
            other,
        };
        Some(html_page(StatusCode::OK, &page))
    }
}
