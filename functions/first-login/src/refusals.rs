//! Which refusals of this function are logged as refused sign-ins.

use jiff::Timestamp;
pub(crate) use web::SignInMethod as Method;
use web::{Problem, RefusedSignIn, log_refused_sign_in};

use crate::app::App;

/// Logs a refused sign-in and counts it. What the server failed at is no refusal, and neither is a new password that
/// breaks the rules.
pub(crate) async fn log_problem(
    app: &App,
    (method, account): (Method, &str),
    network: &str,
    problem: &Problem,
    now: Timestamp,
) {
    if !problem.status.is_server_error() && problem.code != "password_refused" {
        log(app, (method, account), network, problem.code, now).await;
    }
}

/// Logs a sign-in that was refused for this reason. `account` is what the sign-in throttle counts by.
pub(crate) async fn log(
    app: &App,
    (method, account): (Method, &str),
    network: &str,
    reason: &str,
    now: Timestamp,
) {
    let refused = RefusedSignIn {
        method,
        account,
        network,
        reason,
    };
    log_refused_sign_in(&app.store, &app.random, refused, now).await;
}
