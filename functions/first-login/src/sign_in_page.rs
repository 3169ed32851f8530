//! `GET /sign-in` and `POST /sign-in`: by e-mail, or by company code and employee code. A link may fill
//! in the company code: `/sign-in?company_code=…`.

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use web::{Problem, ProblemPage, check_same_origin, html_page};

use crate::account::SignInFields;
use crate::app::App;
use crate::sign_in::sign_in;
use crate::source::Source;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    error: Option<&'a str>,
    email: &'a str,
    company_code: &'a str,
    employee_code: &'a str,
    /// Whether the person signs in by code rather than by e-mail.
    by_code: bool,
}

/// What a link may fill in.
#[derive(Default, Deserialize)]
pub(crate) struct Prefilled {
    #[serde(default)]
    company_code: String,
}

/// The empty form.
pub(crate) async fn show(prefilled: Result<Query<Prefilled>, QueryRejection>) -> Response {
    let company_code = prefilled.map_or_else(|_| String::new(), |Query(it)| it.company_code);
    html_page(
        StatusCode::OK,
        &Page {
            error: None,
            email: "",
            company_code: &company_code,
            employee_code: "",
            by_code: !company_code.is_empty(),
        },
    )
}

/// Signs in and leads on; or shows the form again, without the password.
pub(crate) async fn submit(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
    form: Result<Form<SignInFields>, FormRejection>,
) -> Result<Response, ProblemPage> {
    check_same_origin(&app.origin, &headers)?;
    let Form(mut fields) = form.map_err(|_| incomplete())?;
    let Some(account) = fields.account() else {
        return Ok(again(&fields, &incomplete()));
    };
    let password = std::mem::take(&mut fields.password);
    let from = (&source, &headers);
    match sign_in(&app, &account, password, from, app.now()).await {
        Ok(entered) => {
            let next = if entered.must_replace_password {
                "/first-login"
            } else {
                "/"
            };
            let cookie = [(header::SET_COOKIE, entered.session.set_cookie)];
            Ok((cookie, Redirect::to(next)).into_response())
        }
        Err(problem) => Ok(again(&fields, &problem)),
    }
}

fn again(fields: &SignInFields, problem: &Problem) -> Response {
    let page = Page {
        error: Some(&problem.detail),
        email: &fields.email,
        company_code: &fields.company_code,
        employee_code: &fields.employee_code,
        by_code: !fields.employee_code.is_empty() || fields.email.is_empty(),
    };
    let mut response = html_page(problem.status, &page);
    if let Some(seconds) = problem.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn incomplete() -> Problem {
    Problem::bad_request(
        "invalid_request",
        "メールアドレス、または企業コードと従業員コードを入力してください。",
    )
}
