//! The users of the test workspace.

use credentials::{CredentialIssuer, CredentialSeed, MailedLink, PasswordHash};
use domain::{
    Credential, CredentialHashChanges, EmailAddress, EmployeeCode, GroupId, MailKind, Status, User,
    Workspace, WorkspaceId,
};
use secrecy::ExposeSecret;
use storage::transaction::UserWrite;
use testkit::users::synced;

use super::site::{PASSWORD, Site};

impl Site {
    /// Creates a 有効 user whose password is [`PASSWORD`].
    pub(super) async fn user(&self, id: &str, email: Option<&str>, code: Option<&str>) -> User {
        let user = person(id, email, code);
        let hashes = self.hashes_of(PASSWORD, email).await;
        self.create(user.clone(), hashes).await;
        user
    }

    /// Creates a user with 従業員コード 0012 and an initial password, which it returns.
    pub(super) async fn registered(&self) -> String {
        let mut user = person("usr_registered", None, Some("0012"));
        let seed = CredentialSeed::generate(&self.random);
        let issuer = self.issuer();
        let hashes = issuer
            .issue_initial_password(&mut user, &seed, &self.random)
            .hashes;
        let serial = u64::from(user.serial);
        let id = issuer.workspace_id;
        let password = self.key.initial_password(&seed, id, &user.user_id, serial);
        self.create(user, hashes).await;
        password.expose_secret().to_owned()
    }

    /// Creates an invited user, and returns the path of the invitation.
    pub(super) async fn invited(&self, email: &str) -> String {
        let mut user = User {
            status: Status::Invited,
            credential: Credential::None,
            ..person("usr_invited", Some(email), None)
        };
        let (hashes, path) = self.invite(&mut user);
        self.create(user, hashes).await;
        path
    }

    /// Invites the invited user again, and returns the path of the new invitation.
    pub(super) async fn invite_again(&self) -> String {
        let before = self.env.user("usr_invited").await;
        let mut after = before.clone();
        let (hashes, path) = self.invite(&mut after);
        after.version += 1;
        let change = UserWrite::Change {
            before,
            after,
            hashes,
        };
        self.env.write(change).await.unwrap();
        path
    }

    /// Creates the same user in another workspace, with this password, who has proved the address `proven`.
    pub(super) async fn in_another_workspace(
        &self,
        company_code: &str,
        user: User,
        password: &str,
        proven: Option<&str>,
    ) {
        let other = Workspace {
            workspace_id: WorkspaceId::new(format!("a_{company_code}")),
            company_code: company_code.into(),
            ..self.env.workspace.clone()
        };
        self.env.store.put_workspace(&other, &[]).await.unwrap();
        let create = UserWrite::Create {
            after: user,
            hashes: self.hashes_of(password, proven).await,
        };
        let created = self.env.write_in(&other.workspace_id, create).await;
        created.unwrap();
    }

    /// Issues an initial password to the user, as an admin does.
    pub(super) async fn issue_initial_password(&self, before: User) {
        let mut after = before.clone();
        let seed = CredentialSeed::generate(&self.random);
        let issued = self
            .issuer()
            .issue_initial_password(&mut after, &seed, &self.random);
        after.version += 1;
        let change = UserWrite::Change {
            before,
            after,
            hashes: issued.hashes,
        };
        self.env.write(change).await.unwrap();
    }

    fn invite(&self, user: &mut User) -> (CredentialHashChanges, String) {
        let issuer = self.issuer();
        let fields = user.synced_fields(GroupId::new("viewers"));
        let invitation = issuer.invite(user, fields, &self.random);
        let MailKind::Invitation { derived_from, .. } = invitation.mail.unwrap().kind else {
            panic!("no invitation");
        };
        let seed = CredentialSeed::from(&derived_from.unwrap().seed);
        let (workspace_id, user_id) = (issuer.workspace_id.clone(), user.user_id.clone());
        let serial = u64::from(user.serial);
        let url = MailedLink {
            secret: self
                .key
                .invitation_token(Some(&seed), &workspace_id, &user_id, serial),
            workspace_id,
            user_id,
        };
        (
            invitation.hashes,
            url.invitation_url("").expose_secret().to_owned(),
        )
    }

    fn issuer(&self) -> CredentialIssuer<'_> {
        CredentialIssuer {
            key: &self.key,
            workspace_id: &self.env.workspace.workspace_id,
            now: testkit::now(),
        }
    }

    async fn hashes_of(&self, password: &str, proven: Option<&str>) -> CredentialHashChanges {
        let hash = PasswordHash::create(password.into(), &self.random).await;
        CredentialHashChanges {
            password_hash: Some(hash.unwrap().expose_to_store().to_owned()),
            proven_email: proven.map(str::to_owned),
            ..CredentialHashChanges::default()
        }
    }

    async fn create(&self, after: User, hashes: CredentialHashChanges) {
        let create = UserWrite::Create { after, hashes };
        self.env.write(create).await.unwrap();
    }
}

/// Returns an active user who is linked to a crew.
fn person(id: &str, email: Option<&str>, code: Option<&str>) -> User {
    User {
        name: "田中 花子".into(),
        email: email.and_then(EmailAddress::parse),
        code: code.and_then(EmployeeCode::parse),
        ..synced(id)
    }
}
