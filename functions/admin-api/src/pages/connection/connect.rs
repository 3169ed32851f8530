//! [連携する], and the confirmation of another company.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::{LeavePage, ProblemPage, html_page};

use super::PATH;
use super::show::again;
use crate::api::connection::connect::{begin, switch_or_keep};
use crate::app::App;
use crate::auth::page::AdminForm;
use crate::pages::notice::Notice;

/// The form of [連携する].
#[derive(Deserialize)]
pub(super) struct ConnectForm {
    /// The company's subdomain at SmartHR; empty when SmartHR named it.
    #[serde(default)]
    subdomain: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accept,
    Refuse,
}

/// The form that confirms another company: the clicked button.
#[derive(Deserialize)]
pub(super) struct OtherCompanyAnswerForm {
    answer: Answer,
}

/// Leads the browser to SmartHR.
pub(super) async fn connect(
    State(app): State<App>,
    form: AdminForm<ConnectForm>,
) -> Result<Response, ProblemPage> {
    let subdomain = form.fields.subdomain.trim().to_owned();
    match begin(&app, &form.admin.signed_in, Some(subdomain)).await {
        Ok(authorize_url) => {
            let page = LeavePage {
                title: "SmartHR連携",
                heading: "SmartHRに移動します",
                link: "SmartHRへ",
                url: &authorize_url,
            };
            Ok(html_page(StatusCode::OK, &page))
        }
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}

/// Switches to the pending company, or keeps the current one.
pub(super) async fn answer_other_company(
    State(app): State<App>,
    form: AdminForm<OtherCompanyAnswerForm>,
) -> Result<Response, ProblemPage> {
    let accepted = form.fields.answer == Answer::Accept;
    match switch_or_keep(&app, &form.admin.signed_in, accepted).await {
        Ok(()) => Ok(Notice::OtherCompany { accepted }.at(PATH).into_response()),
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}
