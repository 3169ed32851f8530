//! Eleven breakages on the stack on this machine. Each is found by the command of `kitera` that the runbook names: it
//! shows the workspace and the cause. After its repair nobody and nothing is lost.

#![expect(clippy::unwrap_used, reason = "a drill that cannot go on has failed")]

use std::fs;

use end_to_end::{MIDORI_ADMIN, Person, Story};
use operator::{ask_kitera, aws, root};
use serde_json::{Value, json};

/// The company code of the story's workspace.
const CODE: &str = "test";
/// The sender of all mails.
const SENDER: &str = "no-reply@kitera.example";

struct Drill {
    story: Story,
    runbook: String,
    /// The people of the workspace as they were before the first breakage.
    people: Vec<Value>,
    breakages: u32,
    found: u32,
    nothing_lost: u32,
}

impl Drill {
    async fn begin() -> Self {
        let person = |id| Person::new(id, &format!("社員{id}")).email(&format!("p{id}@example.jp"));
        let people: Vec<Person> = (1..=4).map(person).collect();
        let domains = json!({ "allowed_domains": ["example.jp"] });
        let mut story = Story::connected_with("drill", domains, &people).await;
        story.night().await;
        Self {
            people: known(&mut story).await,
            runbook: fs::read_to_string(root().join("docs/runbook.md")).unwrap(),
            story,
            breakages: 0,
            found: 0,
            nothing_lost: 0,
        }
    }

    /// Counts a breakage, and whether the command shows all of this.
    async fn find(&mut self, what: &str, command: &str, shown: &[&str]) {
        self.breakages += 1;
        let named = format!("kitera {}", command.split(' ').next().unwrap());
        assert!(self.runbook.contains(&named), "the runbook names {named}");
        let (printed, _) = ask_kitera(&self.story.stack, command).await;
        let missing: Vec<_> = shown.iter().filter(|it| !printed.contains(**it)).collect();
        println!("{what}: kitera {command} shows {shown:?}");
        if missing.is_empty() {
            self.found += 1;
        } else {
            println!("NOT FOUND {missing:?} in\n{printed}");
        }
    }

    /// Has the command repair something.
    async fn repair(&self, command: &str) {
        let command = format!("{command} {CODE} --yes-for {CODE}");
        let (printed, succeeded) = ask_kitera(&self.story.stack, &command).await;
        assert!(succeeded, "kitera {command}: {printed}");
    }

    /// Counts whether a run works again, and everybody is as before.
    async fn lose_nothing(&mut self) {
        let stack = &self.story.stack;
        let (printed, _) = ask_kitera(stack, &format!("run {CODE} --yes-for {CODE}")).await;
        self.story.new_mails().await;
        let people = known(&mut self.story).await;
        if printed.contains("outcome  success") && people == self.people {
            self.nothing_lost += 1;
        } else {
            println!("LOST? {printed}\n{people:?}\n{:?}", self.people);
        }
    }

    async fn faults(&self, path: &str, status: u16, body: Value) {
        let fault = json!({ "path": path, "status": status, "count": null, "body": body });
        self.story.at_smarthr("POST", "faults", fault).await;
    }

    async fn dynamodb(&self, operation: &str, table: &str, mut request: Value) -> Value {
        request["TableName"] = json!(self.story.stack.output(table).unwrap());
        let target = format!("DynamoDB_20120810.{operation}");
        self.story.at_aws("dynamodb", &target, request).await
    }

    /// Sets an attribute of an item, and returns the one before.
    async fn set(&self, table: &str, key: [(&str, &str); 2], name: &str, value: &Value) -> Value {
        let key = key.map(|(name, text)| (name.to_owned(), json!({ "S": text })));
        let request = json!({
            "Key": Value::Object(key.into_iter().collect()),
            "UpdateExpression": "SET #name = :value",
            "ExpressionAttributeNames": { "#name": name },
            "ExpressionAttributeValues": { ":value": value },
            "ReturnValues": "UPDATED_OLD",
        });
        let before = self.dynamodb("UpdateItem", table, request).await;
        before["Attributes"][name].clone()
    }
}

/// Returns who is in the workspace: what a run or an admin must not lose.
async fn known(story: &mut Story) -> Vec<Value> {
    let users = story.users().await.into_iter();
    let kept = |user: Value| {
        json!([
            user["id"],
            user["name"],
            user["email"],
            user["role"],
            user["status"]
        ])
    };
    users.map(kept).collect()
}

#[tokio::test]
async fn the_drill_finds_every_breakage_by_the_named_command_and_loses_nothing() {
    let mut drill = Drill::begin().await;
    smarthr_fails(&mut drill).await;
    connections_fail(&mut drill).await;
    we_fail(&mut drill).await;
    mails_fail(&mut drill).await;
    operators_fail(&mut drill).await;
    let Drill {
        breakages,
        found,
        nothing_lost,
        ..
    } = drill;
    println!(
        "drill: breakages {breakages}, found by the named command {found}, nothing lost {nothing_lost}"
    );
    assert_eq!([breakages, found, nothing_lost], [11; 3]);
}

/// 401 to every token for a night; 503 to every request.
async fn smarthr_fails(drill: &mut Drill) {
    drill.faults("/api/v1/crews", 401, Value::Null).await;
    drill.story.next_night().await;
    drill
        .find(
            "SmartHR answers 401 to everybody",
            "last-night",
            &[CODE, "smarthr_down"],
        )
        .await;
    drill.story.smarthr_is_back().await;
    drill.lose_nothing().await;

    drill.story.smarthr_is_down().await;
    drill.story.next_night().await;
    let shown = [CODE, "smarthr_down"];
    drill
        .find("SmartHR answers 503 for a night", "last-night", &shown)
        .await;
    drill.story.smarthr_is_back().await;
    drill.lose_nothing().await;
}

