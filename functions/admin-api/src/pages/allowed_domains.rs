//! The page ワークスペース設定 → セキュリティ → ドメイン制限. A 管理者, whom remedies lead here, sees it without the
//! button.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::allowed_domains::{MOST_DOMAINS, domain_to_show, parse_domains};
use serde::Deserialize;
use web::{ALLOWED_DOMAINS, Frame, ProblemPage, html_page};

use crate::api::allowed_domains::{problem, save};
use crate::app::App;
use crate::auth::page::{ConfirmedForm, PageAdmin};
use crate::auth::require_system_administrator;
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// What is said when the limit is switched on without a domain.
const NONE_TYPED: &str = "ドメイン制限を有効にするには、許可ドメインを1件以上入力してください。";

pub(super) fn routes() -> Router<App> {
    Router::new().route(ALLOWED_DOMAINS, get(show).post(submit))
}

#[derive(Template)]
#[template(path = "allowed_domains.html")]
struct Page {
    frame: Frame,
    limited: bool,
    /// The domains, each on a line, as stored or as typed.
    domains: String,
    /// Whether some domains do not lead to the SSO, because only an admin vouches for them.
    some_without_sso: bool,
    most: usize,
}

/// The fields of the form: a box that is not ticked is not sent.
#[derive(Deserialize)]
struct DomainsForm {
    #[serde(default)]
    limited: Option<String>,
    #[serde(default)]
    domains: String,
}

async fn show(
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let workspace = &admin.workspace;
    let domains = workspace.allowed_domains.iter();
    let domains: Vec<_> = domains.map(|domain| domain_to_show(domain)).collect();
    let page = Page {
        frame: admin.frame(ALLOWED_DOMAINS).with_notice(query.notice()),
        limited: !domains.is_empty(),
        domains: domains.join("\n"),
        some_without_sso: workspace.sso_configured() && !workspace.domains_of_admins.is_empty(),
        most: MOST_DOMAINS,
    };
    Ok(html_page(StatusCode::OK, &page))
}

async fn submit(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<DomainsForm>,
) -> Result<Response, ProblemPage> {
    let (admin, typed) = (&form.admin, &form.fields.domains);
    require_system_administrator(&admin.signed_in)?;
    let limited = form.fields.limited.is_some();
    let texts = typed
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | ';'))
        .filter(|text| !text.is_empty() && limited);
    let wrong = match parse_domains(texts) {
        Ok(domains) if limited && domains.is_empty() => NONE_TYPED.to_owned(),
        Ok(domains) => {
            save(&app, &admin.signed_in, &admin.workspace, domains).await?;
            let notice = Notice::AllowedDomains { limited };
            return Ok(notice.at(ALLOWED_DOMAINS).into_response());
        }
        Err(wrong) => problem(&wrong).detail,
    };
    let page = Page {
        frame: admin.frame(ALLOWED_DOMAINS).with_error(wrong),
        limited,
        domains: typed.clone(),
        some_without_sso: false,
        most: MOST_DOMAINS,
    };
    Ok(html_page(StatusCode::BAD_REQUEST, &page))
}
