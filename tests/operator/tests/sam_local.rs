//! A customer's first day with `sam local invoke` and the events in `events/` only. The effect of each function is
//! checked where users see it.

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Person, Story};
use operator::{CapturedMessages, Sam, sample_event};
use serde_json::{Value, json};

/// The made-up values in `events/`.
const WORKSPACE: &str = "ws_5f0c2a7e9b1d4c38a6e0f1b2c3d4e5f6";
const SESSION: &str = "c2Vzc2lvbi10b2tlbi1vZi1hbi1hZG1pbg";
const SCHEDULED_AT: &str = "2026-11-23T17:00:00Z";
const SIGN_IN: [&str; 2] = ["admin@example.com", "correct horse battery"];

#[tokio::test]
async fn every_function_does_its_work_under_sam_local() {
    let newcomer = Person::new(1, "新人").email("shinjin@example.jp");
    let mut story = Story::connected("sam-local", &[newcomer]).await;
    let mut sam = Sam::of(&story.stack).await;
    let workspace = (WORKSPACE, &*story.workspace_id.clone());

    // A preview names the newcomer and changes nobody.
    let preview = sample_event("workspace-sync-preview", &[workspace]);
    let preview = sam.invoke("WorkspaceSync", &preview).await;
    assert_eq!(preview["runs"][0]["counts"]["invited"], 1, "{preview}");
    assert_eq!(story.user("新人").await, Value::Null);

    // 02:00: the message of NightlySync starts the run that invites the newcomer.
    let now = story.stack.clock().now();
    let now = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let night = sam
        .invoke(
            "NightlySync",
            &sample_event("nightly", &[(SCHEDULED_AT, &now)]),
        )
        .await;
    let dispatched = &night["dispatched"][0];
    assert_eq!(dispatched["workspace_id"], story.workspace_id, "{night}");
    let message = CapturedMessages::runs(&story.stack)
        .event(&sample_event("workspace-sync-sqs", &[]))
        .await;
    let answer = sam.invoke("WorkspaceSync", &message).await;
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    assert_eq!(story.user("新人").await["status"], "invited");

    // A new customer is provisioned; then both invitations arrive.
    let provisioned = sam
        .invoke("Provision", &sample_event("provision", &[]))
        .await;
    assert!(provisioned["workspace_id"].is_string(), "{provisioned}");
    let messages = CapturedMessages::mails(&story.stack)
        .event(&sample_event("mail-delivery-sqs", &[]))
        .await;
    let answer = sam.invoke("MailDelivery", &messages).await;
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    let mails = story.new_mails().await;
    let mut to: Vec<&str> = mails.iter().map(|mail| &*mail.to[0]).collect();
    to.sort_unstable();
    assert_eq!(
        to,
        ["hanako.sato@midori-bussan.example", "shinjin@example.jp"]
    );

    // SES reports that the newcomer's mail bounced.
    let user = story.user("新人").await["id"].as_str().unwrap().to_owned();
    let bounce = [workspace, ("usr_0a1b2c3d4e5f60718293a4b5c6d7e8f9", &*user)];
    let bounce = sam
        .invoke(
            "MailFeedback",
            &sample_event("mail-feedback-bounce", &bounce),
        )
        .await;
    assert_eq!(bounce, json!({ "batchItemFailures": [] }));

    // Half an hour later the watch checks whether the night is over.
    sam.invoke(
        "NightWatch",
        &sample_event("night-watch-night", &[("2026-11-23T17:30:00Z", &now)]),
    )
    .await;

    // Another run, started by hand, changes nothing.
    let again = sam
        .invoke(
            "WorkspaceSync",
            &sample_event("workspace-sync-by-hand", &[workspace]),
        )
        .await;
    assert_eq!(again["runs"][0]["outcome"], "success", "{again}");
    assert_eq!(again["runs"][0]["counts"]["unchanged"], 1, "{again}");

    // An admin signs in and sees the night in the history.
    let credentials = [(SIGN_IN[0], ADMIN_EMAIL), (SIGN_IN[1], ADMIN_PASSWORD)];
    let signed_in = sam
        .invoke(
            "FirstLogin",
            &sample_event("first-login-sign-in", &credentials),
        )
        .await;
    assert_eq!(signed_in["statusCode"], 200, "{signed_in}");
    let cookie = signed_in["cookies"][0].as_str().unwrap();
    let session = (SESSION, cookie.split([';', '=']).nth(1).unwrap());
    let runs = sam
        .invoke("AdminApi", &sample_event("admin-api-runs", &[session]))
        .await;
    assert_eq!(runs["statusCode"], 200, "{runs}");
    let runs: Value = serde_json::from_str(runs["body"].as_str().unwrap()).unwrap();
    let runs = runs["runs"].as_array().unwrap();
    assert!(
        runs.iter().any(|run| run["run_id"] == dispatched["run_id"]),
        "{runs:?}"
    );

    // SmartHR never sent this admin: a forged state changes nothing.
    let forged = sam
        .invoke("OauthCallback", &sample_event("oauth-callback", &[session]))
        .await;
    assert_eq!(forged["statusCode"], 400, "{forged}");
    assert!(
        forged["body"].as_str().unwrap().contains("連携"),
        "{forged}"
    );
    assert_eq!(story.connection().await["state"], "linked");

    assert_eq!(sam.never_invoked(), [""; 0]);
}
