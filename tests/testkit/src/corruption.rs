//! Stored data that no code of ours would write.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::RunId;
use storage::testing::table_names;

use crate::test_env::TestEnv;

impl TestEnv {
    /// Makes the rows of a run's first step unreadable.
    pub async fn corrupt_step_rows(&self, run_id: &RunId) {
        let partition = format!("{}#{run_id}", self.workspace.workspace_id);
        let table = table_names("").runs;
        let steps = Client::new(&self.sdk)
            .query()
            .table_name(&table)
            .key_condition_expression("pk = :run")
            .expression_attribute_values(":run", AttributeValue::S(partition))
            .send();
        let steps = steps.await.unwrap().items.unwrap_or_default();
        let key = ["pk", "sk"].map(|name| (name.to_owned(), steps[0][name].clone()));
        let rows = AttributeValue::S("[{".to_owned());
        self.set_attribute(&table, key.into(), "rows", rows).await;
    }

    /// Sets the number of users that the seats are counted by.
    pub async fn corrupt_user_count(&self, users: u32) {
        let key = [("pk", self.workspace.workspace_id.as_str()), ("sk", "gate")]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let users = AttributeValue::N(users.to_string());
        let table = table_names("").workspaces;
        self.set_attribute(&table, key.into(), "users", users).await;
    }

    /// Gives an attribute of one of the workspace's own records a value that no version knows.
    pub async fn corrupt_record(&self, record: &str, attribute: &str) {
        let key = [("pk", self.workspace.workspace_id.as_str()), ("sk", record)]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let value = AttributeValue::S("unheard_of".to_owned());
        let table = table_names("").workspaces;
        self.set_attribute(&table, key.into(), attribute, value)
            .await;
    }

    /// Gives an attribute of a user a value that no version knows.
    pub async fn corrupt_user(&self, user_id: &str, attribute: &str) {
        let workspace_id = self.workspace.workspace_id.as_str();
        let key = [("workspace_id", workspace_id), ("user_id", user_id)]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let value = AttributeValue::S("unheard_of".to_owned());
        let table = table_names("").users;
        self.set_attribute(&table, key.into(), attribute, value)
            .await;
    }

    /// Gives the outcome of a run a value that no version knows.
    pub async fn corrupt_run(&self, run_id: &RunId) {
        let workspace_id = self.workspace.workspace_id.as_str();
        let key = [("pk", workspace_id), ("sk", run_id.as_str())]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let value = AttributeValue::S("unheard_of".to_owned());
        let table = table_names("").runs;
        self.set_attribute(&table, key.into(), "outcome", value)
            .await;
    }

    /// Replaces the action of the newest event of the audit trail by one that no version knows.
    pub async fn corrupt_newest_audit_event(&self) {
        let workspace_id = AttributeValue::S(self.workspace.workspace_id.to_string());
        let table = table_names("").audit;
        let newest = Client::new(&self.sdk)
            .query()
            .table_name(&table)
            .key_condition_expression("pk = :workspace")
            .expression_attribute_values(":workspace", workspace_id)
            .scan_index_forward(false)
            .limit(1)
            .send();
        let newest = newest.await.unwrap().items.unwrap_or_default();
        let key = ["pk", "sk"].map(|name| (name.to_owned(), newest[0][name].clone()));
        let value = AttributeValue::S("unheard_of".to_owned());
        self.set_attribute(&table, key.into(), "action", value)
            .await;
    }

    async fn set_attribute(
        &self,
        table: &str,
        key: HashMap<String, AttributeValue>,
        name: &str,
        value: AttributeValue,
    ) {
        let updated = Client::new(&self.sdk)
            .update_item()
            .table_name(table)
            .set_key(Some(key))
            .update_expression("SET #name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", value)
            .send();
        updated.await.unwrap();
    }
}
