//! One customer's story: a workspace, its admin, its SmartHR, and nights that pass.

use std::time::Duration;

use http_client::{Answer, Request};
use jiff::Timestamp;
use local::{Mail, Options, Stack};
use serde_json::{Value, json};

use crate::browser::{Browser, Product, accept, sign_in};
use crate::mails::rows_of;
use crate::people::Person;

/// The e-mail address of a test's first システム管理者, who also receives the CSV files.
pub const ADMIN_EMAIL: &str = "admin@example.jp";
/// The password of the first システム管理者.
pub const ADMIN_PASSWORD: &str = "hashiru-neko-2026";
/// The password that employees choose.
pub const PASSWORD: &str = "mizuumi-no-hotori";
/// An admin of 株式会社あおぞら商事 in the SmartHR stand-in.
const AOZORA_ADMIN: [(&str, &str); 2] = [
    ("email", "admin@aozora-shoji.example"),
    ("password", "aozora-admin"),
];
/// An admin of 株式会社みどり物産, another company in the SmartHR stand-in.
pub const MIDORI_ADMIN: [(&str, &str); 2] = [
    ("email", "admin@midori-bussan.example"),
    ("password", "midori-admin"),
];

/// A customer from the first day on.
pub struct Story {
    /// The deployed stack, with this one workspace.
    pub stack: Stack,
    /// The id of the workspace.
    pub workspace_id: String,
    /// The browser of the first システム管理者, signed in.
    pub admin: Browser,
    admin_email: String,
    mails_read: usize,
}

impl Story {
    /// Starts a stack with a workspace of ten seats that is not connected yet.
    pub async fn begin(name: &str) -> Self {
        Self::begin_with(name, json!({})).await
    }

    /// Starts a stack with a workspace that differs from the usual one as `changes` says.
    pub async fn begin_with(name: &str, changes: Value) -> Self {
        let stack = Stack::start(Options::for_test(name)).await.unwrap();
        Self::provision(stack, changes).await
    }

    /// Provisions a workspace, which differs from the usual one as `changes` says, in a stack that has none.
    pub async fn provision(stack: Stack, changes: Value) -> Self {
        let workspace = usual_workspace(&changes);
        let admin_email = &workspace["system_administrator"]["email"];
        let admin_email = admin_email.as_str().unwrap().to_owned();
        let provisioned = stack.invoke("provision", workspace).await.unwrap();
        let mut story = Self {
            workspace_id: provisioned["workspace_id"].as_str().unwrap().to_owned(),
            admin: Browser::new(Product::at(stack.base_url())),
            stack,
            admin_email,
            mails_read: 0,
        };
        story.sign_in().await;
        story
    }

    /// Starts a stack with a connected and enabled workspace whose SmartHR has these people.
    pub async fn connected(name: &str, people: &[Person]) -> Self {
        Self::connected_with(name, json!({}), people).await
    }

    /// Does what [`Story::connected`] does, for a workspace that differs as `changes` says.
    pub async fn connected_with(name: &str, changes: Value, people: &[Person]) -> Self {
        let mut story = Self::begin_with(name, changes).await;
        story.put_people(people).await;
        story.connect().await.ok();
        story.save(json!({})).await.ok();
        story
    }

    /// Returns the browser of somebody else, signed out.
    pub fn browser(&self) -> Browser {
        Browser::new(self.admin.server.clone())
    }

    /// Connects the workspace as an admin does: through SmartHR's login page and back.
    pub async fn connect(&mut self) -> Answer {
        self.connect_as(&AOZORA_ADMIN).await
    }

    /// Connects the workspace to the company of this admin at SmartHR.
    pub async fn connect_as(&mut self, login: &[(&str, &str)]) -> Answer {
        let authorize = self.authorize_url().await;
        self.come_back_from_smarthr(&authorize, login).await
    }

