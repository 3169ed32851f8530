//! Cookies, and the headers that tell the origin of a form.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;
use web::{PublicOrigin, check_same_origin, token_hash_of};

const OURS: &str = "https://app.kitera.example";

/// Reads the headers. A cookie must yield the hash of a session or nothing, and only our origin may pass.
pub fn headers(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [
        header::COOKIE,
        header::ORIGIN,
        HeaderName::from_static("sec-fetch-site"),
    ] {
        let part = parts.next().filter(|part| !part.is_empty());
        if let Some(Ok(value)) = part.map(HeaderValue::from_bytes) {
            headers.append(name, value);
        }
    }
    if let Some(hash) = token_hash_of(&headers) {
        assert!(hash.len() <= 64 && hash.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    let ours = PublicOrigin::of(OURS).unwrap();
    if check_same_origin(&ours, &headers).is_ok() {
        let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match (of("sec-fetch-site"), of("origin")) {
            (Some(site), _) => assert!(["same-origin", "none"].contains(&site)),
            (None, Some(origin)) => {
                let origin = Url::parse(origin).unwrap().origin();
                assert_eq!(origin.ascii_serialization(), OURS);
            }
            (None, None) => {}
        }
    }
}
