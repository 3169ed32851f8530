//! Users that the sync has nothing to do with.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Credential, EmailAddress, EmployeeCode, Role, Status, User, UserId};
use storage::testing::table_names;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};

use crate::clock::now;
use crate::test_env::TestEnv;

impl TestEnv {
    /// Adds an active user by hand.
    ///
    /// # Errors
    /// As `Store::commit`.
    pub async fn add_by_hand(
        &self,
        id: &str,
        email: Option<&str>,
        code: Option<&str>,
        role: Role,
    ) -> Result<User, storage::StoreError> {
        let after = User {
            email: email.and_then(EmailAddress::parse),
            code: code.and_then(EmployeeCode::parse),
            role,
            status: Status::Active,
            credential: Credential::Password,
            version: 1,
            ..User::new(UserId::new(id), format!("手動 {id}"))
        };
        let hashes = CredentialHashChanges {
            password_hash: Some("argon2id".into()),
            ..CredentialHashChanges::default()
        };
        self.write(UserWrite::Create {
            after: after.clone(),
            hashes,
        })
        .await?;
        Ok(after)
    }

    /// Writes one change of a user, as an admin's or the user's own click does.
    ///
    /// # Errors
    /// As `Store::commit`.
    pub async fn write(&self, write: UserWrite) -> Result<(), storage::StoreError> {
        let commit = Commit {
            users: vec![write],
            seats: self.workspace.seats,
            ..Commit::default()
        };
        let id = &self.workspace.workspace_id;
        self.store.commit(id, &commit, now()).await
    }

    /// Makes the gate say that there are so many users.
    pub async fn miscount_users(&self, users: u32) {
        let (workspace_id, gate) = (self.workspace.workspace_id.as_str(), "gate");
        let updated = aws_sdk_dynamodb::Client::new(&self.sdk)
            .update_item()
            .table_name(table_names("").workspaces)
            .key("pk", AttributeValue::S(workspace_id.to_owned()))
            .key("sk", AttributeValue::S(gate.to_owned()))
            .update_expression("SET #users = :users")
            .expression_attribute_names("#users", "users")
            .expression_attribute_values(":users", AttributeValue::N(users.to_string()))
            .send();
        updated.await.unwrap();
    }

    /// Every user.
    pub async fn users(&self) -> Vec<User> {
        let id = &self.workspace.workspace_id;
        self.store.users(id).await.unwrap()
    }
}
