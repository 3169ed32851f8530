//! Who comes to the doors.

use credentials::{PasswordHash, Random};
use domain::{Credential, EmailAddress, Role, Status, User, UserId, WorkspaceId};
use jiff::SignedDuration;
use serde_json::json;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};

use crate::answer::Answer;
use crate::product::Product;
use crate::request::Call;

/// The password of everybody who has one.
pub const PASSWORD: &str = "hashiru-neko-42";

/// The password that people change to.
pub const NEW_PASSWORD: &str = "aoi-sora-to-umi";

/// Who sends a request. Those whose session is over were システム管理者 as long as it lasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without a session.
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
    /// Left the session alone for too long.
    Expired,
    /// Signed out, and sends the cookie all the same.
    SignedOut,
    /// Somebody guessed at the account until it was locked.
    Locked,
    /// Was deleted.
    Deleted,
}

/// All of them, in the order of the matrix.
pub const ACTORS: [Actor; 10] = [
    Actor::Anonymous,
    Actor::Member,
    Actor::Staff,
    Actor::Administrator,
    Actor::SystemAdministrator,
    Actor::OtherWorkspace,
    Actor::Expired,
    Actor::SignedOut,
    Actor::Locked,
    Actor::Deleted,
];

/// What a browser has after signing in.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The cookie.
    pub cookie: String,
    /// What writes carry.
    pub csrf: String,
    /// The address that was signed in with.
    pub email: String,
}

impl Session {
    /// The session that an answer to signing in or to a new password began.
    pub fn begun_by(answer: &Answer, email: &str) -> Self {
        Self {
            cookie: answer.cookie(),
            csrf: answer.json()["csrf"].as_str().unwrap().to_owned(),
            email: email.to_owned(),
        }
    }
}

impl Product {
    /// Somebody who comes as `actor`, with the session that they have or had.
    pub async fn come_as(&self, actor: Actor) -> Session {
        if actor == Actor::Anonymous {
            return Session {
                email: "nobody@example.jp".into(),
                ..Session::default()
            };
        }
        let (workspace, role) = match actor {
            Actor::Member => ("ws_world", Role::Member),
            Actor::Staff => ("ws_world", Role::Staff),
            Actor::Administrator => ("ws_world", Role::Administrator),
            Actor::OtherWorkspace => ("ws_other", Role::SystemAdministrator),
            _ => ("ws_world", Role::SystemAdministrator),
        };
        let workspace = WorkspaceId::new(workspace);
        let user = self.person(&workspace, "usr_actor", role).await;
        let session = self.sign_in("usr-actor@example.jp").await;
        match actor {
            Actor::Expired => testkit::advance(SignedDuration::from_mins(121)),
            Actor::SignedOut => {
                let call = Call::new("POST", "/api/v1/sign-out").from(&session);
                let answer = self.call(call.json(&json!({}), &session.csrf)).await;
                assert_eq!(answer.status, 204);
            }
            Actor::Locked => self.lock(&session.email).await,
            Actor::Deleted => self.delete(&workspace, &user.user_id).await,
            _ => {}
        }
        session
    }

    /// Signs in over the API.
    pub async fn sign_in(&self, email: &str) -> Session {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = self
            .call(Call::new("POST", "/api/v1/sign-in").json(&body, ""))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Session::begun_by(&answer, email)
    }

    /// Guesses at an account, from elsewhere, until it is locked.
    pub async fn lock(&self, email: &str) {
        let body = json!({"email": email, "password": "wrong"});
        let guess = Call {
            source: "198.51.100.66".into(),
            ..Call::new("POST", "/api/v1/sign-in").json(&body, "")
        };
        for _ in 0..10 {
            assert_eq!(self.call(guess.clone()).await.status, 401);
            testkit::advance(SignedDuration::from_secs(35));
        }
        assert_eq!(self.call(guess).await.status, 429);
    }

    /// Somebody who is 有効 and has [`PASSWORD`].
    pub async fn person(&self, workspace: &WorkspaceId, id: &str, role: Role) -> User {
        let hash = PasswordHash::create(PASSWORD.into(), &Random::os()).await;
        let after = User {
            email: EmailAddress::parse(&format!("{id}@example.jp").replace('_', "-")),
            role,
            status: Status::Active,
            credential: Credential::Password,
            version: 1,
            ..User::new(UserId::new(id), format!("利用者 {id}"))
        };
        let hashes = CredentialHashChanges {
            password_hash: Some(hash.unwrap().expose_to_store().to_owned()),
            ..CredentialHashChanges::default()
        };
        let create = UserWrite::Create {
            after: after.clone(),
            hashes,
        };
        self.write(workspace, create).await;
        after
    }

    /// Deletes a user, as the night does.
    pub async fn delete(&self, workspace: &WorkspaceId, id: &UserId) {
        let before = self.env.store.user(workspace, id).await;
        let before = before.unwrap().unwrap();
        self.write(workspace, UserWrite::Delete { before }).await;
    }

    /// Writes one change of a user.
    pub async fn write(&self, workspace: &WorkspaceId, write: UserWrite) {
        let commit = Commit {
            users: vec![write],
            seats: 500,
            ..Commit::default()
        };
        let store = &self.env.store;
        store
            .commit(workspace, &commit, testkit::now())
            .await
            .unwrap();
    }
}
