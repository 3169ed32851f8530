//! The security headers of every answer, pages and JSON alike.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;

use crate::unknown_address::{unknown_method, unknown_path};

/// Forbids inline scripts and styles, foreign resources and framing. `form-action` also forbids a
/// form to end in a redirect to another site: [`LeavePage`](crate::LeavePage) leads there.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // An invitation's address is a secret, which stays with us. `no-referrer` would make our own forms
    // send `Origin: null`, and browsers without `Sec-Fetch-Site` (iOS to 16.3) could send none.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
];

/// Adds the headers to an answer. A header that the handler set itself stays.
pub async fn with_security_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Adds the headers to every answer of a router, including those for unknown addresses and methods.
pub fn secured(router: Router) -> Router {
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(map_response(with_security_headers))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[tokio::test]
    async fn every_answer_is_kept_from_caches_and_frames() {
        let response = with_security_headers("x".into_response()).await;
        let headers = response.headers();
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["referrer-policy"], "same-origin");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
    }

    #[tokio::test]
    async fn what_a_handler_set_itself_stays() {
        let response = ([(header::CACHE_CONTROL, "max-age=60")], "x").into_response();
        let response = with_security_headers(response).await;
        assert_eq!(response.headers()["cache-control"], "max-age=60");
    }
}
