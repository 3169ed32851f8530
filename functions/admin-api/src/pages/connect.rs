//! [連携する], and the answer about another company.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;
use web::ProblemPage;

use crate::app::App;
use crate::link::{answer, begin};
use crate::pages::gate::ManagerForm;
use crate::pages::notice::Done;
use crate::pages::smarthr::{PATH, again};

/// The form of [連携する].
#[derive(Deserialize)]
struct ConnectForm {
    /// Of the company at SmartHR, where SmartHR does not tell.
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
struct RelinkForm {
    answer: Answer,
}

/// `/settings/smarthr/connect`, `/settings/smarthr/relink`
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/smarthr/connect", post(connect))
        .route("/settings/smarthr/relink", post(relink))
}

/// Leads to SmartHR.
async fn connect(
    State(app): State<App>,
    form: ManagerForm<ConnectForm>,
) -> Result<Response, ProblemPage> {
    let subdomain = form.fields.subdomain.trim().to_owned();
    match begin(&app, &form.visitor.signed_in, Some(subdomain)).await {
        Ok(authorize_url) => Ok(Redirect::to(&authorize_url).into_response()),
        Err(problem) => again(&app, &form.visitor, None, problem).await,
    }
}

async fn relink(
    State(app): State<App>,
    form: ManagerForm<RelinkForm>,
) -> Result<Response, ProblemPage> {
    let accepted = form.fields.answer == Answer::Accept;
    match answer(&app, &form.visitor.signed_in, accepted).await {
        Ok(()) => Ok(Done::OtherCompany { accepted }.at(PATH).into_response()),
        Err(problem) => again(&app, &form.visitor, None, problem).await,
    }
}
