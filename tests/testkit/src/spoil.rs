//! Spoils what is stored.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::RunId;
use storage::testing::table_names;

use crate::test_env::TestEnv;

impl TestEnv {
    /// Makes what the first step of a run did unreadable.
    pub async fn spoil_rows(&self, run_id: &RunId) {
        let db = aws_sdk_dynamodb::Client::new(&self.sdk);
        let runs = table_names("").runs;
        let partition = format!("{}#{run_id}", self.workspace.workspace_id);
        let steps = db
            .query()
            .table_name(&runs)
            .key_condition_expression("pk = :run")
            .expression_attribute_values(":run", AttributeValue::S(partition))
            .send();
        let steps = steps.await.unwrap().items.unwrap_or_default();
        let spoilt = db
            .update_item()
            .table_name(&runs)
            .key("pk", steps[0]["pk"].clone())
            .key("sk", steps[0]["sk"].clone())
            .update_expression("SET #rows = :spoilt")
            .expression_attribute_names("#rows", "rows")
            .expression_attribute_values(":spoilt", AttributeValue::S("[{".to_owned()))
            .send();
        spoilt.await.unwrap();
    }
}
