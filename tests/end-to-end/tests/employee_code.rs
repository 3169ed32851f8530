//! 【メールアドレス情報がない(=従業員コードのみ)のユーザーの場合】

use end_to_end::{ADMIN_EMAIL, Person, Story, csv_of};
use serde_json::{Value, json};

const SIGN_IN: &str = "/api/v1/sign-in";
const NEW_PASSWORD: &str = "yama-to-kawa-2026";

async fn with_code_only(name: &str, people: &[Person]) -> Story {
    let mut story = Story::begin(name).await;
    story.put_people(people).await;
    story.connect().await;
    story
        .save(json!({ "target": "everyone_and_code_only" }))
        .await
        .ok();
    story
}

fn by_code(code: &str, password: &str) -> Value {
    json!({ "company_code": "test", "employee_code": code, "password": password })
}

#[tokio::test]
async fn people_without_an_address_get_initial_passwords_in_a_csv_and_choose_new_ones() {
    let people = [
        Person::new(1, "田中").code("00123"),
        Person::new(2, "=cmd|' /C calc'!A1").code("-9"),
    ];
    let mut story = with_code_only("code-only", &people).await;
    let run = story.night().await;
    assert_eq!(story.logged(&run, "田中").await[..2], ["登録", "成功"]);
    assert_eq!(story.user("田中").await["status"], "active");

    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1, "one mail to the system administrator");
    assert_eq!(mails[0].to, [ADMIN_EMAIL]);
    let csv = csv_of(&mails[0]);
    assert_eq!(csv.len(), 2);
    for cell in csv.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
    let tanaka = csv.iter().find(|line| line[0].contains("田中")).unwrap();
    assert_eq!(tanaka[1].trim(), "00123");
    let other = csv.iter().find(|line| !line[0].contains("田中")).unwrap();
    assert_eq!(other[1].trim(), "-9");
    assert!(tanaka[3].contains("company_code=test"), "{}", tanaka[3]);

    let browser = story.browser();
    let signed_in = browser
        .post(SIGN_IN, by_code("00123", &tanaka[2]))
        .await
        .ok()
        .json();
    assert_eq!(signed_in["must_replace_password"], true);
    let refused = browser.get("/api/v1/users").await;
    assert!(
        refused.status.is_client_error(),
        "nothing but a new password"
    );
    let replace = json!({ "new_password": NEW_PASSWORD });
    browser.post("/api/v1/password", replace).await.ok();

    let again = story.browser();
    assert_eq!(
        again
            .post(SIGN_IN, by_code("00123", &tanaka[2]))
            .await
            .status,
        401
    );
    again
        .post(SIGN_IN, by_code("00123", NEW_PASSWORD))
        .await
        .ok();

    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "田中").await[..2], ["変更なし", "成功"]);
    assert!(story.new_mails().await.is_empty());
}

#[tokio::test]
async fn people_without_an_address_are_left_out_by_default() {
    let people = [
        Person::new(1, "田中").code("00123"),
        Person::new(2, "佐藤").email("sato@example.jp"),
    ];
    let mut story = Story::connected("code-only-left-out", &people).await;
    story.night().await;
    assert!(story.user("田中").await.is_null());
    assert_eq!(story.user("佐藤").await["status"], "invited");
}

#[tokio::test]
async fn an_address_gained_and_one_lost_come_out_right() {
    let gains = Person::new(1, "田中").code("T-1");
    let loses = Person::new(2, "佐藤").code("S-1");
    let mut story = with_code_only(
        "address-gained-and-lost",
        &[gains.clone(), loses.clone().email("sato@example.jp")],
    )
    .await;
    story.night().await;
    story.new_mails().await;
    story
        .put_people(&[gains.email("tanaka@example.jp"), loses])
        .await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "田中").await[..2], ["更新", "成功"]);
    assert_eq!(story.user("田中").await["email"], "tanaka@example.jp");
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["登録", "成功"]);
    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1);
    let csv = csv_of(&mails[0]);
    assert!(
        csv.len() == 1 && csv[0][0].contains("佐藤"),
        "only those who cannot sign in yet"
    );
}
