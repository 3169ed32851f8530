//! The confirmation (本人確認): before a sensitive action, which would do great harm in the wrong hands, somebody
//! proves again who they are. A session alone, which may have been left open or stolen, is not enough for it.
//!
//! Confirming renews the cookie, so that a stolen one does not become confirmed with it. Guesses are counted apart
//! from those of strangers, who could otherwise keep an admin from it. [接続テスト] needs no confirmation: it only puts
//! into use what was saved with one, and SSO people could not confirm before it.

use axum::http::{StatusCode, Uri};
use jiff::{SignedDuration, Timestamp};
use storage::sessions::Session;
use url::form_urlencoded::{Serializer, parse};

use crate::problem::Problem;
use crate::remedy_page::RELATED_COMPANIES;
use crate::return_path::ReturnPath;

/// How long a confirmation counts. A sign-in is one.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// The code of the refusal of somebody who has to confirm first.
pub const CONFIRMATION_REQUIRED: &str = "confirmation_required";

/// What the page says that people come back to.
pub const CONFIRMED: &str = "本人確認ができました。もう一度操作してください。";

/// Returns whether the person behind a session proved who they are within the last 10 minutes.
pub fn is_confirmed(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.last_confirmed_at()) < LIFE
}

/// Checks that the person behind a session proved who they are within the last 10 minutes. Every act that needs it asks
/// here.
///
/// # Errors
/// The 403 [`CONFIRMATION_REQUIRED`]. As a page it becomes a redirect to [`address_to_confirm_at`].
pub fn check_confirmed(session: &Session, now: Timestamp) -> Result<(), Problem> {
    if is_confirmed(session, now) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        CONFIRMATION_REQUIRED,
        "この操作には、10分以内の本人確認が必要です。本人確認(POST /api/v1/session/confirmation、SSOをご利用の場合は画面の/account/confirm)を行ってから、もう一度お試しください。",
    ))
}

/// Returns the address at which people confirm, and from which they come back to the page at `path`.
pub fn address_to_confirm_at(path: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("return_to", path)
        .finish();
    format!("/account/confirm?{query}")
}

/// Returns the address of the page to come back to, or of the account, which then shows [`CONFIRMED`].
pub fn address_after_confirming(page: Option<&ReturnPath>) -> String {
    let page = page.map_or("/account", ReturnPath::as_str);
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let kept = parse(query.as_bytes()).filter(|(name, _)| name != "done");
    let query = Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("done", "confirmed")
        .finish();
    format!("{path}?{query}")
}

/// Returns [`CONFIRMED`] for the address of a page that people come back to.
pub fn confirmed_notice(address: &Uri) -> Option<&'static str> {
    let mut query = parse(address.query().unwrap_or_default().as_bytes());
    let is_back = query.any(|pair| pair == ("done".into(), "confirmed".into()));
    is_back.then_some(CONFIRMED)
}

/// Returns the page with the form that is sent to `path`: without the last part, where that names one of several
/// buttons.
pub fn page_of_form(path: &str) -> &str {
    const BUTTONS: [&str; 8] = [
        "/initial-password",
        "/held-deletions/confirm",
        "/held-deletions",
        "/held-account-changes",
        "/saml",
        "/second-factors/reset",
        "/chat-webhook",
        "/chat-webhook/remove",
    ];
    if path == "/users/initial-passwords" || path == "/users/initial-passwords/confirm" {
        return "/users";
    }
    if path == "/settings/related-companies/remove" {
        return RELATED_COMPANIES;
    }
    if path.starts_with("/users/deleted/") {
        return "/users/deleted";
    }
    let mut buttons = BUTTONS.into_iter();
    let page = buttons.find_map(|button| path.strip_suffix(button));
    page.unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_to_come_back_to_keeps_its_query_but_not_its_notice() {
        let after = |path: &str| address_after_confirming(ReturnPath::parse(path).as_ref());
        assert_eq!(
            after("/settings/smarthr"),
            "/settings/smarthr?done=confirmed"
        );
        assert_eq!(
            after("/users?q=%E7%94%B0&done=saved"),
            "/users?q=%E7%94%B0&done=confirmed"
        );
        let shown = |address: &str| confirmed_notice(&address.parse().unwrap());
        assert_eq!(shown(&after("/users?q=x")), Some(CONFIRMED));
        assert_eq!(shown("/users?done=saved"), None);
    }
}
