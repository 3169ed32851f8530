//! The page of a run or a preview that was asked for and has not begun yet.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use web::{Frame, html_page};

use crate::api::runs::start::may_still_begin;
use crate::auth::page::SignedInUser;

#[derive(Template)]
#[template(path = "waiting.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
    /// The run that is under way; this one begins when that ends.
    other: Option<String>,
}

/// The query of the page that [今すぐ同期] and [プレビュー] lead to.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct WaitingQuery {
    asked: String,
}

impl WaitingQuery {
    /// Returns the page to wait on, if this run may still begin; `other` is the run that it waits for.
    pub(crate) fn page(
        &self,
        admin: &SignedInUser,
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
