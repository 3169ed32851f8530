//! A test environment for deliveries: a workspace with users, an outbox, and a stand-in for SES.

use credentials::{CredentialIssuer, DerivationKey, InitialPasswordSeed, Random};
use domain::{Counts, CredentialHashChanges, Mode, Run, RunOutcome, Trigger};
use domain::{
    Credential, CrewId, CrewLink, EmailAddress, EmployeeCode, GroupId, Role, RunId, Status,
    TenantId, User, UserId, Workspace, WorkspaceId,
};
use domain::{MailKind, OutboxMail};
use jiff::{SignedDuration, Timestamp};
use storage::Store;
use storage::mailer::Mailer;
use storage::queues::MailMessage;
use storage::testing::{database, sdk_config};
use storage::transaction::{Commit, UserWrite};

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::tests::ses_stand_in::SesStandIn;

/// The environment of one test.
pub(super) struct DeliveryEnv {
    pub(super) delivery: Delivery,
    pub(super) ses: SesStandIn,
    pub(super) workspace_id: WorkspaceId,
    pub(super) now: Timestamp,
    random: Random,
}

impl DeliveryEnv {
    pub(super) async fn new() -> Self {
        let (store, _sdk) = database().await.unwrap();
        let ses = SesStandIn::default();
        let workspace_id = WorkspaceId::new("ws_1");
        let workspace = Workspace {
            workspace_id: workspace_id.clone(),
            name: "みどり商事".into(),
            company_code: "MIDORI".into(),
            seats: 500,
            allowed_domains: Vec::new(),
            sso_configured: false,
            groups: Vec::new(),
            related_company_users: Vec::new(),
        };
        store.put_workspace(&workspace).await.unwrap();
        let delivery = Delivery {
            store,
            mailer: Mailer::from_env(&sdk_config(&ses.serve().await).unwrap()),
            key: DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap(),
            from: "no-reply@kitera.example".into(),
            public_base_url: "https://app.kitera.example".into(),
        };
        Self {
            delivery,
            ses,
            workspace_id,
            now: "2026-11-25T02:00:00+09:00".parse().unwrap(),
            random: Random::seeded(1),
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.delivery.store
    }

    pub(super) fn wait_hours(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
    }

    /// Puts a mail into the outbox and returns its message.
    pub(super) async fn put(&self, kind: MailKind) -> MailMessage {
        let mail = OutboxMail::new(kind, self.now);
        let mail_id = mail.mail_id.clone();
        let commit = Commit {
            mails: vec![mail],
            ..Commit::default()
        };
        self.commit(&commit).await;
        MailMessage {
            workspace_id: self.workspace_id.clone(),
            mail_id,
        }
    }

    pub(super) async fn deliver(&self, message: &MailMessage) -> Result<(), DeliveryError> {
        self.delivery.deliver(message, self.now).await
    }

    /// Returns whether a mail is still in the outbox.
    pub(super) async fn waits(&self, message: &MailMessage) -> bool {
        self.store()
            .mail_waits(&self.workspace_id, &message.mail_id)
            .await
            .unwrap()
    }

    /// Creates an active user with this role and address.
    pub(super) async fn admin(&self, role: Role, email: &str) -> User {
        let mut user = self.blank(Some(email), None);
        user.role = role;
        user.status = Status::Active;
        user.credential = Credential::Password;
        self.create(user, CredentialHashChanges::default()).await
    }

    /// Creates an invited user, and the mail with the invitation.
    pub(super) async fn invited(&self, email: &str) -> (User, MailMessage) {
        let mut user = self.blank(Some(email), None);
        let hashes = self.invite(&mut user);
        let user = self.create(user, hashes).await;
        let message = self.put(OutboxMail::invitation(&user, self.now).kind).await;
        (user, message)
    }

    /// Issues a new invitation and returns the message of its mail.
    pub(super) async fn invite_again(&self, user: &User) -> MailMessage {
        let mut after = user.clone();
        after.version += 1;
        let hashes = self.invite(&mut after);
        self.write(UserWrite::Change {
            before: user.clone(),
            after: after.clone(),
            hashes,
        })
        .await;
        self.put(OutboxMail::invitation(&after, self.now).kind)
            .await
    }

    fn invite(&self, user: &mut User) -> CredentialHashChanges {
        let fields = user.synced_fields(GroupId::new("grp_1"));
        self.issuer().invite(user, fields).hashes
    }

    /// Creates a user with an employee code and an initial password derived from `seed`.
    pub(super) async fn registered(&self, code: &str, seed: &str) -> User {
        let mut user = self.blank(None, Some(code));
        let seed = InitialPasswordSeed::from_stored(seed.into());
        let issuer = self.issuer();
        let credential = issuer.issue_initial_password(&mut user, &seed, &self.random);
        self.create(user, credential.hashes).await
    }

    fn issuer(&self) -> CredentialIssuer<'_> {
        CredentialIssuer {
            key: &self.delivery.key,
            workspace_id: &self.workspace_id,
            now: self.now,
        }
    }

    /// Changes a stored user.
    pub(super) async fn change(&self, user: &User, change: impl FnOnce(&mut User)) {
        let mut after = user.clone();
        change(&mut after);
        after.version += 1;
        self.write(UserWrite::Change {
            before: user.clone(),
            after,
            hashes: CredentialHashChanges::default(),
        })
        .await;
    }

    /// Deletes a stored user.
    pub(super) async fn delete(&self, user: &User) {
        let before = user.clone();
        self.write(UserWrite::Delete { before }).await;
    }

    /// Creates a run that issued initial passwords from `seed`, or held deletions.
    pub(super) async fn run(&self, seed: Option<&str>, held: &[UserId]) -> RunId {
        let run = Run {
            run_id: RunId::new("20261124T170000Z-schedule"),
            trigger: Trigger::Schedule,
            mode: Mode::Apply,
            outcome: RunOutcome::Success,
            started_at: self.now,
            finished_at: Some(self.now),
            counts: Counts::default(),
            failure: None,
            held: held.to_vec(),
            log_key: None,
            password_seed: seed.map(Into::into),
        };
        self.store()
            .begin_run(&self.workspace_id, &run, self.now)
            .await
            .unwrap();
        run.run_id
    }

    fn blank(&self, email: Option<&str>, code: Option<&str>) -> User {
        let user_id = self.random.user_id();
        User {
            crew_link: Some(CrewLink {
                tenant_id: TenantId::new("tenant"),
                crew_id: CrewId::new(user_id.as_str()),
            }),
            email: email.and_then(EmailAddress::parse),
            code: code.and_then(EmployeeCode::parse),
            version: 1,
            ..User::new(user_id, "田中 花子")
        }
    }

    async fn create(&self, after: User, hashes: CredentialHashChanges) -> User {
        let create = UserWrite::Create {
            after: after.clone(),
            hashes,
        };
        self.write(create).await;
        after
    }

    async fn write(&self, write: UserWrite) {
        let commit = Commit {
            users: vec![write],
            seats: 500,
            ..Commit::default()
        };
        self.commit(&commit).await;
    }

    async fn commit(&self, commit: &Commit<'_>) {
        self.store()
            .commit(&self.workspace_id, commit, self.now)
            .await
            .unwrap();
    }
}
