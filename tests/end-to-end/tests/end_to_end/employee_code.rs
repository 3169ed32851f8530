//! 【メールアドレス情報がない(=従業員コードのみ)のユーザーの場合】

use std::time::Duration;

use end_to_end::{ADMIN_EMAIL, Person, Story, csv_of};
use serde_json::{Value, json};

const SIGN_IN: &str = "/api/v1/sign-in";
const NEW_PASSWORD: &str = "yama-to-kawa-2026";

fn by_code(code: &str, password: &str) -> Value {
    json!({ "company_code": "test", "employee_code": code, "password": password })
}

#[tokio::test]
async fn people_without_an_address_get_initial_passwords_in_a_csv_and_choose_new_ones() {
    let people = [
        Person::new(1, "田中").code("00123"),
        Person::new(2, "=cmd|' /C calc'!A1").code("-9"),
    ];
    let mut story = Story::connected("code-only", &people).await;
    let with_code_only = json!({ "target": "everyone_and_code_only" });
    story.save(with_code_only).await.ok();
    let run = story.night().await;
    assert_eq!(story.logged(&run, "田中").await[..2], ["登録", "成功"]);
    assert_eq!(story.user("田中").await["status"], "active");

    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1, "one mail to the system administrator");
    assert_eq!(mails[0].to, [ADMIN_EMAIL]);
    let mut csv = csv_of(&mails[0]);
    for cell in csv.iter().flatten() {
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert!(!is_formula, "{cell}");
    }
    csv.sort_by_key(|row| !row[0].contains("田中"));
    let [tanaka, other] = &csv[..] else {
        panic!("{csv:?}")
    };
    assert_eq!((tanaka[1].trim(), other[1].trim()), ("00123", "-9"));
    assert_eq!(tanaka[3], "test", "企業コード");
    assert!(tanaka[5].contains("company_code=test"), "{}", tanaka[5]);

    let browser = story.browser();
    let initial = by_code("00123", &tanaka[2]);
    let signed_in = browser.post(SIGN_IN, initial.clone()).await.ok();
    assert_eq!(signed_in.json()["must_replace_password"], true);
    let refused = browser.get("/api/v1/users").await.status;
    assert!(refused.is_client_error(), "nothing but a new password");
    let replace = json!({ "new_password": NEW_PASSWORD });
    browser.post("/api/v1/password", replace).await.ok();

    let again = story.browser();
    assert_eq!(again.post(SIGN_IN, initial).await.status, 401);
    let new = by_code("00123", NEW_PASSWORD);
    again.post(SIGN_IN, new).await.ok();

    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "田中").await[..2], ["変更なし", "成功"]);
    assert!(story.new_mails().await.is_empty());
}

#[tokio::test]
async fn admins_see_that_the_mail_with_the_initial_passwords_bounced_and_print_them() {
    let tanaka = Person::new(1, "田中").code("00123");
    let mut story = Story::connected("passwords-bounced", &[tanaka]).await;
    let with_code_only = json!({ "target": "everyone_and_code_only" });
    story.save(with_code_only).await.ok();
    let run = story.night().await;
    // What mail-delivery tells SES about the mail, which SES repeats.
    let bounce = json!({
        "eventType": "Bounce",
        "bounce": { "bounceType": "Permanent", "bounceSubType": "NoEmail" },
        "mail": { "tags": {
            "workspace_id": [story.workspace_id], "password_issue": [run["run_id"]],
        } },
    });
    let topic = story.stack.output("FeedbackTopicArn").unwrap().to_owned();
    let account = story.stack.account().unwrap();
    account.publish(&topic, &bounce.to_string()).await.unwrap();
    let why = "初期パスワードのメールが届きませんでした(宛先のメールアドレスが存在しません)";
    let mut page = story.admin.get("/users/initial-passwords").await.ok();
    for _ in 0..100 {
        if page.text.contains(why) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        page = story.admin.get("/users/initial-passwords").await.ok();
    }
    page.shows(&[why, "初期パスワードのカードを印刷"]);
}

#[tokio::test]
async fn people_without_an_address_are_left_out_by_default() {
    let people = [Person::new(2, "田中").code("00123"), Person::sato()];
    let mut story = Story::connected("code-only-left-out", &people).await;
    story.night().await;
    assert!(story.user("田中").await.is_null());
    assert_eq!(story.user("佐藤").await["status"], "invited");
}

#[tokio::test]
async fn initial_passwords_of_fifty_people_are_issued_again_in_one_csv() {
    // A transaction has room for 48 of them.
    let codes = 1..=50_u32;
    let people = codes.map(|number| Person::new(number, "田中").code(&format!("K{number:03}")));
    let people: Vec<Person> = people.collect();
    let seats = json!({ "seats": 60 });
    let mut story = Story::connected_with("fifty-passwords", seats, &people).await;
    let with_code_only = json!({ "target": "everyone_and_code_only" });
    story.save(with_code_only).await.ok();
    story.night().await;
    story.new_mails().await;
    let users = story.users().await.into_iter();
    let with_code = users.filter(|user| user["employee_code"].is_string());
    let user_ids: Vec<Value> = with_code.map(|user| user["id"].clone()).collect();
    assert_eq!(user_ids.len(), 50);
    let many = json!({ "user_ids": user_ids });
    let address = "/api/v1/users/initial-passwords";
    story.admin.post(address, many).await.ok();
    let mails = story.new_mails().await;
    let with_csv = mails.iter().filter(|mail| !mail.attachments.is_empty());
    let lines: Vec<usize> = with_csv.map(|mail| csv_of(mail).len()).collect();
    assert_eq!(lines, [50]);
}
