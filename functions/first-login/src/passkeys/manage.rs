//! Renames and removes passkeys of the user who is signed in.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::visible_name;
use domain::{AuditAction, LONGEST_PASSKEY_NAME, SecondFactorNotice};
use jiff::Timestamp;
use serde::Deserialize;
use storage::StoreError;
use storage::second_factors::SecondFactorChange;
use storage::transaction::Commit;
use web::{Problem, SignedIn, is_confirmed};

use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::my_account::page::{SIGN_IN, page};
use crate::page_user::{Instead, page_user};
use crate::second_factor::manage::{check_may_have_none, write};

/// Where people confirm who they are, to come back to the page of the account.
const CONFIRM: &str = "/account/confirm?return_to=%2Faccount";

/// The fields of both forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasskeyForm {
    csrf: String,
    /// The id of the passkey.
    passkey: String,
    /// What it is to be called; of no meaning when it is removed.
    name: String,
}

/// `POST /account/passkeys/rename`: gives a passkey another name, and redirects; or shows the page with the
/// reason why it is refused.
pub(crate) async fn submit_name(
    State(app): State<App>,
    client: Client,
    form: Result<Form<PasskeyForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &client.headers, SIGN_IN, now).await?;
    let form = form.map_or_else(|_| PasskeyForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let Some(name) = passkey_name(&form.name) else {
        let problem = Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_name",
            format!("パスキーの名前は、{LONGEST_PASSKEY_NAME}文字以内で入力してください。"),
        );
        return Ok(page(&app, &signed_in, (None, Some(&problem)), now).await?);
    };
    if has_passkey(&app, &signed_in, &form.passkey).await? {
        let change = SecondFactorChange::RenamePasskey {
            id: form.passkey,
            name,
        };
        let commit = Commit {
            second_factors: vec![(signed_in.user.user_id.clone(), change)],
            ..Commit::default()
        };
        let workspace_id = &signed_in.workspace_id;
        app.store.commit(workspace_id, &commit, now).await?;
    }
    Ok(Redirect::to("/account?done=passkey-renamed").into_response())
}

/// `POST /account/passkeys/remove`: removes a passkey, and redirects. Recovery codes go with the last second factor.
pub(crate) async fn remove(
    State(app): State<App>,
    client: Client,
    form: Result<Form<PasskeyForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &client.headers, SIGN_IN, now).await?;
    let signed_in = signed_in.coming_from(client.source);
    let form = form.map_or_else(|_| PasskeyForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    if !is_confirmed(&signed_in.session, now) {
        return Err(Instead::Redirect(CONFIRM));
    }
    match remove_passkey(&app, &signed_in, form.passkey, now).await {
        Ok(()) => Ok(Redirect::to("/account?done=passkey-removed").into_response()),
        Err(problem) if problem.code == "second_factor_needed" => {
            Ok(page(&app, &signed_in, (None, Some(&problem)), now).await?)
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn remove_passkey(
    app: &App,
    signed_in: &SignedIn,
    id: String,
    now: Timestamp,
) -> Result<(), Problem> {
    let account = Account::of_session(app, signed_in).await?;
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    let factors = app.store.second_factors(workspace_id, user_id).await?;
    let others = factors.passkeys.iter().filter(|it| it.id != id).count();
    if others == factors.passkeys.len() {
        return Ok(());
    }
    let mut changes = vec![SecondFactorChange::RemovePasskey(id)];
    if others == 0 && factors.totp.is_none() {
        check_may_have_none(app, &account).await?;
        changes.push(SecondFactorChange::RemoveRecoveryCodes);
    }
    let told = (
        AuditAction::PasskeyRemoved,
        SecondFactorNotice::PasskeyRemoved,
    );
    write(app, signed_in, &account, changes, told, now).await
}

async fn has_passkey(app: &App, signed_in: &SignedIn, id: &str) -> Result<bool, StoreError> {
    let (workspace_id, user_id) = (&signed_in.workspace_id, &signed_in.user.user_id);
    let factors = app.store.second_factors(workspace_id, user_id).await?;
    Ok(factors.passkeys.iter().any(|it| it.id == id))
}

fn passkey_name(text: &str) -> Option<String> {
    visible_name(text).filter(|name| name.chars().count() <= LONGEST_PASSKEY_NAME)
}
