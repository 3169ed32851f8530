//! `GET /smarthr/start?subdomain=…`: where SmartHR Plus sends an admin who installed the app. It shows which company is
//! about to be connected, and connects nothing: [連携する] does.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::is_host_label;
use serde::Deserialize;
use web::{Frame, html_page};

use super::PATH;
use crate::auth::page::PageAdmin;
use crate::pages::query::Lenient;

/// What is said about a text that is not a subdomain.
const WRONG: &str = "SmartHRのサブドメインが正しくないため、連携を開始できません。SmartHR Plusの画面からもう一度開くか、[ワークスペース設定]→[外部サービス連携]→[SmartHR]の[連携する]から連携してください。";

/// The query that SmartHR Plus sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Start {
    subdomain: String,
}

#[derive(Template)]
#[template(path = "smarthr_plus.html")]
struct Page {
    frame: Frame,
    /// The company's subdomain at SmartHR; `None` if the text is not one.
    subdomain: Option<String>,
    workspace_name: String,
    /// The company that is connected now; `None` if none is.
    connected: Option<String>,
}

pub(super) async fn show(PageAdmin(admin): PageAdmin, Lenient(query): Lenient<Start>) -> Response {
    let typed = query.subdomain.trim().to_ascii_lowercase();
    let subdomain = Some(typed).filter(|typed| is_host_label(typed));
    let (frame, status) = match &subdomain {
        Some(_) => (admin.frame(PATH), StatusCode::OK),
        None => (admin.frame(PATH).with_error(WRONG), StatusCode::BAD_REQUEST),
    };
    let connection = admin.connection_to_show();
    let connected = connection.filter(|connection| connection.is_established());
    let page = Page {
        frame,
        subdomain,
        workspace_name: admin.workspace.name.clone(),
        connected: connected.map(|connection| connection.company.name.clone()),
    };
    html_page(status, &page)
}
