//! [接続テスト]: a real sign-in at the provider that signs nobody in, and shows its result to the システム管理者 who began it.

mod remedy;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::changes_of_single_sign_on;
use domain::{AuditAction, AuditEvent, Role, User, Workspace};
use jiff::Timestamp;
use serde::Deserialize;
use storage::StoreError;
use storage::sso_flows::SsoTest;
use web::{Frame, Problem, ProblemPage, RequestSource, SignedIn, html_page};

use crate::app::App;
use crate::flow::{self, Purpose, ReturnedFlow};
use crate::oidc::Claims;
use crate::outcome::{Refusal, Stop};
use crate::pages;
use crate::sign_in::user_of;
use crate::system_administrator::system_administrator;
use remedy::{Failure, failure};

/// The hidden field of the form.
#[derive(Deserialize)]
pub(crate) struct TestForm {
    #[serde(default)]
    csrf: String,
}

#[derive(Template)]
#[template(path = "test_result.html")]
struct ResultPage {
    frame: Frame,
    failure: Option<Failure>,
    /// What the provider said, each with its name.
    received: Vec<(&'static str, String)>,
}

/// Sends the システム管理者 to the provider.
pub(crate) async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    source: RequestSource,
    form: Result<Form<TestForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let now = app.now();
    let csrf = form.map_or_else(|_| String::new(), |Form(form)| form.csrf);
    let Some(signed_in) = system_administrator(&app, &headers, source, &csrf).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let workspace = app.store.workspace(&signed_in.workspace_id).await?;
    let workspace = workspace.ok_or_else(Problem::internal)?;
    let Some(sso) = &workspace.single_sign_on else {
        let why = "SSOの設定を保存してから、接続テストを行ってください。";
        return Err(Problem::conflict("sso_not_configured", why).into());
    };
    let test = SsoTest {
        user_id: signed_in.user.user_id.clone(),
        session_hash: signed_in.token_hash.clone(),
    };
    match flow::begin(&app, &workspace, sso, &headers, Purpose::Test(test), now).await {
        Ok(page) => Ok(page),
        Err(Stop::Problem(problem)) => Err(problem.into()),
        Err(Stop::Refused(refusal)) => {
            record(&app, &signed_in, &workspace, false, now).await?;
            let page = result_page(&app, &signed_in, &workspace, Some(refusal), Vec::new());
            Ok(page.await?)
        }
    }
}

/// Shows what came of the test, and remembers the configuration that passed.
pub(crate) async fn finish(
    app: &App,
    returned: &ReturnedFlow,
    test: &SsoTest,
    (headers, source): (&HeaderMap, RequestSource),
    claims: Result<Claims, Stop>,
    now: Timestamp,
) -> Response {
    let shown = show(app, returned, test, (headers, source), claims, now).await;
    shown.unwrap_or_else(pages::stopped)
}

async fn show(
    app: &App,
    returned: &ReturnedFlow,
    test: &SsoTest,
    (headers, source): (&HeaderMap, RequestSource),
    claims: Result<Claims, Stop>,
    now: Timestamp,
) -> Result<Response, Stop> {
    let workspace = &returned.workspace;
    let signed_in = SignedIn::find(&app.store, headers, now).await?;
    let is_same = |signed_in: &SignedIn| {
        signed_in.token_hash == test.session_hash
            && signed_in.user.user_id == test.user_id
            && signed_in.workspace_id == workspace.workspace_id
            && signed_in.user.role == Role::SystemAdministrator
            && signed_in.has_full_access()
    };
    let signed_in = signed_in.filter(is_same).ok_or(Refusal::OtherBrowser)?;
    let signed_in = signed_in.coming_from(source);
    let (refusal, received) = match claims {
        Err(Stop::Refused(refusal)) => (Some(refusal), Vec::new()),
        Err(problem) => return Err(problem),
        Ok(claims) => {
            let matched = user_of(&app.store, &workspace.workspace_id, &claims).await;
            let (user, refusal) = match matched {
                Ok((user, _)) => (Some(user), None),
                Err(Stop::Refused(refusal)) => (None, Some(refusal)),
                Err(problem) => return Err(problem),
            };
            (refusal, received(&claims, user.as_ref(), now))
        }
    };
    record(app, &signed_in, workspace, refusal.is_none(), now).await?;
    let page = result_page(app, &signed_in, workspace, refusal, received);
    Ok(page.await?)
}

/// Writes the result, with what the audit trail says. The configuration must not have been changed meanwhile.
async fn record(
    app: &App,
    signed_in: &SignedIn,
    workspace: &Workspace,
    has_passed: bool,
    now: Timestamp,
) -> Result<(), Problem> {
    let before = workspace.single_sign_on.as_ref();
    let passed = before.filter(|_| has_passed).cloned();
    let passed = passed.map(domain::SingleSignOn::passed_test);
    let (action, after) = match &passed {
        Some(passed) => (AuditAction::SsoTestPassed, Some(passed)),
        None => (AuditAction::SsoTestFailed, before),
    };
    let changes = changes_of_single_sign_on(before, after);
    let event = AuditEvent::new(&signed_in.author(), action, now).with_changes(changes);
    let audit = [event];
    let written = app.store.put_single_sign_on(workspace, after, &audit);
    Ok(written.await?)
}

fn received(claims: &Claims, user: Option<&User>, now: Timestamp) -> Vec<(&'static str, String)> {
    let verified = match claims.email_verified {
        Some(true) => "はい(true)",
        Some(false) => "いいえ(false)",
        None => "記載なし",
    };
    let user = user.map_or("なし", |user| &user.name);
    let ahead = claims.issued_at.duration_since(now).as_secs();
    let difference = match ahead {
        0 => "なし".to_owned(),
        1.. => format!("IDプロバイダーの時計が{ahead}秒進んでいます"),
        _ => format!("IDプロバイダーの時計が{}秒遅れています", -ahead),
    };
    vec![
        ("ユーザーの識別子(sub、NameID)", claims.subject.clone()),
        (
            "メールアドレス(email)",
            claims.email.clone().unwrap_or_else(|| "記載なし".into()),
        ),
        ("メールアドレスの確認(email_verified)", verified.into()),
        ("一致したKiteRaのユーザー", user.to_owned()),
        ("時計の差", difference),
    ]
}

async fn result_page(
    app: &App,
    signed_in: &SignedIn,
    workspace: &Workspace,
    refusal: Option<Refusal>,
    received: Vec<(&'static str, String)>,
) -> Result<Response, StoreError> {
    let frame = Frame::of(signed_in, workspace, "/settings/single-sign-on");
    let page = ResultPage {
        frame: frame.with_banners_of(&app.store, workspace).await?,
        failure: refusal.map(failure),
        received,
    };
    Ok(html_page(StatusCode::OK, &page))
}
