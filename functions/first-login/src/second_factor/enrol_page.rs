//! `GET /account/second-factor` and `POST /account/second-factor`: sets an authenticator app up. Nothing is stored
//! before its first code is right. The seed travels in the form: without the derivation key it says nothing.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use credentials::{CredentialSeed, RecoveryCodes, TotpSecret};
use domain::text::folded;
use domain::{
    AuditAction, AuditEvent, EmailAddress, EmployeeCode, KeyId, LoginMethod, SecondFactorNotice,
    User,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use storage::second_factors::{SecondFactorChange, Totp};
use storage::transaction::Commit;
use web::{NextStep, Problem, SignedIn, check_confirmed, html_page, qr_code};

use super::check_code::{derivation_keys, notice, send};
use super::recovery_codes_page::recovery_codes_page;
use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::page_user::Instead;

/// The page of those who have an app, or sign in by SSO.
const ACCOUNT: &str = "/account";
/// The length of a seed: 256 bits in base64url.
const SEED_LENGTH: usize = 43;

#[derive(Template)]
#[template(path = "second_factor_enrol.html")]
struct Page<'a> {
    error: Option<&'a str>,
    csrf: &'a str,
    /// Whether nothing else can be done before.
    is_required: bool,
    qr_code: String,
    /// The secret as it is typed into an app, in groups.
    secret: String,
    seed: &'a str,
    key: &'a str,
}

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct EnrolForm {
    csrf: String,
    seed: SecretString,
    key: String,
    code: String,
}

/// Shows a new secret.
pub(crate) async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Instead> {
    let signed_in = user_without_app(&app, &headers, app.now()).await?;
    let seed = CredentialSeed::generate(&app.random);
    let keys = derivation_keys(&app).await?;
    let key = keys.current();
    let secret = TotpSecret::derive(key, &seed, &signed_in.workspace_id, &signed_in.user.user_id);
    Ok(page(&signed_in, (&seed, key.id()), &secret, None))
}

/// Adds the app and shows new recovery codes, or the same secret again with the error.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<EnrolForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = user_without_app(&app, &client.headers, now).await?;
    let signed_in = signed_in.coming_from(client.source);
    let form = form.map_or_else(|_| EnrolForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let (seed, key_id) = (form.seed, KeyId::new(form.key));
    let keys = derivation_keys(&app).await?;
    let Some(key) = keys.with_id(&key_id) else {
        return Err(Instead::Redirect(NextStep::EnrolSecondFactor.page()));
    };
    if seed.expose_secret().len() != SEED_LENGTH {
        return Err(Instead::Redirect(NextStep::EnrolSecondFactor.page()));
    }
    let stored_seed = seed.expose_secret().to_owned();
    let seed = CredentialSeed::from_stored(seed);
    let secret = TotpSecret::derive(key, &seed, &signed_in.workspace_id, &signed_in.user.user_id);
    let typed = folded(&form.code);
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(step) = secret.step_of(&code, now) else {
        let wrong = "コードが正しくありません。認証アプリに登録したうえで、表示されている最新の6桁のコードを入力してください。端末の時刻がずれていると、正しいコードになりません。";
        return Ok(page(&signed_in, (&seed, &key_id), &secret, Some(wrong)));
    };
    let totp = Totp {
        key_id,
        seed: stored_seed.as_str().into(),
        last_step: step,
        added_at: now,
    };
    Ok(add(&app, &signed_in, totp, now).await?)
}

async fn add(
    app: &App,
    signed_in: &SignedIn,
    totp: Totp,
    now: Timestamp,
) -> Result<Response, Problem> {
    let account = Account::of_session(app, signed_in).await?;
    let codes = RecoveryCodes::generate(&app.random);
    let user_id = &account.user.user_id;
    let changes = [
        SecondFactorChange::PutTotp(totp),
        SecondFactorChange::PutRecoveryCodes(codes.hashes()),
    ];
    let event = AuditEvent::new(&signed_in.author(), AuditAction::SecondFactorAdded, now);
    let mail = notice(&account, SecondFactorNotice::TotpAdded, now);
    let commit = Commit {
        second_factors: changes.map(|change| (user_id.clone(), change)).into(),
        mails: mail.into_iter().collect(),
        audit: vec![event.about_user(user_id)],
        ..Commit::default()
    };
    let workspace_id = &account.workspace_id;
    app.store.commit(workspace_id, &commit, now).await?;
    app.store
        .session_awaits_nothing(&signed_in.token_hash)
        .await?;
    send(app, &account, commit.mails).await;
    let heading = "二段階認証を設定しました";
    Ok(recovery_codes_page(heading, &account.user.name, &codes))
}

/// Returns a user who signs in by a password and has no app; also one who must set one up first. Others confirm
/// first: somebody who found a browser open could otherwise lock its person out by an app of their own.
async fn user_without_app(
    app: &App,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<SignedIn, Instead> {
    let signed_in = SignedIn::find(&app.store, headers, now).await?;
    let signed_in = signed_in.ok_or(Instead::Redirect(
        "/sign-in?return_to=%2Faccount%2Fsecond-factor",
    ))?;
    signed_in.check_own_account()?;
    match signed_in.next_step() {
        None => check_confirmed(&signed_in.session, now)?,
        Some(NextStep::EnrolSecondFactor) => {}
        Some(step) => return Err(Instead::Redirect(step.page())),
    }
    let user = &signed_in.user;
    let factors = app
        .store
        .second_factors(&signed_in.workspace_id, &user.user_id)
        .await?;
    if factors.totp.is_some() || user.login_method != LoginMethod::Password {
        return Err(Instead::Redirect(ACCOUNT));
    }
    Ok(signed_in)
}

fn page(
    signed_in: &SignedIn,
    (seed, key_id): (&CredentialSeed, &KeyId),
    secret: &TotpSecret,
    error: Option<&str>,
) -> Response {
    let url = secret.url(&label(&signed_in.user));
    let page = Page {
        error,
        csrf: &signed_in.session.csrf,
        is_required: signed_in.next_step().is_some(),
        qr_code: qr_code(url.expose_secret()).unwrap_or_default(),
        secret: grouped(secret.base32().expose_secret()),
        seed: seed.expose_to_store(),
        key: key_id.as_str(),
    };
    let status = error.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    html_page(status, &page).into_response()
}

/// Returns what the app shows beside the code: what the user signs in with.
fn label(user: &User) -> String {
    let email = user.email.as_ref().map(EmailAddress::as_str);
    let code = user.code.as_ref().map(EmployeeCode::as_str);
    email.or(code).unwrap_or(&user.name).to_owned()
}

fn grouped(text: &str) -> String {
    let groups = text.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}
