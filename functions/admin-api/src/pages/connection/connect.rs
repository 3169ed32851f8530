//! [連携する], and the answer about another company.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use web::ProblemPage;

use super::PATH;
use super::show::again;
use crate::api::connection::connect::{answer_company_change, begin};
use crate::app::App;
use crate::auth::page::AdminForm;
use crate::pages::notice::Notice;

/// The form of [連携する].
#[derive(Deserialize)]
pub(super) struct ConnectForm {
    /// Of the company at SmartHR, where SmartHR did not name it.
    #[serde(default)]
    subdomain: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accept,
    Refuse,
}

/// The form about another company: the button that was clicked.
#[derive(Deserialize)]
pub(super) struct RelinkForm {
    answer: Answer,
}

/// Sends the browser to SmartHR.
pub(super) async fn connect(
    State(app): State<App>,
    form: AdminForm<ConnectForm>,
) -> Result<Response, ProblemPage> {
    let subdomain = form.fields.subdomain.trim().to_owned();
    match begin(&app, &form.admin.signed_in, Some(subdomain)).await {
        Ok(authorize_url) => Ok(Redirect::to(&authorize_url).into_response()),
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}

/// Switches to the other company, or keeps the one before.
pub(super) async fn relink(
    State(app): State<App>,
    form: AdminForm<RelinkForm>,
) -> Result<Response, ProblemPage> {
    let accepted = form.fields.answer == Answer::Accept;
    match answer_company_change(&app, &form.admin.signed_in, accepted).await {
        Ok(()) => Ok(Notice::OtherCompany { accepted }.at(PATH).into_response()),
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}
