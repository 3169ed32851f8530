//! Runs the commands of docs/runbook.md in their order, against a stack on this machine. Blocks marked `sh` are
//! run; those marked `sh aws` need an AWS account.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::fs;

use end_to_end::{ADMIN_EMAIL, Person, Story};
use operator::{as_operator, root};
use serde_json::json;

/// The outputs that name the tables.
const TABLES: [&str; 7] = [
    "WorkspacesTable",
    "UsersTable",
    "IdentifiersTable",
    "RunsTable",
    "OutboxTable",
    "AuditTable",
    "SessionsTable",
];

/// Returns the blocks that are run as one script, which prints the heading of each.
fn script(runbook: &str) -> String {
    // Version 1 of the AWS CLI takes AWS_ENDPOINT_URL for most services, but not for SQS.
    let mut script = String::from(
        "set -euo pipefail\naws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }\n",
    );
    let mut inside = false;
    for line in runbook.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            script.extend(["echo '== ", &heading.replace('\'', ""), "'\n"]);
        } else if line == "```sh" {
            inside = true;
        } else if line == "```" {
            inside = false;
        } else if inside {
            script.extend([line, "\n"]);
        }
    }
    script
}

#[tokio::test]
async fn the_runbooks_commands_do_what_it_says() {
    let people = [
        Person::new(1, "新人").email("shinjin@example.jp"),
        Person::new(2, "不正").email("not an address"),
    ];
    let mut story = Story::connected("runbook", &people).await;
    story.night().await;
    story.new_mails().await;

    let runbook = fs::read_to_string(root().join("docs/runbook.md")).unwrap();
    let output = as_operator("bash")
        .current_dir(root())
        .args(["-c", &script(&runbook)])
        .env("AWS_ENDPOINT_URL", story.stack.aws_endpoint())
        .env("STACK", "local")
        .env("ENVIRONMENT", "dev")
        .env("WORKSPACE", &story.workspace_id)
        .env("ADMIN_EMAIL", ADMIN_EMAIL)
        .env("NEW_CLIENT_SECRET", "kitera-local-secret")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    println!("{printed}");
    assert!(output.status.success(), "{printed}\n{errors}");

    // The runbook tells its readers to look for these.
    for shown in [
        "\"outcome\": \"failure\"",
        "\"mode\": \"preview\"",
        "\"state\": \"linked\"",
        "\"preview\": true, \"workspaces\": 1, \"invitations\": 2,",
        "\"preview\": false, \"workspaces\": 1, \"invitations\": 2,",
        "UsersTable: 2 rows deleted",
    ] {
        assert!(printed.contains(shown), "{shown} is not in\n{printed}");
    }
    // The new link, and the first invitation of the new workspace.
    let mails = story.new_mails().await;
    let to: Vec<&str> = mails.iter().map(|mail| &*mail.to[0]).collect();
    assert_eq!(to, [ADMIN_EMAIL, "hanako.sato@midori-bussan.example"]);
    // Restored tables have the settings of the deployment, and the product is open again.
    for table in TABLES {
        let table = settings(&story, table).await;
        assert_eq!(table, ["true", "\"ENABLED\"", "\"ENABLED\""]);
    }
    story.admin.get("/sign-in").await.ok();
    // Nothing of a customer who left remains, except sessions, which expire.
    for table in &TABLES[..6] {
        let scan = json!({ "TableName": story.stack.output(table).unwrap() });
        let target = "DynamoDB_20120810.Scan";
        let rows = story.at_aws("dynamodb", target, scan).await["Items"].to_string();
        assert!(rows.starts_with('['), "{table}: {rows}");
        assert!(!rows.contains(&story.workspace_id), "{table}: {rows}");
    }
}

/// Returns whether the table is protected from deletion, has a TTL, and can be restored to a point in time.
async fn settings(story: &Story, table: &str) -> [String; 3] {
    let table = json!({ "TableName": story.stack.output(table).unwrap() });
    let mut found = Vec::new();
    for what in [
        "DescribeTable /Table/DeletionProtectionEnabled",
        "DescribeTimeToLive /TimeToLiveDescription/TimeToLiveStatus",
        "DescribeContinuousBackups \
         /ContinuousBackupsDescription/PointInTimeRecoveryDescription/PointInTimeRecoveryStatus",
    ] {
        let (operation, place) = what.split_once(' ').unwrap();
        let target = format!("DynamoDB_20120810.{operation}");
        let answer = story.at_aws("dynamodb", &target, table.clone()).await;
        found.push(answer.pointer(place).unwrap().to_string());
    }
    found.try_into().unwrap()
}
