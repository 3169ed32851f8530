//! What the functions write while people come and go: enough to find a run again, and nothing about
//! anybody.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::collections::BTreeSet;

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, PASSWORD, Person, Story, csv_of, invitation_link};
use serde_json::{Value, json};

fn people() -> Vec<Person> {
    let people = [
        ("早乙女", Some("saotome@example.jp"), "L-1"),
        ("勅使河原", None, "L-2"),
        ("小鳥遊", Some("not an address of takanashi"), "L-3"),
        ("五百旗頭", Some("iokibe@example.jp"), "L 4"),
        ("東海林", Some("shoji@example.jp"), "L-5"),
    ];
    let person = |(id, (name, email, code))| Person::new(id, name).with("email", email).code(code);
    (1..).zip(people).map(person).collect()
}

/// Everything that must not be written: names, addresses, tokens, passwords, links.
struct Private(BTreeSet<String>);

impl Private {
    fn keep(&mut self, text: &str) {
        assert!(text.len() > 5, "{text} would be found by chance");
        self.0.insert(text.to_owned());
    }

    fn assert_not_in(&self, lines: &[String]) {
        for line in lines {
            for private in &self.0 {
                assert!(!line.contains(private), "{private} is in the log: {line}");
            }
        }
    }
}

/// Two nights with everything that may go wrong for one person, and people who come in between.
async fn two_nights() -> (Story, Private) {
    let mut story = Story::connected("logs", &people()).await;
    let names = "早乙女、勅使河原、小鳥遊、五百旗頭、東海林、管理 花子".split('、');
    let mut private = Private(names.map(str::to_owned).collect());
    let secrets = [
        ADMIN_PASSWORD,
        PASSWORD,
        "aozora-admin",
        "kitera-local-secret",
    ];
    let addresses = "saotome@example.jp takanashi iokibe@example.jp shoji@example.jp".split(' ');
    for text in addresses.chain([ADMIN_EMAIL]).chain(secrets) {
        private.keep(text);
    }
    story.night().await;
    for mail in story.new_mails().await {
        if !mail.attachments.is_empty() {
            for row in &csv_of(&mail) {
                private.keep(&row[2]);
                sign_in_by_code(&story, row).await;
            }
        }
        if mail.text.contains("/invitations/") {
            let link = invitation_link(&mail);
            private.keep(link.rsplit(['/', '.']).next().unwrap());
            private.keep(link.rsplit('/').next().unwrap());
            if mail.to == ["saotome@example.jp"] {
                story.accept(&link).await.ok();
            }
        }
    }
    // The tables' own keys to SmartHR.
    let secrets = async |operation: &str, ask: Value| {
        let target = format!("secretsmanager.{operation}");
        story.at_aws("secretsmanager", &target, ask).await
    };
    for secret in secrets("ListSecrets", json!({})).await["SecretList"]
        .as_array()
        .unwrap()
    {
        let ask = json!({ "SecretId": secret["Name"] });
        let value = secrets("GetSecretValue", ask).await;
        keep_secret(&mut private, value["SecretString"].as_str().unwrap());
    }
    let bounce = json!({
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "NoEmail",
            "bouncedRecipients": [{ "emailAddress": "shoji@example.jp" }],
        },
        "mail": { "destination": ["shoji@example.jp"], "tags": tags(&mut story).await },
    });
    let topic = story.stack.output("FeedbackTopicArn").unwrap().to_owned();
    let account = story.stack.account().unwrap();
    account.publish(&topic, &bounce.to_string()).await.unwrap();
    account.publish(&topic, "saotome@example.jp").await.unwrap();
    let mut why = Value::Null;
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        why = story.user("東海林").await["invitation"]["bounced"].take();
        if why.is_string() {
            break;
        }
    }
    let expected = "招待メールが届きませんでした(宛先のメールアドレスが存在しません)";
    assert_eq!(why, expected);

    story.put_people(&people()[..1]).await;
    story.next_night().await;
    story.new_mails().await;
    (story, private)
}

/// What mail-delivery tells SES about 東海林's invitation.
async fn tags(story: &mut Story) -> Value {
    let user_id = story.user("東海林").await["id"].clone();
    json!({ "workspace_id": [story.workspace_id], "user_id": [user_id], "serial": ["1"] })
}

async fn sign_in_by_code(story: &Story, row: &[String]) {
    let code = row[1].trim_start_matches(['=', '"']).trim_end_matches('"');
    let body = json!({ "company_code": "test", "employee_code": code, "password": row[2] });
    let answer = story.browser().post("/api/v1/sign-in", body).await;
    answer.ok();
}

/// A secret is a text, or JSON with texts in it.
fn keep_secret(private: &mut Private, secret: &str) {
    let Ok(Value::Object(fields)) = serde_json::from_str(secret) else {
        return private.keep(secret);
    };
    for (name, value) in fields {
        let text = value.as_str().unwrap_or_default();
        if name.contains("token") || name.contains("secret") {
            private.keep(text);
        }
    }
}

#[tokio::test]
async fn nothing_that_is_written_is_about_anybody_and_runs_can_be_followed() {
    let (story, private) = two_nights().await;
    let lines = story.logged_lines();
    assert!(lines.len() > 20, "{}", lines.len());
    private.assert_not_in(&lines);

    let read = |line: &String| serde_json::from_str::<Value>(line).ok();
    let read: Vec<Value> = lines.iter().filter_map(read).collect();
    assert_eq!(read.len(), lines.len(), "every line is JSON");
    let with = |field: &'static str, value: &'static str| {
        let is_meant = move |line: &&Value| line[field] == value;
        read.iter().filter(is_meant)
    };
    let mut traces = BTreeSet::new();
    for line in with("message", "run") {
        for name in [
            "requestId",
            "message_id",
            "workspace_id",
            "run_id",
            "outcome",
            "invited",
        ] {
            assert!(!line[name].is_null(), "{name} is not in {line}");
        }
        traces.insert(line["trace_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(traces.len(), 2, "a trace for each night: {traces:?}");
    for night in with("message", "dispatched") {
        let night = night.to_string();
        assert!(traces.iter().any(|id| night.contains(id)), "{night}");
    }
    // A click led to the mail about the connection, nights to all others.
    let of_a_click = |mail: &&Value| mail["mail_id"].to_string().contains("connected#");
    for mail in with("result", "sent").filter(|mail| !of_a_click(mail)) {
        let trace = mail["trace_id"].as_str();
        assert!(trace.is_some_and(|id| traces.contains(id)), "{mail}");
    }
}