/// A dead refresh token, from its second night on; another company.
async fn connections_fail(drill: &mut Drill) {
    let revoked = json!({ "company": "aozora" });
    drill.story.at_smarthr("POST", "revoke", revoked).await;
    drill.story.next_night().await;
    assert!(drill.story.next_night().await.is_null());
    // No other customer has a night here: until 25 hours have passed, the one before is the newest.
    drill.story.hours_pass(2).await;
    drill
        .find(
            "the link is dead",
            "last-night",
            &[CODE, "reconnect needed"],
        )
        .await;
    drill.story.connect().await.ok();
    drill.lose_nothing().await;

    drill.story.connect_as(&MIDORI_ADMIN).await;
    let shown = ["株式会社テスト", "pending company", "みどり物産"];
    drill
        .find(
            "the wrong company is linked",
            &format!("show {CODE}"),
            &shown,
        )
        .await;
    let refused = json!({ "accept": false });
    drill
        .story
        .admin
        .post("/api/v1/integration/relink", refused)
        .await
        .ok();
    drill.lose_nothing().await;
}

/// An unreadable row; our client is refused; a run crashes; the schedule stays off.
async fn we_fail(drill: &mut Drill) {
    let workspace = drill.story.workspace_id.clone();
    let user = drill.people[0][0].as_str().unwrap().to_owned();
    let key = [("workspace_id", &*workspace), ("user_id", &*user)];
    let unknown = json!({ "S": "a_role_of_the_future" });
    let before = drill.set("UsersTable", key, "role", &unknown).await;
    let shown = [CODE, "CANNOT BE READ", "user"];
    drill
        .find("a row is unreadable", &format!("show {CODE}"), &shown)
        .await;
    drill.set("UsersTable", key, "role", &before).await;
    drill.lose_nothing().await;

    drill.story.hours_pass(48).await;
    drill
        .faults("/oauth/token", 401, json!({ "error": "invalid_client" }))
        .await;
    drill.story.next_night().await;
    drill
        .find(
            "SmartHR refuses our client",
            "last-night",
            &[CODE, "client_refused"],
        )
        .await;
    drill.story.smarthr_is_back().await;
    drill.lose_nothing().await;

    let run = drill.story.next_night().await;
    let key = [("pk", &*workspace), ("sk", run["run_id"].as_str().unwrap())];
    drill
        .set("RunsTable", key, "outcome", &json!({ "S": "running" }))
        .await;
    let unended = json!({ "SS": [run["run_id"]] });
    drill
        .set(
            "WorkspacesTable",
            [("pk", &*workspace), ("sk", "gate")],
            "unended",
            &unended,
        )
        .await;
    drill
        .find("a run crashed", "last-night", &[CODE, "not under way"])
        .await;
    drill.lose_nothing().await;

    drill.story.hours_pass(48).await;
    drill
        .find(
            "the schedule stays off",
            "last-night",
            &["NO NIGHT SINCE", CODE, "no run"],
        )
        .await;
    drill.story.night().await;
    drill.lose_nothing().await;
}

/// A mail whose message was lost; SES takes none of the account's mails.
async fn mails_fail(drill: &mut Drill) {
    let workspace = drill.story.workspace_id.clone();
    let run = drill.story.next_night().await;
    drill.story.new_mails().await;
    let put = |mail: &str, at: String| {
        json!({ "Item": {
        "workspace_id": { "S": workspace }, "waiting": { "S": workspace }, "mail_id": { "S": mail },
        "kind": { "S": "failed_run" }, "run_id": run["run_id"].as_str().map(|id| json!({ "S": id })),
        "failure": { "NULL": true }, "failed": { "N": "1" }, "created_at": { "S": at },
    } })
    };
    let now = drill.story.stack.clock().now().to_string();
    drill
        .dynamodb("PutItem", "OutboxTable", put("failed-run#lost", now))
        .await;
    let of_workspace = format!("mails {CODE}");
    let shown = [&*workspace, "failed-run#lost"];
    drill
        .find("the message of a mail is lost", &of_workspace, &shown)
        .await;
    drill.repair("mails --retry").await;
    assert_eq!(
        drill.story.new_mails().await.len(),
        1,
        "the lost mail arrives"
    );
    drill.lose_nothing().await;

    let endpoint = drill.story.stack.aws_endpoint().to_owned();
    aws(
        &endpoint,
        &format!("ses delete-identity --identity {SENDER}"),
    )
    .await;
    let now = drill.story.stack.clock().now().to_string();
    drill
        .dynamodb("PutItem", "OutboxTable", put("failed-run#refused", now))
        .await;
    drill.repair("mails --retry").await;
    let shown = [&*workspace, "failed-run#refused"];
    drill
        .find("SES refuses the account's mails", &of_workspace, &shown)
        .await;
    aws(
        &endpoint,
        &format!("ses verify-email-identity --email-address {SENDER}"),
    )
    .await;
    drill.repair("mails --retry").await;
    assert_eq!(
        drill.story.new_mails().await.len(),
        1,
        "the refused mail arrives"
    );
    drill.lose_nothing().await;
}

/// An event of provision that names the seats only.
async fn operators_fail(drill: &mut Drill) {
    let seats = json!({ "workspace_id": drill.story.workspace_id, "seats": 30 });
    drill.story.stack.invoke("provision", seats).await.unwrap();
    let shown = ["株式会社テスト", "of 30 seats", "example.jp"];
    drill
        .find("provision with seats only", &format!("show {CODE}"), &shown)
        .await;
    drill.lose_nothing().await;
}
