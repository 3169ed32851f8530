//! Whether a typed code is one of somebody's authenticator app, or a recovery code. Each is accepted once.

use axum::http::StatusCode;
use credentials::{CredentialSeed, DerivationKeys, TotpSecret, recovery_code_hash};
use domain::second_factor::SecondFactorNotice;
use domain::text::folded;
use domain::{AuditAction, AuditEvent, MailKind, OutboxMail};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use storage::StoreError;
use storage::second_factors::{SecondFactorChange, Totp};
use storage::transaction::Commit;
use web::{Problem, RequestSource};

use super::wrong_codes::WrongCodes;
use crate::account::Account;
use crate::app::App;
use crate::refusals::{self, Method};
use crate::sign_in::mail_lock_notice;
use crate::sign_in_throttle::name_of_user;

/// The length of an app's code. Recovery codes are longer.
const DIGITS: usize = 6;

/// Accepts a code of `account`, and forgets the wrong ones before it. Logs a refusal. The use of a recovery
/// code is mailed, and recorded as `recorded_as` where nothing else is recorded by the same request.
///
/// # Errors
/// The 403 `second_factor_wrong` and `second_factor_locked`, the 429 of the throttle, the 503 when AWS does not
/// answer.
pub(crate) async fn check_code(
    app: &App,
    account: &Account,
    typed: &SecretString,
    recorded_as: Option<AuditAction>,
    source: &RequestSource,
    now: Timestamp,
) -> Result<(), Problem> {
    let answer = accept_code(app, account, typed, recorded_as, source, now).await;
    if let Err(problem) = &answer {
        let name = name_of_user(&account.workspace_id, &account.user.user_id);
        let attempt = (Method::SecondFactor, &*name);
        refusals::log_problem(app, attempt, &source.network, problem, now).await;
    }
    answer
}

/// As [`check_code`], where the caller logs a refusal.
///
/// # Errors
/// As [`check_code`].
pub(crate) async fn accept_code(
    app: &App,
    account: &Account,
    typed: &SecretString,
    recorded_as: Option<AuditAction>,
    source: &RequestSource,
    now: Timestamp,
) -> Result<(), Problem> {
    let typed = folded(typed.expose_secret());
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let is_of_app = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_of_app {
        check_code_of_app(app, account, &digits, now).await
    } else {
        use_recovery_code(app, account, &typed.into(), recorded_as, source, now).await
    }
}

async fn check_code_of_app(
    app: &App,
    account: &Account,
    code: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let wrong_codes = WrongCodes::of(account);
    if wrong_codes.count(&app.store, now).await? {
        let name = name_of_user(&account.workspace_id, &account.user.user_id);
        mail_lock_notice(app, &name, Some(account), now).await?;
    }
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    let factors = app.store.second_factors(workspace_id, user_id).await?;
    let totp = factors.totp.ok_or_else(wrong)?;
    let secret = secret_of(app, account, &totp).await?.ok_or_else(wrong)?;
    let step = secret.step_of(code, now).ok_or_else(wrong)?;
    let commit = Commit {
        second_factors: vec![(user_id.clone(), SecondFactorChange::AcceptTotpStep(step))],
        ..Commit::default()
    };
    match app.store.commit(workspace_id, &commit, now).await {
        // This code or a later one was accepted before.
        Err(StoreError::Conflict(_)) => Err(wrong()),
        accepted => {
            accepted?;
            wrong_codes.forget(&app.store).await
        }
    }
}

/// Returns the secret of a stored app; `None` if its key was taken out of Secrets Manager.
async fn secret_of(
    app: &App,
    account: &Account,
    totp: &Totp,
) -> Result<Option<TotpSecret>, Problem> {
    let keys = derivation_keys(app).await?;
    let Some(key) = keys.with_id(&totp.key_id) else {
        tracing::error!(key_id = %totp.key_id, "the derivation key of an authenticator app is gone");
        return Ok(None);
    };
    let seed = CredentialSeed::from(&totp.seed);
    let secret = TotpSecret::derive(key, &seed, &account.workspace_id, &account.user.user_id);
    Ok(Some(secret))
}

/// Reads the derivation keys.
///
/// # Errors
/// The 503 when Secrets Manager does not answer, the 500 when the secret is no key.
pub(super) async fn derivation_keys(app: &App) -> Result<DerivationKeys, Problem> {
    let secret = app.secrets.derivation_key().await?;
    DerivationKeys::from_secret(&secret).map_err(|error| {
        tracing::error!(%error, "answered 500");
        Problem::internal()
    })
}

async fn use_recovery_code(
    app: &App,
    account: &Account,
    code: &SecretString,
    recorded_as: Option<AuditAction>,
    source: &RequestSource,
    now: Timestamp,
) -> Result<(), Problem> {
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    let used = SecondFactorChange::UseRecoveryCode(recovery_code_hash(code));
    let mail = notice(account, SecondFactorNotice::RecoveryCodeUsed, now);
    let event = recorded_as.map(|action| AuditEvent::new(&source.author(user_id), action, now));
    let commit = Commit {
        second_factors: vec![(user_id.clone(), used)],
        mails: mail.into_iter().collect(),
        audit: event.into_iter().map(|it| it.about_user(user_id)).collect(),
        ..Commit::default()
    };
    match app.store.commit(workspace_id, &commit, now).await {
        Err(StoreError::Conflict(_)) => return Err(wrong()),
        used => used?,
    }
    send(app, account, commit.mails).await;
    WrongCodes::of(account).forget(&app.store).await
}

/// Returns the mail about a second factor to its person, if they have an address.
pub(super) fn notice(
    account: &Account,
    notice: SecondFactorNotice,
    now: Timestamp,
) -> Option<OutboxMail> {
    account.user.email.as_ref()?;
    let user_id = account.user.user_id.clone();
    let kind = MailKind::SecondFactorChanged { user_id, notice };
    Some(OutboxMail::new(kind, now))
}

/// Sends mails of the outbox to the queue. If that fails, they wait in the outbox.
pub(super) async fn send(app: &App, account: &Account, mails: Vec<OutboxMail>) {
    let mail_ids: Vec<String> = mails.into_iter().map(|mail| mail.mail_id).collect();
    let sent = app.queues.send_mails(&account.workspace_id, &mail_ids);
    if let Err(error) = sent.await {
        tracing::warn!(%error, "a mail waits in the outbox");
    }
}

fn wrong() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "second_factor_wrong",
        "コードが正しくありません。認証アプリに表示されている最新の6桁のコードか、まだ使用していないリカバリーコードを入力してください。",
    )
}
