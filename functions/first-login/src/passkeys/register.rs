//! Adds a passkey to the account of the user who is signed in.

use axum::Form;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use credentials::passkey::PasskeyOwner;
use domain::{AuditAction, LoginMethod, SecondFactorNotice};
use jiff::Timestamp;
use serde_json::Value;
use storage::second_factors::SecondFactorChange;
use web::{Problem, SignedIn, browser_name, check_confirmed};

use super::asked::{AnswerForm, answered, ask, refused};
use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::my_account::page::{SIGN_IN, page, username};
use crate::page_user::{Instead, page_user};
use crate::second_factor::manage::write;

/// The most passkeys of a user: more than anybody has devices, and few enough to read at once.
const MOST_PASSKEYS: usize = 20;

/// `POST /account/passkeys/options`: what the browser makes a passkey with.
pub(crate) async fn options(
    State(app): State<App>,
    client: Client,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Json<Value>, Problem> {
    let now = app.now();
    let signed_in = SignedIn::require(&app.store, &client.headers, now).await?;
    let form = form.map_or_else(|_| AnswerForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    signed_in.check_own_account()?;
    check_confirmed(&signed_in.session, now)?;
    let user = &signed_in.user;
    if user.login_method == LoginMethod::Sso {
        return Err(Problem::conflict(
            "single_sign_on",
            "認証方法がSSOのため、二段階認証はIDプロバイダーで設定してください。",
        ));
    }
    let factors = app
        .store
        .second_factors(&signed_in.workspace_id, &user.user_id)
        .await?;
    if factors.passkeys.len() >= MOST_PASSKEYS {
        return Err(Problem::conflict(
            "too_many_passkeys",
            format!(
                "登録できるパスキーは{MOST_PASSKEYS}個までです。不要なパスキーを削除してください。"
            ),
        ));
    }
    let owner = PasskeyOwner {
        account: &username(user),
        name: &user.name,
    };
    let site = &app.relying_party;
    let started = site.start_registration(owner, &factors.passkeys, &app.random, now);
    ask(&app, &signed_in, started).await
}

/// `POST /account/passkeys`: adds the passkey that the browser made, and redirects; or shows the page with the
/// reason why it is refused.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &client.headers, SIGN_IN, now).await?;
    let signed_in = signed_in.coming_from(client.source);
    let form = form.map_or_else(|_| AnswerForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let name = browser_name(&client.headers);
    match add(&app, &signed_in, &form.answer, &name, now).await {
        Ok(()) => Ok(Redirect::to("/account?done=passkey-added").into_response()),
        Err(problem) if problem.code == "passkey_refused" => {
            Ok(page(&app, &signed_in, (None, Some(&problem)), now).await?)
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn add(
    app: &App,
    signed_in: &SignedIn,
    answer: &str,
    name: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let (challenge, answer) = answered(app, signed_in, answer).await?;
    let factors = app
        .store
        .second_factors(&signed_in.workspace_id, &signed_in.user.user_id)
        .await?;
    let known = (factors.passkeys.as_slice(), name);
    let passkey = app
        .relying_party
        .finish_registration(&challenge, &answer, known, now)
        .map_err(|error| refused(signed_in, error))?;
    let change = SecondFactorChange::PutPasskey(passkey);
    let account = Account::of_session(app, signed_in).await?;
    let told = (AuditAction::PasskeyAdded, SecondFactorNotice::PasskeyAdded);
    write(app, signed_in, &account, vec![change], told, now).await
}
