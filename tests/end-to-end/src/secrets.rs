//! What a workspace has in Secrets Manager.

use serde_json::json;

use crate::story::Story;

impl Story {
    /// Returns the names of the workspace's secrets of a kind, such as `smarthr-tokens`.
    pub async fn secrets(&self, kind: &str) -> Vec<String> {
        let target = "secretsmanager.ListSecrets";
        let all = self.at_aws("secretsmanager", target, json!({})).await;
        let begin = format!("kitera/dev/{kind}/{}/", self.workspace_id);
        let names = all["SecretList"].as_array().unwrap().iter();
        let names = names.filter_map(|secret| secret["Name"].as_str());
        let ours = names.filter(|name| name.starts_with(&begin));
        ours.map(str::to_owned).collect()
    }
}
