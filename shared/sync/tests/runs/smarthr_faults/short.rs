//! Transient faults of SmartHR, which only delay the run.

use serde_json::json;

use super::evening::{CREWS, evening, recovers};

#[tokio::test]
async fn a_run_waits_out_short_failures_of_smarthr() {
    let maintenance = json!({ "code": 9, "type": "service_maintenance", "message": "" });
    for mut fault in [
        json!({ "status": 500, "count": 2 }),
        json!({ "status": 503, "body": maintenance, "count": 1 }),
        json!({ "status": 429, "count": 1 }),
        json!({ "status": 429, "count": 1, "headers": { "Retry-After": "1" } }),
        json!({ "cut": true, "count": 2 }),
        json!({ "broken_json": true, "count": 2 }),
        json!({ "status": 200, "body": "<html>proxy</html>", "count": 1 }),
        json!({ "delay_ms": 300, "count": 2 }),
        json!({ "wrong_total": 112, "count": 1, "after": 1 }),
        json!({ "status": 401, "count": 1, "after": 1 }),
    ] {
        let (env, _) = evening().await;
        println!("{fault}");
        fault["path"] = json!(CREWS);
        env.smarthr_fault(fault).await;
        recovers(&env).await;
    }
}
