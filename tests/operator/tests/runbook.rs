//! Runs the commands of docs/runbook.md in their order, against a stack on this machine. Blocks marked `sh` are
//! run; those marked `sh aws` need an AWS account.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::fs;

use end_to_end::{ADMIN_EMAIL, Person, Story};
use operator::{as_operator, binaries, root};
use serde_json::{Value, json};

/// The outputs that name the tables.
const TABLES: [&str; 8] = [
    "WorkspacesTable",
    "UsersTable",
    "IdentifiersTable",
    "RunsTable",
    "OutboxTable",
    "AuditTable",
    "WebhooksTable",
    "SessionsTable",
];

/// The section that is run last, when an admin has disconnected the workspace.
const OFF_BOARDING: &str = "Off-boarding a customer";

/// Returns the blocks of the sections that `chosen` chooses by heading, as one script, which prints the headings.
fn script(runbook: &str, chosen: impl Fn(&str) -> bool) -> String {
    // Version 1 of the AWS CLI takes AWS_ENDPOINT_URL for most services, but not for SQS.
    let mut script = String::from(
        "set -euo pipefail\naws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }\n",
    );
    let (mut inside, mut is_chosen) = (false, true);
    for line in runbook.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            is_chosen = chosen(heading);
            script.extend(["echo '== ", &heading.replace('\'', ""), "'\n"]);
        } else if line == "```sh" {
            inside = is_chosen;
        } else if line == "```" {
            inside = false;
        } else if inside {
            script.extend([line, "\n"]);
        }
    }
    script
}

/// Returns the block that the runbook begins with, and those of a section.
fn setup_and(runbook: &str, section: &str) -> String {
    let setup = runbook.split("\n## ").next().unwrap();
    let script_of = |text: &str| script(text, |heading| heading == section);
    script_of(setup) + &script_of(runbook).replace("set -euo pipefail\n", "")
}

async fn run_in(shell: &str, script: &str, story: &Story) -> String {
    let path = as_operator(shell)
        .as_std()
        .get_envs()
        .find_map(|(name, value)| {
            (name == "PATH").then(|| value.unwrap().to_str().unwrap().to_owned())
        });
    let output = as_operator(shell)
        .current_dir(root())
        .args(["-c", script])
        .env(
            "PATH",
            format!("{}:{}", binaries().display(), path.unwrap()),
        )
        .env("AWS_ENDPOINT_URL", story.stack.aws_endpoint())
        .env("CLOCK_OFFSET_FILE", story.stack.clock().file())
        .env("STACK", "local")
        .env("ENVIRONMENT", "dev")
        .env("COMPANY", "test")
        .env("ADMIN_EMAIL", ADMIN_EMAIL)
        .env("NEW_CLIENT_SECRET", "kitera-local-secret")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    println!("{printed}");
    assert!(output.status.success(), "{printed}\n{errors}");
    printed
}

#[tokio::test]
async fn the_runbooks_commands_do_what_it_says_in_bash() {
    the_commands_do_what_it_says("bash").await;
}

#[tokio::test]
async fn the_runbooks_commands_do_what_it_says_in_zsh() {
    the_commands_do_what_it_says("zsh").await;
}

async fn the_commands_do_what_it_says(shell: &str) {
    let people = [
        Person::new(1, "新人")
            .email("shinjin@example.jp")
            .code("A0001"),
        Person::new(2, "不正").email("not an address"),
    ];
    let mut story = Story::connected(&format!("runbook-{shell}"), &people).await;
    story.night().await;
    story.new_mails().await;

    let runbook = fs::read_to_string(root().join("docs/runbook.md")).unwrap();
    let all = script(&runbook, |heading| heading != OFF_BOARDING);
    let printed = run_in(shell, &all, &story).await;
    // The runbook tells its readers to look for these.
    for shown in [
        "some people failed (1)  test",
        "connection            connected",
        "1 of 1 runs have a line",
        "outcome  failure",
        "test: connection linked, sync off",
        "test: connection linked, sync on",
        "no mail waits",
        "erased: nothing that names the person",
        "users                0          0       0",
        "voided: 2 invitations, 0 initial passwords, 0 password resets",
        "seats: 10 → 20",
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

    // Nothing of a customer who left remains but the event that says so.
    story.admin.delete("/api/v1/integration").await.ok();
    run_in(shell, &setup_and(&runbook, OFF_BOARDING), &story).await;
    for table in TABLES {
        let scan = json!({ "TableName": story.stack.output(table).unwrap() });
        let target = "DynamoDB_20120810.Scan";
        let rows = story.at_aws("dynamodb", target, scan).await["Items"].take();
        let rows = rows.as_array().unwrap().iter().map(Value::to_string);
        let left: Vec<String> = rows
            .filter(|row| row.contains(&story.workspace_id))
            .collect();
        let is_event = |row: &String| row.contains("workspace_erased");
        assert!(left.iter().all(is_event), "{table}: {left:?}");
        assert_eq!(left.len(), usize::from(table == "AuditTable"), "{table}");
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
