//! The sync logs in S3.

use storage::sync_logs::SyncLogs;
use storage::testing::sdk_config;

use crate::story::Story;

impl Story {
    /// Deletes all logs, as S3 does when their time is over.
    pub async fn delete_logs(&self) {
        let sdk = sdk_config(self.stack.aws_endpoint()).unwrap();
        let bucket = self.stack.output("SyncLogsBucket").unwrap().to_owned();
        let logs = SyncLogs::new(&sdk, bucket);
        let keys = logs.keys("").await.unwrap();
        assert!(!keys.is_empty(), "there are logs");
        for key in keys {
            logs.delete(&key).await.unwrap();
        }
    }
}
