//! `GET /sign-in` and `POST /sign-in`. The query may prefill the company code, and name the page of ours
//! to return to: `/sign-in?company_code=…&return_to=…`.

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use web::{
    NextStep, Problem, ProblemPage, ReturnPath, check_same_origin, html_page, html_page_of_problem,
};

use crate::app::App;
use crate::client::Client;
use crate::sign_in::fields::SignInFields;
use crate::sign_in::sign_in;

#[derive(Default, Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    error: Option<&'a str>,
    email: &'a str,
    company_code: &'a str,
    employee_code: &'a str,
    /// Whether the form for the employee code is shown first.
    by_code: bool,
    /// The page to return to; `None` if there is none, or it is not ours.
    return_to: Option<ReturnPath>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Prefilled {
    #[serde(default)]
    company_code: String,
    #[serde(default)]
    return_to: String,
}

/// Shows the empty form.
pub(crate) async fn show(prefilled: Result<Query<Prefilled>, QueryRejection>) -> Response {
    let Prefilled {
        company_code,
        return_to,
    } = prefilled.map_or_else(|_| Prefilled::default(), |Query(it)| it);
    let page = Page {
        company_code: &company_code,
        by_code: !company_code.is_empty(),
        return_to: ReturnPath::parse(&return_to),
        ..Page::default()
    };
    html_page(StatusCode::OK, &page)
}

/// Signs in and redirects, or shows the form again without the password.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<SignInFields>, FormRejection>,
) -> Result<Response, ProblemPage> {
    check_same_origin(&app.origin, &client.headers)?;
    let Form(mut fields) = form.map_err(|_| incomplete())?;
    let Some(identifier) = fields.account_identifier() else {
        return Ok(show_again(&fields, &incomplete()));
    };
    let password = std::mem::take(&mut fields.password);
    match sign_in(&app, &identifier, password, &client, app.now()).await {
        Ok(session) => {
            let wanted = ReturnPath::parse(&fields.return_to);
            let next = match (session.next_step, &wanted) {
                (Some(step @ NextStep::SecondFactor), Some(wanted)) => wanted.after(step.page()),
                (Some(step), _) => step.page().to_owned(),
                (None, Some(wanted)) => wanted.as_str().to_owned(),
                (None, None) => "/".to_owned(),
            };
            let cookies = session.cookies();
            Ok((cookies, Redirect::to(&next)).into_response())
        }
        Err(problem) => Ok(show_again(&fields, &problem)),
    }
}

fn show_again(fields: &SignInFields, problem: &Problem) -> Response {
    let page = Page {
        error: Some(&problem.detail),
        email: &fields.email,
        company_code: &fields.company_code,
        employee_code: &fields.employee_code,
        by_code: !fields.employee_code.is_empty() || fields.email.is_empty(),
        return_to: ReturnPath::parse(&fields.return_to),
    };
    html_page_of_problem(problem, &page)
}

fn incomplete() -> Problem {
    Problem::bad_request(
        "invalid_request",
        "メールアドレス、または企業コードと従業員コードを入力してください。",
    )
}
