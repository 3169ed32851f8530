//! Mails to deliver, and their deliveries.

use std::time::Duration;

use credentials::{
    CredentialIssuer, CredentialSeed, DerivationKey, DerivationKeys, IssuedCredential, Random,
};
use domain::report::{Action, Outcome, Row};
use domain::{Credential, GroupId, MailKind, OutboxMail, Run, RunId, Status, User, UserId};
use mail::ChatReach;
use storage::mailer::Mailer;
use storage::queues::MailMessage;
use storage::sync_logs::SyncLogs;
use storage::transaction::{Commit, Step, UserWrite};
use testkit::{Fault, TestEnv, now, succeeded_run, users};

use crate::chat_client::ChatClient;
use crate::deliver_once::Delivery;
use crate::derivation_keys::KnownKeys;
use crate::error::DeliveryError;
use crate::ses_quota::KnownQuota;

pub(super) async fn environment() -> TestEnv {
    TestEnv::new(500, None).await
}

pub(super) async fn derivation_key(env: &TestEnv) -> DerivationKey {
    let key = env.secrets().derivation_key().await.unwrap();
    DerivationKeys::from_secret(&key).unwrap().into_current()
}

pub(super) async fn delivery(env: &TestEnv) -> Delivery {
    Delivery {
        store: env.store.clone(),
        mailer: Mailer::from_env(&env.sdk),
        logs: SyncLogs::new(&env.sdk, "logs".into()),
        keys: KnownKeys::new(env.secrets()),
        quota: KnownQuota::default(),
        secrets: env.secrets(),
        chat: ChatClient::new(ChatReach::Local),
        queues: env.runner().queues,
        patience: Duration::from_secs(1),
        from: "no-reply@kitera.example".into(),
        public_base_url: "https://app.kitera.example".into(),
    }
}

pub(super) async fn deliver(env: &TestEnv, message: &MailMessage) -> Result<(), DeliveryError> {
    delivery(env).await.deliver(message, now()).await
}

/// Makes SES refuse `times` mails with this error code, after it has accepted this many. Replaces
/// earlier refusals.
pub(super) fn refuse_mails(env: &TestEnv, after: usize, times: usize, code: &'static str) {
    env.proxy.restart(None);
    let refused = Fault::Refused(400, code);
    env.proxy.inject("SendRawEmail", after, times, refused);
}

/// Puts a mail into the outbox and returns its message.
pub(super) async fn put(env: &TestEnv, kind: MailKind) -> MailMessage {
    let mail = OutboxMail::new(kind, now());
    let message = MailMessage {
        workspace_id: env.workspace.workspace_id.clone(),
        mail_id: mail.mail_id.clone(),
    };
    let commit = Commit {
        mails: vec![mail],
        ..Commit::default()
    };
    let written = env.store.commit(&message.workspace_id, &commit, now());
    written.await.unwrap();
    message
}

/// Returns whether a mail is still in the outbox.
pub(super) async fn waits(env: &TestEnv, message: &MailMessage) -> bool {
    let (id, mail_id) = (&message.workspace_id, &message.mail_id);
    env.store.mail_waits(id, mail_id).await.unwrap()
}

/// Creates an invited user, and the mail with the invitation.
pub(super) async fn invited(env: &TestEnv, id: &str) -> (User, MailMessage) {
    let mut after = User {
        status: Status::Invited,
        credential: Credential::None,
        ..users::synced(id)
    };
    let issued = invite(env, &mut after).await;
    let user = after.clone();
    let hashes = issued.hashes;
    let create = UserWrite::Create { after, hashes };
    env.write(create).await.unwrap();
    let message = put(env, issued.mail.unwrap().kind).await;
    (user, message)
}

/// Issues a new invitation and returns the message of its mail.
pub(super) async fn invite_again(env: &TestEnv, before: User) -> MailMessage {
    let mut after = before.clone();
    after.version += 1;
    let issued = invite(env, &mut after).await;
    let change = UserWrite::Change {
        before,
        after,
        hashes: issued.hashes,
    };
    env.write(change).await.unwrap();
    put(env, issued.mail.unwrap().kind).await
}

async fn invite(env: &TestEnv, user: &mut User) -> IssuedCredential {
    let fields = user.synced_fields(GroupId::new("viewers"));
    let key = derivation_key(env).await;
    issuer(env, &key).invite(user, fields, &Random::os())
}

fn issuer<'a>(env: &'a TestEnv, key: &'a DerivationKey) -> CredentialIssuer<'a> {
    CredentialIssuer {
        key,
        workspace_id: &env.workspace.workspace_id,
        now: now(),
    }
}

/// Creates a user with an employee code and an initial password derived from `seed`.
pub(super) async fn registered(env: &TestEnv, code: &str, seed: &str) -> User {
    let mut after = users::by_code(&format!("usr_{code}"), code);
    let seed = CredentialSeed::from_stored(seed.into());
    let key = derivation_key(env).await;
    let random = Random::seeded(1);
    let issued = issuer(env, &key).issue_initial_password(&mut after, &seed, &random);
    let user = after.clone();
    let hashes = issued.hashes;
    let create = UserWrite::Create { after, hashes };
    env.write(create).await.unwrap();
    user
}

/// Creates a run that issued initial passwords from `seed`, or held deletions.
pub(super) async fn run(env: &TestEnv, seed: Option<&str>, held: &[UserId]) -> RunId {
    let run = Run {
        held: held.to_vec(),
        password_seed: seed.map(Into::into),
        ..succeeded_run("20261122T170000Z-schedule")
    };
    let id = &env.workspace.workspace_id;
    env.store.begin_run(id, &run, now()).await.unwrap();
    run.run_id
}

/// Notes in the rows of a run that it gave an initial password to everybody who has one.
pub(super) async fn give_passwords(env: &TestEnv, run_id: &RunId) {
    let id = &env.workspace.workspace_id;
    let acquired = env.store.acquire_lease(id, run_id, 0, now()).await;
    let lease = acquired.unwrap().unwrap().lease;
    let users = env.users().await.into_iter();
    let given = users.filter(|user| matches!(user.credential, Credential::Initial { .. }));
    let commit = Commit {
        step: Some(Step {
            lease: &lease,
            rows: given.map(|user| row_of(&user)).collect(),
            people_before: 0,
            total: 0,
            deletions: None,
            changed_by_day: 0,
        }),
        ..Commit::default()
    };
    env.store.commit(id, &commit, now()).await.unwrap();
    env.store.release_lease(id, &lease, &[]).await.unwrap();
}

fn row_of(user: &User) -> Row {
    Row {
        crew_id: None,
        user_id: Some(user.user_id.clone()),
        code: String::new(),
        name: user.name.clone(),
        email: String::new(),
        action: Action::Register,
        outcome: Outcome::Success,
        cause: String::new(),
        remedy: String::new(),
        changes: Vec::new(),
        initial_password: true,
        at: None,
    }
}
