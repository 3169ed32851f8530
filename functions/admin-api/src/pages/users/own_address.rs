//! `/users/address-changes/{token}`: the link that was mailed to a new address of the admin's own. A GET changes
//! nothing, because mail programs open URLs by themselves.

use accounts::AccountError;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use web::{Frame, ProblemPage, html_page};

use super::HERE;
use super::user::address;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin, PageUser};

#[derive(Template)]
#[template(path = "users_own_address.html")]
struct Page {
    frame: Frame,
    token: String,
    /// The address that is proven; `None` when the link does not work.
    email: Option<String>,
}

/// Shows the new address with a button, or that the link does not work.
pub(super) async fn ask(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Path(token): Path<String>,
) -> Result<Response, ProblemPage> {
    let accounts = app.accounts(&admin.signed_in);
    let user = &admin.signed_in.user;
    match accounts.pending_address(user, &token.as_str().into()).await {
        Ok(email) => Ok(page(&admin, token, Some(email.to_string()))),
        Err(AccountError::AddressNotAsked) => Ok(page(&admin, token, None)),
        Err(error) => Err(ProblemPage(problem(error))),
    }
}

/// Makes it the address of the admin and redirects to their page.
pub(super) async fn submit(
    State(app): State<App>,
    Path(token): Path<String>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let accounts = app.accounts(&admin.signed_in);
    let connection = admin.connection()?;
    let secret = token.as_str().into();
    let proven = accounts
        .prove_own_address(&admin.workspace, connection, &secret)
        .await;
    match proven {
        Ok(()) => {
            let id = admin.signed_in.user.user_id.as_str();
            Ok(Redirect::to(&address(id, "proven")).into_response())
        }
        Err(AccountError::AddressNotAsked) => Ok(page(&admin, token, None)),
        Err(error) => Err(ProblemPage(problem(error))),
    }
}

fn page(admin: &PageUser, token: String, email: Option<String>) -> Response {
    let status = match email {
        Some(_) => StatusCode::OK,
        None => StatusCode::GONE,
    };
    let page = Page {
        frame: admin.frame(HERE),
        token,
        email,
    };
    html_page(status, &page)
}
