//! The page ワークスペース設定 → セキュリティ → 二段階認証.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use web::{Frame, ProblemPage, html_page};

use crate::api::second_factor_requirement::save;
use crate::app::App;
use crate::auth::page::{ConfirmedForm, PageAdmin};
use crate::auth::require_system_administrator;
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// The path of the page in the navigation.
const PATH: &str = "/settings/second-factor";

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(submit))
}

#[derive(Template)]
#[template(path = "second_factor_requirement.html")]
struct Page {
    frame: Frame,
    required: bool,
}

/// The fields of the form: a box that is not ticked is not sent.
#[derive(Deserialize)]
struct RequirementForm {
    #[serde(default)]
    required: Option<String>,
}

async fn show(
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    require_system_administrator(&admin.signed_in)?;
    let page = Page {
        frame: admin.frame(PATH).with_notice(query.notice()),
        required: admin.workspace.second_factor_required_since.is_some(),
    };
    Ok(html_page(StatusCode::OK, &page))
}

async fn submit(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<RequirementForm>,
) -> Result<Response, ProblemPage> {
    let (admin, required) = (&form.admin, form.fields.required.is_some());
    save(&app, &admin.signed_in, &admin.workspace, required).await?;
    let notice = Notice::SecondFactor { required };
    Ok(notice.at(PATH).into_response())
}
