//! The users of the test workspace.

use credentials::{CredentialIssuer, InitialPasswordSeed, InvitationUrl, PasswordHash};
use domain::{
    Credential, CredentialHashChanges, CrewId, CrewLink, EmailAddress, EmployeeCode, GroupId,
    Status, TenantId, User, UserId, WorkspaceId,
};
use secrecy::ExposeSecret;
use storage::transaction::{Commit, UserWrite};

use super::site::{PASSWORD, Site, workspace};

impl Site {
    /// Creates a 有効 user whose password is [`PASSWORD`].
    pub(super) async fn user(&self, email: Option<&str>, code: Option<&str>) -> User {
        let mut user = self.blank(email, code);
        user.status = Status::Active;
        user.credential = Credential::Password;
        let hash = PasswordHash::create(PASSWORD.into(), &self.random)
            .await
            .unwrap();
        let hashes = CredentialHashChanges {
            password_hash: Some(hash.expose_to_store().to_owned()),
            ..CredentialHashChanges::default()
        };
        self.create(&self.workspace.workspace_id, user, hashes)
            .await
    }

    /// Creates a user with an initial password, and returns both.
    pub(super) async fn registered(&self, code: &str) -> (User, String) {
        let mut user = self.blank(None, Some(code));
        let workspace_id = &self.workspace.workspace_id;
        let seed = InitialPasswordSeed::generate(&self.random);
        let issued = self
            .issuer()
            .issue_initial_password(&mut user, &seed, &self.random);
        let serial = u64::from(user.serial);
        let password = self
            .key
            .initial_password(&seed, workspace_id, &user.user_id, serial);
        let user = self.create(workspace_id, user, issued.hashes).await;
        (user, password.expose_secret().to_owned())
    }

    /// Creates an invited user, and returns the user and the path of the invitation.
    pub(super) async fn invited(&self, email: &str) -> (User, String) {
        let mut user = self.blank(Some(email), None);
        let (hashes, path) = self.invite(&mut user);
        let user = self
            .create(&self.workspace.workspace_id, user, hashes)
            .await;
        (user, path)
    }

    /// Invites a user again, and returns the path of the new invitation.
    pub(super) async fn invite_again(&self, user_id: &UserId) -> String {
        let mut after = self.stored(user_id).await;
        let (hashes, path) = self.invite(&mut after);
        self.replace(after, hashes).await;
        path
    }

    pub(super) async fn stored(&self, user_id: &UserId) -> User {
        let found = self.store.user(&self.workspace.workspace_id, user_id).await;
        found.unwrap().unwrap()
    }

    /// Changes a user, as a run or an admin does.
    pub(super) async fn change(&self, user_id: &UserId, change: impl FnOnce(&mut User)) {
        let mut after = self.stored(user_id).await;
        change(&mut after);
        self.replace(after, CredentialHashChanges::default()).await;
    }

    async fn replace(&self, mut after: User, hashes: CredentialHashChanges) {
        let before = self.stored(&after.user_id).await;
        after.version += 1;
        let change = UserWrite::Change {
            before,
            after,
            hashes,
        };
        self.write(&self.workspace.workspace_id, change).await;
    }

    /// Creates the same user in another workspace.
    pub(super) async fn in_another_workspace(&self, company_code: &str, user: &User) {
        let other = workspace("ws_2", company_code);
        self.store.put_workspace(&other).await.unwrap();
        let (_, hashes) = self
            .store
            .user_with_hashes(&self.workspace.workspace_id, &user.user_id)
            .await
            .unwrap()
            .unwrap();
        let hashes = CredentialHashChanges {
            password_hash: hashes.password_hash,
            ..CredentialHashChanges::default()
        };
        self.create(&other.workspace_id, user.clone(), hashes).await;
    }

    fn invite(&self, user: &mut User) -> (CredentialHashChanges, String) {
        let fields = user.synced_fields(GroupId::new("grp_1"));
        let hashes = self.issuer().invite(user, fields).hashes;
        let workspace_id = &self.workspace.workspace_id;
        let serial = u64::from(user.serial);
        let secret = self
            .key
            .invitation_token(workspace_id, &user.user_id, serial);
        let url = InvitationUrl {
            workspace_id: workspace_id.clone(),
            user_id: user.user_id.clone(),
            secret,
        };
        (hashes, url.url("").expose_secret().to_owned())
    }

    fn issuer(&self) -> CredentialIssuer<'_> {
        CredentialIssuer {
            key: &self.key,
            workspace_id: &self.workspace.workspace_id,
            now: self.now(),
        }
    }

    fn blank(&self, email: Option<&str>, code: Option<&str>) -> User {
        let user_id = self.random.user_id();
        User {
            email: email.and_then(EmailAddress::parse),
            code: code.and_then(EmployeeCode::parse),
            crew_link: Some(CrewLink {
                tenant_id: TenantId::new("tenant"),
                crew_id: CrewId::new(user_id.as_str()),
            }),
            version: 1,
            ..User::new(user_id, "田中 花子")
        }
    }

    async fn create(
        &self,
        workspace_id: &WorkspaceId,
        after: User,
        hashes: CredentialHashChanges,
    ) -> User {
        let create = UserWrite::Create {
            after: after.clone(),
            hashes,
        };
        self.write(workspace_id, create).await;
        after
    }

    async fn write(&self, workspace_id: &WorkspaceId, write: UserWrite) {
        let commit = Commit {
            users: vec![write],
            seats: 100,
            ..Commit::default()
        };
        self.store
            .commit(workspace_id, &commit, self.now())
            .await
            .unwrap();
    }
}
