//! One customer's story: a workspace, its admin, its SmartHR, and nights that pass.

use local::{Mail, Options, Stack};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::people::Person;
use crate::smarthr::SmartHr;

/// The first システム管理者, who signs in with it and gets the CSVs.
pub const ADMIN_EMAIL: &str = "admin@example.jp";
/// Their password.
pub const ADMIN_PASSWORD: &str = "hashiru-neko-2026";
/// Somebody who may link 株式会社あおぞら商事 at SmartHR.
const SMARTHR_LOGIN: [(&str, &str); 2] = [
    ("email", "admin@aozora-shoji.example"),
    ("password", "aozora-admin"),
];

/// A customer from the first day on.
pub struct Story {
    /// Everything on this machine.
    pub stack: Stack,
    /// The workspace.
    pub workspace_id: String,
    /// The first システム管理者's browser, signed in.
    pub admin: Browser,
    smarthr: SmartHr,
    mails_read: usize,
}

impl Story {
    /// A workspace with ten seats that is not linked yet.
    pub async fn begin(name: &str) -> Self {
        Self::begin_with(name, json!({})).await
    }

    /// A workspace that differs from the usual one in what `workspace` says.
    pub async fn begin_with(name: &str, workspace: Value) -> Self {
        let stack = Stack::start(Options::for_test(name)).await.unwrap();
        let mut event = json!({
            "name": "株式会社テスト",
            "company_code": "test",
            "seats": 10,
            "allowed_domains": [],
            "sso_configured": false,
            "related_company_users": [],
            "system_administrator": {
                "name": "管理 花子", "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD,
            },
        });
        for (key, value) in workspace.as_object().unwrap() {
            event[key] = value.clone();
        }
        let provisioned = stack.invoke("provision", event).await.unwrap();
        let mut admin = Browser::new(stack.base_url());
        admin
            .sign_in(json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD }))
            .await
            .ok();
        Self {
            workspace_id: provisioned["workspace_id"].as_str().unwrap().to_owned(),
            smarthr: SmartHr {
                http: reqwest::Client::builder().no_proxy().build().unwrap(),
                base_url: stack.smarthr_url().unwrap().to_owned(),
            },
            admin,
            stack,
            mails_read: 0,
        }
    }

    /// A linked and enabled workspace whose SmartHR has these people.
    pub async fn linked(name: &str, people: &[Person]) -> Self {
        let mut story = Self::begin(name).await;
        story.people(people).await;
        story.link().await;
        story.save(json!({})).await.ok();
        story
    }

    /// Links the workspace to SmartHR as an admin does: through its login page and back.
    pub async fn link(&mut self) -> Answer {
        let begun = self
            .admin
            .call(Method::POST, "/api/v1/integration/connect", json!({}))
            .await
            .ok();
        let authorize = begun.json()["authorize_url"].as_str().unwrap().to_owned();
        let back = self.admin.post_form(&authorize, &SMARTHR_LOGIN).await.ok();
        let callback = back.location.expect("SmartHR sends the admin back");
        self.admin.get(&callback).await
    }

    /// Saves the settings, which are: enabled, 全てのユーザー, パスワード, 閲覧権限グループ, unless
    /// `changes` says otherwise.
    pub async fn save(&mut self, changes: Value) -> Answer {
        let mut settings = json!({
            "enabled": true,
            "target": "everyone",
            "login_method": "password",
            "default_group": self.group("閲覧権限グループ").await,
        });
        for (key, value) in changes.as_object().unwrap() {
            settings[key] = value.clone();
        }
        self.admin
            .call(Method::PUT, "/api/v1/integration/settings", settings)
            .await
    }

    /// The id of a group.
    pub async fn group(&mut self, name: &str) -> String {
        let connection = self.connection().await;
        let groups = connection["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["name"] == name).unwrap();
        group["id"].as_str().unwrap().to_owned()
    }

    /// What the settings page shows.
    pub async fn connection(&mut self) -> Value {
        self.admin.get("/api/v1/integration").await.ok().json()
    }

    /// Makes these the people in SmartHR.
    pub async fn people(&self, people: &[Person]) {
        self.smarthr.put_people(people).await;
    }

    /// Does something at SmartHR's stand-in.
    pub async fn at_smarthr(&self, method: &str, what: &str, body: Value) -> String {
        self.smarthr.control(method, what, body).await
    }

    /// 02:00 of the next night: a day passes, and the run is over. Gives the run.
    pub async fn next_night(&mut self) -> Value {
        self.hours_pass(24).await;
        self.night().await
    }

    /// The schedule's event, now. Gives the run.
    pub async fn night(&mut self) -> Value {
        let night = self.stack.night().await.unwrap();
        assert!(night.runs.len() <= 1, "one workspace, one run");
        night.runs.into_iter().next().unwrap_or(Value::Null)
    }

    /// Time passes, for everybody.
    pub async fn hours_pass(&mut self, hours: u64) {
        let by = std::time::Duration::from_secs(hours * 3600);
        self.stack.clock().advance(by).unwrap();
        self.admin
            .sign_in(json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD }))
            .await
            .ok();
    }

    /// The mails that arrived since this was asked last, oldest first.
    pub async fn new_mails(&mut self) -> Vec<Mail> {
        let mut mails = self.stack.mails().await.unwrap();
        let new = mails.split_off(self.mails_read);
        self.mails_read += new.len();
        new
    }

    /// The user of a name, as [ユーザー管理] shows it; `Null` when there is none.
    pub async fn user(&mut self, name: &str) -> Value {
        let users = self.users().await;
        users
            .into_iter()
            .find(|user| user["name"].as_str().unwrap().starts_with(name))
            .unwrap_or(Value::Null)
    }

    /// Everybody in [ユーザー管理], the first システム管理者 too.
    pub async fn users(&mut self) -> Vec<Value> {
        let page = self.admin.get("/api/v1/users?limit=100").await.ok().json();
        page["users"].as_array().unwrap().clone()
    }

    /// The downloaded log of a run, a line per person, cells by column.
    pub async fn log(&mut self, run: &Value) -> Vec<Vec<String>> {
        let run_id = run["run_id"].as_str().unwrap();
        let path = format!("/api/v1/runs/{run_id}/log");
        let address = self
            .admin
            .get(&path)
            .await
            .ok()
            .location
            .expect("leads to S3");
        let csv = self.admin.get(&address).await.ok().text;
        let csv = csv.strip_prefix('\u{feff}').expect("Excel needs a BOM");
        csv::Reader::from_reader(csv.as_bytes())
            .records()
            .map(|line| {
                let line = line.unwrap();
                line.iter().map(|cell| cell.trim().to_owned()).collect()
            })
            .collect()
    }

    /// The line of one person in the log of a run: 処理, 結果, 原因.
    pub async fn logged(&mut self, run: &Value, name: &str) -> [String; 3] {
        let log = self.log(run).await;
        let line = log.into_iter().find(|line| line[1].starts_with(name));
        let mut line = line.unwrap_or_else(|| panic!("{name} is not in the log"));
        [line.remove(3), line.remove(3), line.remove(3)]
    }
}

/// The address in a mail that leads to the first sign-in.
///
/// # Panics
/// The mail has none.
pub fn invitation_link(mail: &Mail) -> String {
    let start = mail.text.find("http").expect("the mail has a link");
    let link = mail.text[start..].split_whitespace().next().unwrap();
    assert!(link.contains("/invitations/"), "{link}");
    link.to_owned()
}

/// The lines of a CSV attachment, cells as they are.
///
/// # Panics
/// The mail has no attachment, or it is not such a CSV.
pub fn csv_of(mail: &Mail) -> Vec<Vec<String>> {
    let [attachment] = &mail.attachments[..] else {
        panic!("one attachment, not {}", mail.attachments.len());
    };
    let bytes = attachment.bytes();
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .expect("Excel needs a BOM");
    csv::Reader::from_reader(text)
        .records()
        .map(|line| line.unwrap().iter().map(ToOwned::to_owned).collect())
        .collect()
}