    /// Logs in on SmartHR's page, which leads back, and returns the page that says what came of it.
    pub async fn come_back_from_smarthr(&self, authorize: &str, login: &[(&str, &str)]) -> Answer {
        let back = self.admin.form(authorize, login).await;
        let callback = self.admin.server.path(back.location());
        let called_back = self.admin.get(callback).await;
        self.admin.follow(&called_back).await
    }

    /// Clicks [連携する], and returns the address of SmartHR's page that it leads to.
    pub async fn authorize_url(&mut self) -> String {
        let address = "/api/v1/integration/connect";
        let begun = self.admin.post(address, json!({})).await.ok();
        begun.json()["authorize_url"].as_str().unwrap().to_owned()
    }

    /// Saves the settings, which are: enabled, 全てのユーザー, パスワード, 閲覧権限グループ, unless
    /// `changes` says otherwise.
    pub async fn save(&mut self, changes: Value) -> Answer {
        let settings = json!({
            "enabled": true,
            "target": "everyone",
            "login_method": "password",
            "default_group": self.group("閲覧権限グループ").await,
        });
        let address = "/api/v1/integration/settings";
        let settings = changed(settings, &changes);
        self.admin.put(address, settings).await
    }

    /// Returns the id of a group.
    pub async fn group(&mut self, name: &str) -> String {
        let connection = self.connection().await;
        let groups = connection["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["name"] == name).unwrap();
        group["id"].as_str().unwrap().to_owned()
    }

    /// Returns the connection and its settings, as the settings page shows them.
    pub async fn connection(&mut self) -> Value {
        self.admin.get("/api/v1/integration").await.ok().json()
    }

    /// Makes these the people in SmartHR.
    pub async fn put_people(&self, people: &[Person]) {
        let crews: Vec<&Value> = people.iter().map(Person::json).collect();
        self.at_smarthr("PUT", "crews", json!(crews)).await;
    }

    /// Sets one of our custom items of a person in SmartHR, such as 連携対象.
    pub async fn choose(&self, person: &Person, item: &str, value: &str) {
        let choice = json!({
            "company": "aozora", "crew_id": person.id(), "item": item, "value": value,
        });
        self.at_smarthr("POST", "choices", choice).await;
    }

    /// Calls the control plane of the SmartHR stand-in; `Null` sends no body.
    pub async fn at_smarthr(&self, method: &str, what: &str, body: Value) -> Answer {
        let smarthr = self.stack.smarthr_url().expect("a SmartHR stand-in");
        let address = format!("{smarthr}/_stand-in/{what}");
        let request = Request::new(method, &address).json(&body);
        self.browser().send(request).await.ok()
    }

    /// Moves the clock by a day, runs the schedule's event, and returns the finished run.
    pub async fn next_night(&mut self) -> Value {
        self.hours_pass(24).await;
        self.night().await
    }

    /// Runs the schedule's event now, and returns the finished run; `Null` if none began.
    pub async fn night(&mut self) -> Value {
        let night = self.stack.night().await.unwrap();
        assert!(night.runs.len() <= 1, "one workspace, one run");
        night.runs.into_iter().next().unwrap_or(Value::Null)
    }

    /// Sends the schedule's event of a night at `scheduled_at`, and returns the ids of the runs that it asks for,
    /// without waiting for them.
    pub async fn begin_night(&self, scheduled_at: Timestamp) -> Vec<String> {
        let runs = self.stack.begin_night(scheduled_at).await.unwrap();
        runs.into_iter().map(|run| run.run_id).collect()
    }

    /// Moves the clock of the whole stack.
    pub async fn hours_pass(&mut self, hours: u64) {
        self.time_passes(Duration::from_hours(hours)).await;
    }

    /// Moves the clock of the whole stack, and signs the admin in again, whose session may have ended.
    pub async fn time_passes(&mut self, by: Duration) {
        self.stack.clock().advance(by).unwrap();
        self.sign_in().await;
    }

    async fn sign_in(&mut self) {
        let answer = sign_in(&self.admin, &self.admin_email, ADMIN_PASSWORD);
        answer.await.ok();
    }

    /// Returns the mails that arrived since the last call, oldest first, but for the one that every
    /// story begins with: SmartHRと連携しました.
    pub async fn new_mails(&mut self) -> Vec<Mail> {
        let mut mails = self.stack.mails().await.unwrap();
        let mut new = mails.split_off(self.mails_read);
        self.mails_read += new.len();
        new.retain(|mail| !mail.subject.contains("SmartHRと連携しました"));
        new
    }

    /// Sets [`PASSWORD`] at the link of an invitation, in a browser of its own.
    pub async fn accept(&self, link: &str) -> Answer {
        accept(&self.browser(), link, PASSWORD).await
    }

    /// Returns the user whose name begins so, as [ユーザー管理] shows it; `Null` when there is none.
    pub async fn user(&mut self, name: &str) -> Value {
        let mut users = self.users().await.into_iter();
        let user = users.find(|user| user["name"].as_str().unwrap().starts_with(name));
        user.unwrap_or(Value::Null)
    }

    /// Edits the user whose name begins so, as an admin does in [ユーザー管理].
    pub async fn edit(&mut self, name: &str, changes: Value) -> Answer {
        let user = self.user(name).await;
        let address = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        self.admin.patch(&address, changes).await
    }

    /// Returns the first hundred users of [ユーザー管理], the first システム管理者 among them.
    pub async fn users(&mut self) -> Vec<Value> {
        let page = self.admin.get("/api/v1/users?limit=100").await.ok().json();
        page["users"].as_array().unwrap().clone()
    }

    /// Reads a run or a preview until it is over; it may take two minutes.
    pub async fn finished(&self, address: &str) -> Value {
        self.run_when(address, |run| run["outcome"] != "running")
            .await
    }

    /// Reads a run or a preview, which is unknown until it begins, until it is as expected; that may take two minutes.
    pub async fn run_when(&self, address: &str, is_expected: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1200 {
            let answer = self.admin.get(address).await;
            let run = answer.status.is_success().then(|| answer.json());
            if let Some(run) = run.filter(&is_expected) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{address} is not as expected after two minutes")
    }

    /// Returns the downloaded sync log of a run, a row per person, cells by column.
    pub async fn log(&mut self, run: &Value) -> Vec<Vec<String>> {
        let run_id = run["run_id"].as_str().unwrap();
        let address = format!("/api/v1/runs/{run_id}/log");
        let in_s3 = self.admin.get(&address).await;
        let csv = self.admin.follow(&in_s3).await.ok().text;
        let csv = csv.strip_prefix('\u{feff}').expect("Excel needs a BOM");
        let trimmed = |row: Vec<String>| row.iter().map(|cell| cell.trim().to_owned()).collect();
        rows_of(csv.as_bytes()).map(trimmed).collect()
    }

    /// Returns 処理, 結果 and 原因 of one person in the sync log of a run.
    pub async fn logged(&mut self, run: &Value, name: &str) -> [String; 3] {
        let mut log = self.log(run).await.into_iter();
        let row = log.find(|row| row[1].starts_with(name));
        let mut row = row.unwrap_or_else(|| panic!("{name} is not in the log"));
        [row.remove(3), row.remove(3), row.remove(3)]
    }

    /// Returns 原因 of one person, who must have failed in the run.
    pub async fn failed(&mut self, run: &Value, name: &str) -> String {
        let [_, result, cause] = self.logged(run, name).await;
        assert_eq!(result, "失敗", "{name}");
        cause
    }
}

/// Returns the event that provisions a workspace of ten seats, which differs from the usual one as `changes`
/// says.
pub fn usual_workspace(changes: &Value) -> Value {
    let workspace = json!({
        "name": "株式会社テスト",
        "company_code": "test",
        "seats": 10,
        "allowed_domains": [],
        "related_company_users": [],
        "system_administrator": {
            "name": "管理 花子", "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD,
        },
    });
    changed(workspace, changes)
}

/// Returns `fields` with those of `changes` in place of their own.
fn changed(mut fields: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields
}
