//! Those who send requests.

use credentials::{PasswordHash, Random};
use domain::{Role, User, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storage::transaction::{CredentialHashChanges, UserWrite};
use testkit::http::Request;
use testkit::users;
use tokio::sync::OnceCell;

use crate::product::{Browser, Product};

/// The password of everybody who has one.
pub const PASSWORD: &str = "hashiru-neko-42";

/// The hash of [`PASSWORD`], which is the same for all: to make one takes longer than most tests.
static HASH: OnceCell<String> = OnceCell::const_new();

/// The password that people change to.
pub const NEW_PASSWORD: &str = "aoi-sora-to-umi";

/// The fields of the page on which a password is chosen, filled in with [`PASSWORD`].
pub const PASSWORD_FIELDS: [(&str, &str); 2] =
    [("password", PASSWORD), ("password_confirmation", PASSWORD)];

/// The address of each actor that has an account.
pub const ACTOR_EMAIL: &str = "usr-actor@example.jp";

/// Who sends a request. Those whose session is over were システム管理者 as long as it lasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Has no session.
    Anonymous,
    /// メンバー
    Member,
    /// 担当者
    Staff,
    /// 管理者
    Administrator,
    /// システム管理者
    SystemAdministrator,
    /// システム管理者 of another workspace.
    OtherWorkspace,
    /// Left the session unused for too long.
    Expired,
    /// Signed out, and sends the cookie all the same.
    SignedOut,
    /// Was deleted.
    Deleted,
    /// Has a session, and asked for a link to choose a new password.
    ResetOpen,
    /// Gave the password, and has still to give the second factor.
    SecondFactorPending,
    /// Gave the password, and has to set a second factor up.
    MustEnrol,
}

/// All actors, in the order of the matrix.
pub const ACTORS: [Actor; 12] = [
    Actor::Anonymous,
    Actor::Member,
    Actor::Staff,
    Actor::Administrator,
    Actor::SystemAdministrator,
    Actor::OtherWorkspace,
    Actor::Expired,
    Actor::SignedOut,
    Actor::Deleted,
    Actor::ResetOpen,
    Actor::SecondFactorPending,
    Actor::MustEnrol,
];

impl Product {
    /// Returns the browser of an actor, with the session that they have or had.
    pub async fn browser_of(&self, actor: Actor) -> Browser<'_> {
        let (workspace, role) = match actor {
            Actor::Anonymous => return self.browser(),
            Actor::Member => ("ws_test", Role::Member),
            Actor::Staff => ("ws_test", Role::Staff),
            Actor::Administrator => ("ws_test", Role::Administrator),
            Actor::OtherWorkspace => ("ws_other", Role::SystemAdministrator),
            _ => ("ws_test", Role::SystemAdministrator),
        };
        let workspace = WorkspaceId::new(workspace);
        let user = self.add_user_in(&workspace, "usr_actor", role).await;
        match actor {
            Actor::SecondFactorPending => {
                self.env.add_second_factor("usr_actor").await;
            }
            Actor::MustEnrol => self.ask_for_second_factors().await,
            _ => {}
        }
        let browser = self.sign_in(ACTOR_EMAIL).await;
        match actor {
            Actor::Expired => testkit::advance(SignedDuration::from_mins(121)),
            Actor::SignedOut => {
                let elsewhere = browser.clone();
                elsewhere.post("/api/v1/sign-out", json!({})).await.ok();
            }
            Actor::ResetOpen => {
                let fields = [("email", ACTOR_EMAIL)];
                self.browser().form("/forgot-password", &fields).await;
            }
            Actor::Deleted => self.delete(&workspace, &user.user_id).await,
            _ => {}
        }
        browser
    }

    /// Lets the workspace ask its admins for a second factor, for longer than they may wait.
    async fn ask_for_second_factors(&self) {
        let mut workspace = self.env.workspace.clone();
        workspace.second_factor_required_since = Some(Timestamp::UNIX_EPOCH);
        self.env.store.put_workspace(&workspace, &[]).await.unwrap();
    }

    /// Signs in over the API, in a new browser.
    pub async fn sign_in(&self, email: &str) -> Browser<'_> {
        let browser = self.browser();
        let body = sign_in_body(email);
        browser.post("/api/v1/sign-in", body).await.ok();
        browser
    }

    /// Adds a user `usr_ID` with [`PASSWORD`], and signs them in as `usr-ID@example.jp`.
    pub async fn sign_in_new(&self, id: &str, role: Role) -> Browser<'_> {
        self.add_user(&format!("usr_{id}"), role).await;
        self.sign_in(&format!("usr-{id}@example.jp")).await
    }

    /// Locks an account for another source, by wrong passwords from there.
    pub async fn lock(&self, email: &str) {
        let body = json!({"email": email, "password": "wrong"});
        let mut browser = self.browser();
        browser.source = "198.51.100.66".into();
        let guess = Request::post("/api/v1/sign-in").json(&body);
        for _ in 0..10 {
            assert_eq!(browser.send(guess.clone()).await.status, 401);
            testkit::advance(SignedDuration::from_secs(35));
        }
        assert_eq!(browser.send(guess).await.status, 429);
    }

    /// Adds an active user with [`PASSWORD`].
    pub async fn add_user(&self, id: &str, role: Role) -> User {
        let home = self.env.workspace.workspace_id.clone();
        self.add_user_in(&home, id, role).await
    }

    /// Adds an active user as [`Product::add_user`] does, to another workspace.
    pub async fn add_user_in(&self, workspace: &WorkspaceId, id: &str, role: Role) -> User {
        let hash = HASH.get_or_init(|| async {
            let hash = PasswordHash::create(PASSWORD.into(), &Random::os()).await;
            hash.unwrap().expose_to_store().to_owned()
        });
        let after = users::active(id, role);
        let hashes = CredentialHashChanges {
            password_hash: Some(hash.await.clone()),
            ..CredentialHashChanges::default()
        };
        let create = UserWrite::Create {
            after: after.clone(),
            hashes,
        };
        self.env.write_in(workspace, create).await.unwrap();
        after
    }

    /// Deletes a user, as a run does.
    async fn delete(&self, workspace: &WorkspaceId, id: &UserId) {
        let before = self.env.store.user(workspace, id).await;
        let before = before.unwrap().unwrap();
        let delete = UserWrite::Delete { before };
        self.env.write_in(workspace, delete).await.unwrap();
    }
}

/// Returns the body that signs a user in with [`PASSWORD`].
pub fn sign_in_body(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}
