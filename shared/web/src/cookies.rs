//! The cookies: that of a session, and that of a browser in which somebody signed in before. Browsers refuse
//! a `__Host-` cookie that a sister domain or plain HTTP sets (RFC 6265bis, section 4.1.3.2).

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};
use secrecy::{ExposeSecret, SecretString};

const SESSION: &str = "__Host-session";
const KNOWN_BROWSER: &str = "__Host-known-browser";

/// Returns the `Set-Cookie` header that signs a browser in. A token that fits no header, which no
/// token of ours is, makes an empty header that signs nobody in.
pub fn session_cookie(token: &SecretString) -> HeaderValue {
    header_of(&with_attributes(SESSION, token.expose_secret()).build())
}

/// Returns the `Set-Cookie` header that makes a browser forget its session.
pub fn clearing_cookie() -> HeaderValue {
    let ended = with_attributes(SESSION, "").max_age(Duration::ZERO);
    header_of(&ended.build())
}

/// Returns the `Set-Cookie` header of a browser in which somebody signed in, which lives for `seconds`. It
/// signs nobody in.
pub fn known_browser_cookie(token: &SecretString, seconds: i64) -> HeaderValue {
    host_cookie(KNOWN_BROWSER, token, seconds)
}

/// Returns the `Set-Cookie` header of a cookie of this host, whose name begins with `__Host-`, and which lives for
/// `seconds`.
pub fn host_cookie(name: &str, value: &SecretString, seconds: i64) -> HeaderValue {
    let cookie = with_attributes(name, value.expose_secret());
    header_of(&cookie.max_age(Duration::seconds(seconds)).build())
}

fn header_of(cookie: &Cookie<'_>) -> HeaderValue {
    let mut value =
        HeaderValue::try_from(cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

fn with_attributes<'a>(name: &'a str, value: &'a str) -> CookieBuilder<'a> {
    Cookie::build((name, value))
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Lax)
        .path("/")
}

/// Returns the session token that a request carries.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<SecretString> {
    cookie_value(headers, SESSION)
}

/// Returns the token of a browser in which somebody signed in before.
pub fn known_browser_token(headers: &HeaderMap) -> Option<SecretString> {
    cookie_value(headers, KNOWN_BROWSER)
}

/// Returns the value of a cookie. Returns `None` for an empty cookie. HTTP/2 may split the cookies over several
/// headers.
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == name && !cookie.value().is_empty())
        .map(|cookie| cookie.value().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token_in(cookies: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        session_token(&headers).map(|token| token.expose_secret().to_owned())
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let cookies = ["theme=dark; __Host-session=abc_-1", "lang=ja"];
        assert_eq!(token_in(&cookies), Some("abc_-1".into()));
        assert_eq!(token_in(&["lang=ja", "__Host-session=x"]), Some("x".into()));
    }

    #[test]
    fn a_cookie_of_another_name_signs_nobody_in() {
        assert_eq!(token_in(&["session=abc; x__Host-session=abc"]), None);
        assert_eq!(token_in(&["__Host-session="]), None);
    }

    #[test]
    fn scripts_and_plain_http_do_not_get_the_cookie() {
        let attributes = "HttpOnly; SameSite=Lax; Secure; Path=/";
        let cookie = session_cookie(&"abc".into());
        assert_eq!(cookie, format!("__Host-session=abc; {attributes}"));
        let ended = format!("__Host-session=; {attributes}; Max-Age=0");
        assert_eq!(clearing_cookie(), ended);
        assert_eq!(session_cookie(&"a\nb".into()), "");
    }
}
