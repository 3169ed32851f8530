//! The session cookie: `__Host-` makes browsers refuse one that a sister domain or plain HTTP sets
//! (RFC 6265bis, section 4.1.3.2).

use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// The cookie's name.
const NAME: &str = "__Host-session";

/// The `Set-Cookie` that signs a browser in. The token is base64url, so that it fits a header;
/// anything else gives a cookie that signs nobody in.
pub fn session_cookie(token: &SecretString) -> HeaderValue {
    let cookie = format!(
        "{NAME}={}; HttpOnly; Secure; SameSite=Lax; Path=/",
        token.expose_secret()
    );
    let mut value = HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// The `Set-Cookie` that makes a browser forget its session.
pub fn clearing_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-session=; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=0")
}

/// The session token that a request carries. HTTP/2 may split the cookies over several headers.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<SecretString> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == NAME && !value.is_empty())
        .map(|(_, value)| SecretString::from(value))
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
        let cookie = session_cookie(&"abc".into());
        assert_eq!(
            cookie.to_str().expect("ASCII"),
            "__Host-session=abc; HttpOnly; Secure; SameSite=Lax; Path=/"
        );
    }
}
