//! A customer's first day with `sam local invoke` and the events in `events/` only. The effect of each function is
//! checked where users see it.

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Person, Story};
use operator::{CapturedMessages, Sam};
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
    let event = "workspace-sync-preview";
    let preview = sam.send("WorkspaceSync", event, &[workspace]).await;
    assert_eq!(preview["runs"][0]["counts"]["invited"], 1, "{preview}");
    assert_eq!(story.user("新人").await, Value::Null);

    // 02:00: the message of NightlySync starts the run that invites the newcomer.
    let now = story.stack.clock().now();
    let now = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let scheduled_at = [(SCHEDULED_AT, &*now)];
    let night = sam.send("NightlySync", "nightly", &scheduled_at).await;
    let dispatched = &night["dispatched"][0];
    assert_eq!(dispatched["workspace_id"], story.workspace_id, "{night}");
    let runs = CapturedMessages::runs(&story.stack);
    let message = runs.event("workspace-sync-sqs").await;
    let answer = sam.invoke("WorkspaceSync", &message).await;
    let all_done = json!({ "batchItemFailures": [] });
    assert_eq!(answer, all_done);
    assert_eq!(story.user("新人").await["status"], "invited");

    // A new customer is provisioned; then both invitations and the admin's new link arrive.
    let admin = [workspace, (SIGN_IN[0], ADMIN_EMAIL)];
    let linked = sam.send("Provision", "provision-new-link", &admin).await;
    assert_eq!(linked["workspace_id"], story.workspace_id, "{linked}");
    let provisioned = sam.send("Provision", "provision", &[]).await;
    assert!(provisioned["workspace_id"].is_string(), "{provisioned}");
    let mails = CapturedMessages::mails(&story.stack);
    let messages = mails.event("mail-delivery-sqs").await;
    let answer = sam.invoke("MailDelivery", &messages).await;
    assert_eq!(answer, all_done);
    let mails = story.new_mails().await;
    let mut to: Vec<&str> = mails.iter().map(|mail| &*mail.to[0]).collect();
    to.sort_unstable();
    let hanako = "hanako.sato@midori-bussan.example";
    let invited = [ADMIN_EMAIL, hanako, "shinjin@example.jp"];
    assert_eq!(to, invited);

    // SES reports that the newcomer's mail bounced.
    let user = story.user("新人").await["id"].as_str().unwrap().to_owned();
    let invitation = [workspace, ("usr_0a1b2c3d4e5f60718293a4b5c6d7e8f9", &*user)];
    let event = "mail-feedback-bounce";
    let answer = sam.send("MailFeedback", event, &invitation).await;
    assert_eq!(answer, all_done);

    // Somebody of whom nothing is known has nothing to erase.
    let erased = sam.send("ErasePerson", "erase-person", &[workspace]).await;
    assert_eq!(erased["users"], 0, "{erased}");

    // Half an hour later the watch checks whether the night is over.
    let half_past_two = [("2026-11-23T17:30:00Z", &*now)];
    let event = "night-watch-night";
    sam.send("NightWatch", event, &half_past_two).await;

    // Another run, started by hand, changes nothing.
    let event = "workspace-sync-by-hand";
    let again = sam.send("WorkspaceSync", event, &[workspace]).await;
    assert_eq!(again["runs"][0]["outcome"], "success", "{again}");
    assert_eq!(again["runs"][0]["counts"]["unchanged"], 1, "{again}");

    // An admin signs in and sees the night in the history.
    let credentials = [(SIGN_IN[0], ADMIN_EMAIL), (SIGN_IN[1], ADMIN_PASSWORD)];
    let event = "first-login-sign-in";
    let signed_in = sam.send("FirstLogin", event, &credentials).await;
    assert_eq!(signed_in["statusCode"], 200, "{signed_in}");
    let cookie = signed_in["cookies"][0].as_str().unwrap();
    let session = (SESSION, cookie.split([';', '=']).nth(1).unwrap());
    let runs = sam.send("AdminApi", "admin-api-runs", &[session]).await;
    assert_eq!(runs["statusCode"], 200, "{runs}");
    let runs: Value = serde_json::from_str(runs["body"].as_str().unwrap()).unwrap();
    let mut shown = runs["runs"].as_array().unwrap().iter();
    let night = shown.find(|run| run["run_id"] == dispatched["run_id"]);
    assert!(night.is_some(), "{runs}");

    // SmartHR never sent this admin: a forged state changes nothing.
    let event = "oauth-callback";
    let forged = sam.send("OauthCallback", event, &[session]).await;
    let page = "/smarthr/result?outcome=invalid_state";
    assert_eq!(forged["headers"]["location"], page, "{forged}");
    assert_eq!(story.connection().await["state"], "linked");

    // The company has no identity provider.
    let nowhere = sam.send("SingleSignOn", "single-sign-on", &[]).await;
    assert_eq!(nowhere["statusCode"], 404, "{nowhere}");

    // Nobody has the webhook of the sample.
    let nobody = sam.send("SmartHrWebhook", "smarthr-webhook", &[]).await;
    assert_eq!(nobody["statusCode"], 404, "{nobody}");

    assert_eq!(sam.never_invoked(), [""; 0]);
}
