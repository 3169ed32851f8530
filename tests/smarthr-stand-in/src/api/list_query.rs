//! Paged lists, with the headers `Link` and `x-total-count`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri, Query};
use axum::http::header::{HOST, LINK};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::error::ApiError;
use crate::state::SmartHr;

const DEFAULT_PER_PAGE: usize = 10;
const MAX_PER_PAGE: usize = 100;

/// The query of a list: which page, and the other parameters.
pub(crate) struct ListQuery {
    query: BTreeMap<String, String>,
    address: String,
    page: usize,
    per_page: usize,
}

impl FromRequestParts<SmartHr> for ListQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, smarthr: &SmartHr) -> Result<Self, ApiError> {
        let Query(query) =
            Query::<BTreeMap<String, String>>::from_request_parts(parts, smarthr).await?;
        let Ok(OriginalUri(uri)) = OriginalUri::from_request_parts(parts, smarthr).await;
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        Ok(Self {
            address: format!("http://{}{}", host.unwrap_or("localhost"), uri.path()),
            page: positive(&query, "page", 1)?,
            per_page: positive(&query, "per_page", DEFAULT_PER_PAGE)?.min(MAX_PER_PAGE),
            query,
        })
    }
}

impl ListQuery {
    /// Returns a parameter; `None` if it is missing or empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let value = self.query.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// Returns the answer: the items of the page, each turned into JSON by `show`.
    pub(crate) fn respond<T>(&self, items: &[T], show: impl Fn(&T) -> Value) -> Response {
        let skipped = (self.page - 1).saturating_mul(self.per_page);
        let page = items.iter().skip(skipped).take(self.per_page);
        let shown: Vec<Value> = page.map(show).collect();
        let headers = [
            (LINK.as_str(), self.links(items.len())),
            ("x-total-count", items.len().to_string()),
        ];
        (headers, Json(shown)).into_response()
    }

    fn links(&self, total: usize) -> String {
        let last = total.div_ceil(self.per_page).max(1);
        let mut pages = vec![("first", 1)];
        if self.page > 1 {
            pages.push(("prev", (self.page - 1).min(last)));
        }
        if self.page < last {
            pages.push(("next", self.page + 1));
        }
        pages.push(("last", last));
        let links: Vec<String> = pages
            .into_iter()
            .map(|(rel, page)| format!("<{}>; rel=\"{rel}\"", self.url(page)))
            .collect();
        links.join(", ")
    }

    fn url(&self, page: usize) -> String {
        let mut query = self.query.clone();
        query.insert("page".to_owned(), page.to_string());
        query.insert("per_page".to_owned(), self.per_page.to_string());
        let query = Serializer::new(String::new()).extend_pairs(query).finish();
        format!("{}?{query}", self.address)
    }
}

fn positive(
    query: &BTreeMap<String, String>,
    name: &'static str,
    default: usize,
) -> Result<usize, ApiError> {
    match query.get(name).map(|text| text.parse()) {
        None => Ok(default),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(ApiError::bad_request(&format!("{name} is invalid"))),
    }
}
