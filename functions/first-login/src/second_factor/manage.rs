//! `POST /account/second-factor/remove` and `POST /account/second-factor/recovery-codes`. Both ask for a code: an
//! unattended browser must not be enough.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use credentials::RecoveryCodes;
use domain::{AuditAction, AuditEvent, SecondFactorNotice, second_factor_due};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use storage::second_factors::SecondFactorChange;
use storage::transaction::Commit;
use web::{Problem, SignedIn};

use super::check_code::{check_code, notice, send};
use super::recovery_codes_page::recovery_codes_page;
use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::my_account::page::{SIGN_IN, page};
use crate::page_user::{Instead, page_user};

/// The fields of both forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CodeForm {
    csrf: String,
    code: SecretString,
}

/// Removes the app. Recovery codes go with the last second factor.
pub(crate) async fn remove(
    State(app): State<App>,
    client: Client,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let (signed_in, form) = signed_in_with(&app, client, form, now).await?;
    match remove_app(&app, &signed_in, &form.code, now).await {
        Ok(()) => Ok(Redirect::to("/account?done=second-factor-removed").into_response()),
        Err(problem) => refused(&app, &signed_in, problem, now).await,
    }
}

/// Makes new recovery codes in place of the former ones, and shows them.
pub(crate) async fn make_recovery_codes(
    State(app): State<App>,
    client: Client,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let (signed_in, form) = signed_in_with(&app, client, form, now).await?;
    match new_recovery_codes(&app, &signed_in, &form.code, now).await {
        Ok(codes) => {
            let heading = "リカバリーコードを再発行しました";
            Ok(recovery_codes_page(heading, &signed_in.user.name, &codes))
        }
        Err(problem) => refused(&app, &signed_in, problem, now).await,
    }
}

async fn signed_in_with(
    app: &App,
    client: Client,
    form: Result<Form<CodeForm>, FormRejection>,
    now: Timestamp,
) -> Result<(SignedIn, CodeForm), Instead> {
    let signed_in = page_user(app, &client.headers, SIGN_IN, now).await?;
    let form = form.map_or_else(|_| CodeForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    Ok((signed_in.coming_from(client.source), form))
}

async fn refused(
    app: &App,
    signed_in: &SignedIn,
    problem: Problem,
    now: Timestamp,
) -> Result<Response, Instead> {
    if problem.status.is_server_error() {
        return Err(problem.into());
    }
    Ok(page(app, signed_in, (None, Some(&problem)), now).await?)
}

async fn remove_app(
    app: &App,
    signed_in: &SignedIn,
    code: &SecretString,
    now: Timestamp,
) -> Result<(), Problem> {
    let account = Account::of_session(app, signed_in).await?;
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    let factors = app.store.second_factors(workspace_id, user_id).await?;
    let is_last = factors.passkeys.is_empty();
    if is_last {
        check_may_have_none(app, &account).await?;
    }
    check_code(app, &account, code, None, &signed_in.source, now).await?;
    let mut changes = vec![SecondFactorChange::RemoveTotp];
    changes.extend(is_last.then_some(SecondFactorChange::RemoveRecoveryCodes));
    let change = (
        AuditAction::SecondFactorRemoved,
        SecondFactorNotice::TotpRemoved,
    );
    write(app, signed_in, &account, changes, change, now).await
}

async fn new_recovery_codes(
    app: &App,
    signed_in: &SignedIn,
    code: &SecretString,
    now: Timestamp,
) -> Result<RecoveryCodes, Problem> {
    let account = Account::of_session(app, signed_in).await?;
    check_code(app, &account, code, None, &signed_in.source, now).await?;
    let codes = RecoveryCodes::generate(&app.random);
    let changes = vec![SecondFactorChange::PutRecoveryCodes(codes.hashes())];
    let change = (
        AuditAction::RecoveryCodesMade,
        SecondFactorNotice::RecoveryCodesMade,
    );
    write(app, signed_in, &account, changes, change, now).await?;
    Ok(codes)
}

/// Checks that somebody may be without a second factor.
///
/// # Errors
/// The 409 `second_factor_needed` where the workspace asks admins for one.
pub(crate) async fn check_may_have_none(app: &App, account: &Account) -> Result<(), Problem> {
    let workspace = app.store.workspace(&account.workspace_id).await?;
    if workspace.is_some_and(|workspace| second_factor_due(&account.user, &workspace).is_some()) {
        return Err(Problem::conflict(
            "second_factor_needed",
            "このワークスペースでは、システム管理者・管理者に二段階認証が必要です。削除する前に、別の二段階認証を追加してください。",
        ));
    }
    Ok(())
}

/// Writes changes of a user's second factors, with what the audit trail says about them, and mails the user.
///
/// # Errors
/// The 409 when something changed meanwhile, the 503 when DynamoDB does not answer.
pub(crate) async fn write(
    app: &App,
    signed_in: &SignedIn,
    account: &Account,
    changes: Vec<SecondFactorChange>,
    (action, told): (AuditAction, SecondFactorNotice),
    now: Timestamp,
) -> Result<(), Problem> {
    let user_id = &account.user.user_id;
    let event = AuditEvent::new(&signed_in.author(), action, now).about_user(user_id);
    let of_user = changes.into_iter().map(|change| (user_id.clone(), change));
    let commit = Commit {
        second_factors: of_user.collect(),
        mails: notice(account, told, now).into_iter().collect(),
        audit: vec![event],
        ..Commit::default()
    };
    app.store
        .commit(&account.workspace_id, &commit, now)
        .await?;
    send(app, account, commit.mails).await;
    Ok(())
}
