//! `GET /help/{page}`: the pages of the manual that admins read on and that they share with employees. Anybody may read
//! and print them.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::causes::{ExplainedCause, causes_of_people, causes_of_runs};
use web::{Problem, ProblemPage, html_page};

/// SmartHR連携「同期対象」「認証方法」について
#[derive(Template)]
#[template(path = "help_sync_target_and_login_method.html")]
struct SyncTargetAndLoginMethod;

/// 【招待メールが届いた方へ】初回ログイン方法
#[derive(Template)]
#[template(path = "help_first_login_by_mail.html")]
struct FirstLoginByMail;

/// 【従業員コードで招待された方へ】初回ログイン方法
#[derive(Template)]
#[template(path = "help_first_login_by_code.html")]
struct FirstLoginByCode;

/// 同期の失敗の原因と対処
#[derive(Template)]
#[template(path = "help_failure_causes.html")]
struct FailureCauses {
    people: Vec<ExplainedCause>,
    runs: Vec<ExplainedCause>,
}

/// Shows a page, or that there is none of this name.
pub(crate) async fn show(Path(page): Path<String>) -> Response {
    match page.as_str() {
        "sync-target-and-login-method" => html_page(StatusCode::OK, &SyncTargetAndLoginMethod),
        "first-login-by-mail" => html_page(StatusCode::OK, &FirstLoginByMail),
        "first-login-by-code" => html_page(StatusCode::OK, &FirstLoginByCode),
        "failure-causes" => {
            let (people, runs) = (causes_of_people(), causes_of_runs());
            html_page(StatusCode::OK, &FailureCauses { people, runs })
        }
        _ => ProblemPage(Problem::not_found("このURLは存在しません。")).into_response(),
    }
}
