//! The page ワークスペース設定 → セキュリティ → シングルサインオン(SSO). single-sign-on serves its [接続テスト].

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use web::{Frame, ProblemPage, html_page, html_page_of_problem};

use crate::api::single_sign_on::remove::remove;
use crate::api::single_sign_on::save::{ProviderFields, save};
use crate::api::single_sign_on::view::{SingleSignOnView, view};
use crate::app::App;
use crate::auth::page::{ConfirmedForm, NoFields, PageAdmin, PageUser};
use crate::auth::require_system_administrator;
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// The path of the page in the navigation.
const PATH: &str = "/settings/single-sign-on";

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(submit)).route(
        "/settings/single-sign-on/remove",
        get(ask_to_remove).post(submit_removal),
    )
}

#[derive(Template)]
#[template(path = "single_sign_on.html")]
struct Page {
    frame: Frame,
    sso: SingleSignOnView,
    /// What the form shows: the stored values, or what was typed and refused.
    issuer: String,
    client_id: String,
}

#[derive(Template)]
#[template(path = "single_sign_on_remove.html")]
struct RemovePage {
    frame: Frame,
}

/// The fields of the form.
#[derive(serde::Deserialize)]
struct ProviderForm {
    issuer: String,
    client_id: String,
    #[serde(default)]
    client_secret: secrecy::SecretString,
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    require_system_administrator(&admin.signed_in)?;
    let frame = admin.frame(PATH).with_notice(query.notice());
    Ok(html_page(StatusCode::OK, &page(&app, &admin, frame)))
}

fn page(app: &App, admin: &PageUser, frame: Frame) -> Page {
    let sso = view(app, &admin.workspace);
    Page {
        frame,
        issuer: sso.issuer.clone().unwrap_or_default(),
        client_id: sso.client_id.clone().unwrap_or_default(),
        sso,
    }
}

/// Saves the configuration, or shows the form again with the reason why it was not saved.
async fn submit(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<ProviderForm>,
) -> Result<Response, ProblemPage> {
    let (admin, fields) = (&form.admin, form.fields);
    require_system_administrator(&admin.signed_in)?;
    let (issuer, client_id) = (fields.issuer.clone(), fields.client_id.clone());
    let fields = ProviderFields {
        issuer: fields.issuer,
        client_id: fields.client_id,
        client_secret: fields.client_secret,
    };
    match save(&app, &admin.signed_in, &admin.workspace, fields).await {
        Ok(()) => Ok(Notice::SsoSaved.at(PATH).into_response()),
        Err(problem) => {
            let frame = admin.frame(PATH).with_error(problem.detail.clone());
            let page = Page {
                issuer,
                client_id,
                ..page(&app, admin, frame)
            };
            Ok(html_page_of_problem(&problem, &page))
        }
    }
}

async fn ask_to_remove(PageAdmin(admin): PageAdmin) -> Result<Response, ProblemPage> {
    require_system_administrator(&admin.signed_in)?;
    let frame = admin.frame(PATH);
    Ok(html_page(StatusCode::OK, &RemovePage { frame }))
}

async fn submit_removal(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let admin = &form.admin;
    require_system_administrator(&admin.signed_in)?;
    remove(&app, &admin.signed_in, &admin.workspace).await?;
    Ok(Notice::SsoRemoved.at(PATH).into_response())
}
