//! Users in the database, and their sessions.

use credentials::Random;
use domain::{Credential, EmailAddress, EmployeeCode, Role, Status, User, UserId, WorkspaceId};
use http_client::Session;
use jiff::Timestamp;
use storage::StoreError;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use web::{SessionStart, start_session};

use crate::clock::now;
use crate::test_env::TestEnv;
use crate::users::active;

impl TestEnv {
    /// Returns every user.
    pub async fn users(&self) -> Vec<User> {
        let id = &self.workspace.workspace_id;
        self.store.users(id).await.unwrap()
    }

    /// Returns the stored user with this id.
    pub async fn user(&self, id: &str) -> User {
        let workspace = &self.workspace.workspace_id;
        let found = self.store.user(workspace, &UserId::new(id)).await;
        found.unwrap().unwrap()
    }

    /// Returns when the user with this id last signed in.
    pub async fn last_sign_in(&self, id: &str) -> Option<Timestamp> {
        let (workspace, id) = (&self.workspace.workspace_id, UserId::new(id));
        let found = self.store.user_and_sign_in(workspace, &id);
        found.await.unwrap().unwrap().last_sign_in
    }

    /// Stores a new user. The hash of a password matches no password.
    pub async fn add_user(&self, after: User) -> User {
        self.create(after).await.unwrap()
    }

    async fn create(&self, after: User) -> Result<User, StoreError> {
        let has_password = after.credential == Credential::Password;
        let hashes = CredentialHashChanges {
            password_hash: has_password.then(|| "argon2id".into()),
            ..CredentialHashChanges::default()
        };
        let user = after.clone();
        self.write(UserWrite::Create { after, hashes }).await?;
        Ok(user)
    }

    /// Adds an active user with these identifiers, as an admin does by hand.
    ///
    /// # Errors
    /// As `Store::commit`.
    pub async fn add_by_hand(
        &self,
        id: &str,
        email: Option<&str>,
        code: Option<&str>,
        role: Role,
    ) -> Result<User, StoreError> {
        let user = User {
            email: email.and_then(EmailAddress::parse),
            code: code.and_then(EmployeeCode::parse),
            name: format!("手動 {id}"),
            ..active(id, role)
        };
        self.create(user).await
    }

    /// Changes a stored user, past all checks.
    pub async fn change_user(&self, id: &str, change: impl FnOnce(&mut User)) {
        let before = self.user(id).await;
        let mut after = before.clone();
        change(&mut after);
        after.version += 1;
        let hashes = CredentialHashChanges::default();
        self.write(UserWrite::Change {
            before,
            after,
            hashes,
        })
        .await
        .unwrap();
    }

    /// Accepts a user's invitation and sets a password, whose hash matches no password.
    pub async fn accept_invitation(&self, before: User) -> User {
        let after = User {
            status: Status::Active,
            credential: Credential::Password,
            invitation: None,
            version: before.version + 1,
            ..before.clone()
        };
        let hashes = CredentialHashChanges {
            password_hash: Some("argon2id".into()),
            ..CredentialHashChanges::default()
        };
        self.write(UserWrite::Change {
            before,
            after: after.clone(),
            hashes,
        })
        .await
        .unwrap();
        after
    }

    /// Writes one change of a user, as an admin's or the user's own click does.
    ///
    /// # Errors
    /// As `Store::commit`.
    pub async fn write(&self, write: UserWrite) -> Result<(), StoreError> {
        self.write_in(&self.workspace.workspace_id, write).await
    }

    /// As [`TestEnv::write`], in another workspace.
    ///
    /// # Errors
    /// As `Store::commit`.
    pub async fn write_in(&self, id: &WorkspaceId, write: UserWrite) -> Result<(), StoreError> {
        let commit = Commit {
            users: vec![write],
            seats: self.workspace.seats,
            ..Commit::default()
        };
        self.store.commit(id, &commit, now()).await
    }

    /// Signs a user in without a password.
    pub async fn session_of(&self, user: &UserId) -> Session {
        self.start_session(user, false).await
    }

    /// As [`TestEnv::session_of`], for a user who must replace an initial password first.
    pub async fn session_with_initial_password(&self, user: &UserId) -> Session {
        self.start_session(user, true).await
    }

    async fn start_session(&self, user: &UserId, must_replace_password: bool) -> Session {
        let start = SessionStart {
            workspace_id: self.workspace.workspace_id.clone(),
            user_id: user.clone(),
            epoch: 0,
            must_replace_password,
            awaits: None,
            ends_by: None,
            others: Vec::new(),
        };
        let started = start_session(&self.store, start, String::new(), &Random::os(), now()).await;
        let started = started.unwrap();
        let cookie = started.set_cookie.to_str().unwrap();
        Session {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: started.csrf,
        }
    }
}
