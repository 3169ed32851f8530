//! SmartHR is down, and back.

use serde_json::{Value, json};

use crate::story::Story;

impl Story {
    /// Lets SmartHR be down, in an answer that says for how long: who may not hope for more gives up at once.
    pub async fn smarthr_is_down(&self) {
        let down = json!({
            "path": "/api/v1/", "status": 503, "count": null, "headers": { "retry-after": "86400" },
            "body": { "code": 5, "type": "internal_server_error", "message": "" },
        });
        self.at_smarthr("POST", "faults", down).await;
    }

    /// Lets SmartHR answer as it should.
    pub async fn smarthr_is_back(&self) {
        self.at_smarthr("DELETE", "faults", Value::Null).await;
    }
}
