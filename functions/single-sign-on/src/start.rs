//! `GET /sso/{company_code}` and `POST /sso`: lead to the company's provider, by company code or by the domain of an
//! address.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::text::folded;
use domain::{EmailAddress, Workspace};
use serde::Deserialize;
use web::{ProblemPage, check_same_origin};

use crate::app::App;
use crate::flow::Purpose;
use crate::outcome::{Refusal, Stop};
use crate::{flow, pages};

/// The field of the form.
#[derive(Deserialize)]
pub(crate) struct AccountForm {
    /// A company code or an e-mail address.
    account: String,
}

/// Leads to the provider of the company with this code.
pub(crate) async fn by_company_code(
    State(app): State<App>,
    Path(company_code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let begun = begin(&app, &company_code, &headers).await;
    begun.unwrap_or_else(pages::stopped)
}

/// Leads to the provider of the company with this code, or of the only company whose people have addresses of this
/// domain. Whether there is a user with the address makes no difference.
pub(crate) async fn by_account(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<AccountForm>, FormRejection>,
) -> Response {
    if let Err(problem) = check_same_origin(&app.origin, &headers) {
        return ProblemPage(problem).into_response();
    }
    let Ok(Form(AccountForm { account })) = form else {
        return pages::refused(Refusal::NoSingleSignOn);
    };
    let begun = begin(&app, &folded(&account), &headers).await;
    begun.unwrap_or_else(pages::stopped)
}

async fn begin(app: &App, account: &str, headers: &HeaderMap) -> Result<Response, Stop> {
    let workspace = find(app, account).await?;
    let workspace = workspace.filter(Workspace::sso_configured);
    let workspace = workspace.ok_or(Refusal::NoSingleSignOn)?;
    let sso = workspace.single_sign_on.as_ref();
    let sso = sso.ok_or(Refusal::NoSingleSignOn)?;
    let purpose = Purpose::SignIn;
    flow::begin(app, &workspace, sso, headers, purpose, app.now()).await
}

async fn find(app: &App, account: &str) -> Result<Option<Workspace>, Stop> {
    if let Some(email) = EmailAddress::parse(account) {
        let mut found = app.store.workspaces_of_sso_domain(&email.domain()).await?;
        return Ok(found.pop().filter(|_| found.is_empty()));
    }
    match app.store.workspace_of_company_code(account).await? {
        Some(id) => Ok(app.store.workspace(&id).await?),
        None => Ok(None),
    }
}
