//! Sign-out: `POST /api/v1/sign-out`, and the form `POST /sign-out` in the frame of every page.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use web::{Problem, ProblemPage, SignedIn, clearing_cookie};

use crate::app::App;

/// What a browser clears at sign-out: the storage of this host, and no more. `"cookies"` would clear those of every
/// host of the domain, KiteRa's others included. No page is in a cache.
const CLEAR_SITE_DATA: HeaderValue = HeaderValue::from_static(r#""storage""#);

/// Signs out of all workspaces that the person is signed in to in this browser, also when nobody was signed in.
#[utoipa::path(
    post, path = "/api/v1/sign-out", tag = "sign-in",
    security((), ("session" = [], "csrf" = [])),
    responses(
        (status = 204, headers(("set-cookie" = String, description = "Takes the session away"))),
        (status = 403, description = "Somebody is signed in, and the CSRF token is missing"),
    )
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(signed_in) = SignedIn::find_at_home(&app.store, &headers, app.now()).await? {
        signed_in.check_csrf(&headers)?;
        app.store.delete_session(&signed_in.token_hash).await?;
    }
    Ok((StatusCode::NO_CONTENT, cleared_browser()).into_response())
}

/// The hidden field of the form.
#[derive(Deserialize)]
pub(crate) struct SignOutForm {
    #[serde(default)]
    csrf: String,
}

/// Ends the session and redirects to the sign-in page.
pub(crate) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    if let Some(signed_in) = SignedIn::find_at_home(&app.store, &headers, app.now()).await? {
        let csrf = form.map_or_else(|_| String::new(), |Form(form)| form.csrf);
        signed_in.check_csrf_field(&csrf)?;
        app.store.delete_session(&signed_in.token_hash).await?;
    }
    Ok((cleared_browser(), Redirect::to("/sign-in")).into_response())
}

/// Returns the headers that take the session away from the browser.
fn cleared_browser() -> [(HeaderName, HeaderValue); 2] {
    let clear_site_data = HeaderName::from_static("clear-site-data");
    [
        (header::SET_COOKIE, clearing_cookie()),
        (clear_site_data, CLEAR_SITE_DATA),
    ]
}
