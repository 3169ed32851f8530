//! The checks of a release: `make preflight` before a deployment, and `make smoke` after it.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::path::{Path, PathBuf};
use std::process::Output;

use end_to_end::{Person, Story};
use serde_json::{Value, json};
use tokio::process::Command;

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}

/// The stages of a `samconfig.toml`: the stack of the story, and another with the same environment.
const STAGES: &str = r#"
[here.deploy.parameters]
region = "ap-northeast-1"
stack_name = "local"
parameter_overrides = [
    "Environment=dev", "MailFrom=no-reply@kitera.example", "MailIdentity=no-reply@kitera.example",
]
[second.deploy.parameters]
region = "ap-northeast-1"
stack_name = "second"
parameter_overrides = [
    "Environment=dev", "MailFrom=no-reply@kitera.example", "MailIdentity=kitera.example",
    "DomainName=app.kitera.example", "CertificateArn=arn:aws:acm:ap-northeast-1:000000000000:certificate/none",
]
"#;

/// Runs a tool of `infra/tools` on the story's AWS account. Returns the lines it printed, and whether it says that all
/// is well.
async fn run(story: &Story, tool: &str, arguments: &[&str]) -> (Vec<String>, bool) {
    let config = story.stack.log().with_file_name("samconfig.toml");
    std::fs::write(&config, STAGES).unwrap();
    let tool = root().join("infra/tools").join(tool);
    let output: Output = Command::new(root().join("target/venv/bin/python"))
        .arg(tool)
        .args(arguments)
        .arg(config)
        .env_clear()
        .env("AWS_ENDPOINT_URL", story.stack.aws_endpoint())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!printed.is_empty() && errors.is_empty(), "{errors}");
    let lines = printed.lines().map(str::to_owned).collect();
    (lines, output.status.success())
}

/// Returns the line that begins so.
fn line<'a>(lines: &'a [String], beginning: &str) -> &'a str {
    let found = lines.iter().find(|line| line.starts_with(beginning));
    found.unwrap_or_else(|| panic!("no line {beginning:?} in {lines:#?}"))
}

#[tokio::test]
async fn preflight_says_what_only_aws_can_give_and_what_is_to_be_done() {
    let story = Story::begin("preflight").await;
    let (lines, is_ready) = run(&story, "preflight.py", &["here"]).await;
    assert!(!is_ready);
    for line in &lines {
        let kinds = ["ok ", "ask AWS for ", "do "];
        assert!(kinds.iter().any(|kind| line.starts_with(kind)), "{line}");
    }
    line(
        &lines,
        "ok account 000000000000, region ap-northeast-1, stack local",
    );
    line(&lines, "ok environment dev: no other stack has it");
    line(&lines, "ok \"Throttle rate\" of API Gateway");
    line(&lines, "ok SES has verified no-reply@kitera.example");
    line(&lines, "ok the secret of SmartHR's client is filled");
    line(&lines, "ok the data key is enabled");
    line(&lines, "do make a trail in CloudTrail");

    let emptied = json!({
        "SecretId": story.stack.output("SmartHrClientSecretArn").unwrap(),
        "SecretString": r#"{"client_id": "", "client_secret": ""}"#,
    });
    let target = "secretsmanager.PutSecretValue";
    story.at_aws("secretsmanager", target, emptied).await;
    let (lines, _) = run(&story, "preflight.py", &["here"]).await;
    line(&lines, "do put SmartHR's client_id and client_secret");

    let (lines, is_ready) = run(&story, "preflight.py", &["second"]).await;
    assert!(!is_ready);
    line(
        &lines,
        "do deploy to another account or region: local has the environment dev here",
    );
    line(&lines, "ok SES identity kitera.example: the stack makes it");
    line(&lines, "do look at address by hand");
}

#[tokio::test]
async fn a_night_of_a_linked_workspace_passes_and_a_dead_letter_or_a_stopped_sync_does_not() {
    let mut story = Story::connected("smoke", &[Person::sato()]).await;
    let (lines, is_well) = run(&story, "smoke.py", &["here", "test"]).await;
    assert!(is_well, "{lines:#?}");
    line(&lines, "ok the night was dispatched to 1 workspaces");
    line(&lines, "ok the run ended as success");
    line(&lines, "ok its log has ");
    line(&lines, "ok no mail of the workspace waits");
    line(&lines, "ok the watch misses no run");
    line(&lines, "ok no alarm rings");
    assert_eq!(story.user("佐藤").await["status"], "invited");

    let given_up = json!({
        "QueueUrl": story.stack.output("SyncDeadLettersUrl").unwrap(),
        "MessageBody": "{}",
    });
    let _: Value = story.at_aws("sqs", "AmazonSQS.SendMessage", given_up).await;
    story.save(json!({ "enabled": false })).await.ok();
    let (lines, is_well) = run(&story, "smoke.py", &["here", "test"]).await;
    assert!(!is_well);
    line(
        &lines,
        "failed: test is not linked, or its sync is switched off",
    );
    line(&lines, "failed: SyncDeadLetters holds 1 messages");
    line(&lines, "smoke: local, failed 2");

    let (lines, _) = run(&story, "smoke.py", &["here", "nobody"]).await;
    line(&lines, "failed: no workspace has the company code nobody");
    let (lines, is_well) = run(&story, "smoke.py", &["second", "test"]).await;
    assert_eq!(
        (lines, is_well),
        (vec!["failed: second is not deployed".to_owned()], false)
    );
}
