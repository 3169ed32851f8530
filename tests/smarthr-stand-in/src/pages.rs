//! The stand-in's HTML: login, company chooser, and an overview of all people, on which somebody can be retired.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde_json::{Map, json};

use crate::company::Company;
use crate::control::change_crew;
use crate::crew::Crew;
use crate::state::SmartHr;

pub(crate) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/", get(overview))
        .route("/crews/{id}/retirement", post(retire))
}

const DENY: &str = r#"<button name="decision" value="deny" formnovalidate>キャンセル</button>"#;

/// Returns the login page. Its form is posted to the page's own address with its query.
pub(crate) fn login(problem: Option<&str>) -> String {
    let problem = problem.map_or(String::new(), |text| {
        format!("<p role=\"alert\">{}</p>", escaped(text))
    });
    page(
        "SmartHRにログイン",
        &format!(
            r#"{problem}<p>KiteRaがSmartHRの従業員情報へのアクセスを求めています。</p>
<form method="post">
<p><label>メールアドレス<br><input name="email" type="email" autocomplete="username" required></label></p>
<p><label>パスワード<br><input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>ログインして許可する</button> {DENY}</p>
</form>"#
        ),
    )
}

/// Returns the company chooser, for an admin of several companies.
pub(crate) fn companies(companies: &[&Company]) -> String {
    let mut buttons = String::new();
    for company in companies {
        let _ = write!(
            buttons,
            r#"<p><button name="company" value="{}">{}</button></p>"#,
            escaped(&company.account.subdomain),
            escaped(&company.account.name)
        );
    }
    page(
        "連携する企業アカウントを選択してください",
        &format!(r#"<form method="post">{buttons}<p>{DENY}</p></form>"#),
    )
}

/// Returns a page with one sentence.
pub(crate) fn message(text: &str) -> String {
    page("SmartHR", &format!("<p>{}</p>", escaped(text)))
}

async fn overview(State(smarthr): State<SmartHr>) -> Html<String> {
    smarthr.with(|state| {
        let mut body = String::new();
        for company in &state.companies {
            let _ = write!(
                body,
                "<h2>{} ({})</h2><table><tr><th>社員番号<th>氏名<th>メールアドレス<th>在籍状況<th>退職年月日<th>カスタム項目<th>",
                escaped(&company.account.name),
                escaped(&company.account.subdomain)
            );
            for crew in company.crews.iter() {
                row(&mut body, company, crew);
            }
            body.push_str("</table>");
        }
        Html(page("SmartHR(代役)", &body))
    })
}

/// What HR does with somebody who is dismissed: 在籍状況 becomes 退職済 at once.
async fn retire(State(smarthr): State<SmartHr>, Path(id): Path<String>) -> Response {
    let changes = Map::from_iter([("emp_status".to_owned(), json!("retired"))]);
    match smarthr.with(|state| change_crew(state, &id, &changes)) {
        Ok(Some(_)) => Redirect::to("/").into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => error.into_response(),
    }
}

fn row(body: &mut String, company: &Company, crew: &Crew) {
    let text = |name| escaped(crew.text(name).unwrap_or_default());
    let _ = write!(
        body,
        "<tr><td>{}<td>{} {}<td>{}<td>{}<td>{}<td>{}<td>{}",
        text("emp_code"),
        text("last_name"),
        text("first_name"),
        text("email"),
        text("emp_status"),
        text("resigned_at"),
        escaped(&crew.described_items(&company.items).join("、")),
        retirement_button(crew),
    );
}

fn retirement_button(crew: &Crew) -> String {
    if crew.text("emp_status") == Some("retired") {
        return String::new();
    }
    format!(
        r#"<form method="post" action="/crews/{}/retirement"><button>退職済にする</button></form>"#,
        escaped(crew.id())
    )
}

fn page(title: &str, body: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;max-width:60rem;margin:3rem auto}}td,th{{text-align:left;padding:.2rem .6rem}}</style>
<h1>{title}</h1>
{body}
</html>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
