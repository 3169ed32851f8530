//! [再招待する], [初期パスワードを再発行], [パスワード再設定メールを送信], [ログアウトさせる]
//! and [二段階認証を解除] on the page of one user.

use accounts::{AccountError, Accounts, was_just_issued};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::User;
use web::{Problem, ProblemPage};

use super::edit::FormFields;
use super::user::{address, refused};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, NoFields, PageUser};
use crate::input::Id;

/// [再招待する]: issues a new invitation and redirects to the user.
pub(super) async fn invite(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let (accounts, user) = account_of_page(&app, &admin, id).await?;
    let invited = accounts.invite(&admin.workspace, user.clone()).await;
    respond(&app, &admin, &user, invited, "invited")
}

/// [初期パスワードを再発行]: issues a new initial password and redirects to the user.
pub(super) async fn issue(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ConfirmedForm(AdminForm { admin, .. }): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let (accounts, user) = account_of_page(&app, &admin, id).await?;
    let issued = if was_just_issued(&user, app.now()) {
        Ok(())
    } else {
        accounts.issue_initial_password(user.clone()).await
    };
    respond(&app, &admin, &user, issued, "issued")
}

/// [パスワード再設定メールを送信]: mails a link and redirects to the user.
pub(super) async fn reset(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let (accounts, user) = account_of_page(&app, &admin, id).await?;
    let sent = accounts.send_password_reset(&user).await;
    respond(&app, &admin, &user, sent, "reset")
}

/// [ログアウトさせる]: ends all sessions of the user and redirects to them.
pub(super) async fn sign_out(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let (accounts, user) = account_of_page(&app, &admin, id).await?;
    let signed_out = accounts.sign_out(user.clone()).await;
    respond(&app, &admin, &user, signed_out, "signed-out")
}

/// [二段階認証を解除]: removes the second factors of the user and redirects to them.
pub(super) async fn reset_second_factors(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ConfirmedForm(AdminForm { admin, .. }): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let (accounts, user) = account_of_page(&app, &admin, id).await?;
    let reset = accounts.reset_second_factors(user.clone()).await;
    respond(&app, &admin, &user, reset, "second-factors-reset")
}

/// Returns the accounts that the admin may act on, and the user with the id.
async fn account_of_page<'a>(
    app: &'a App,
    admin: &'a PageUser,
    id: Result<Id, Problem>,
) -> Result<(Accounts<'a>, User), Problem> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    let user = accounts.find(&id).await.map_err(problem)?;
    Ok((accounts, user))
}

fn respond(
    app: &App,
    admin: &PageUser,
    user: &User,
    result: Result<(), AccountError>,
    notice: &str,
) -> Result<Response, ProblemPage> {
    let Err(error) = result else {
        let address = address(user.user_id.as_str(), notice);
        return Ok(Redirect::to(&address).into_response());
    };
    let connection = admin.connection()?;
    let fields = FormFields::from(user);
    let problem = problem(error);
    Ok(refused(app, admin, connection, user, fields, &problem))
}
