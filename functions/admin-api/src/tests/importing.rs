//! [CSVで招待]: people who are not in SmartHR, from a file.

use domain::{Credential, Role, Status};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::http::{Answer, Request};
use testkit::users::member;

use super::console::{Browser, Console, administrator, system_administrator};

const PATH: &str = "/users/import";
const API: &str = "/api/v1/user-imports";

async fn upload(browser: &Browser, file: &[u8]) -> Answer {
    browser.send(Request::post(PATH).upload("file", file)).await
}

/// Uploads a file, and returns the address of its preview with the page.
async fn previewed(browser: &Browser, file: &str) -> (String, Answer) {
    let uploaded = upload(browser, file.as_bytes()).await;
    let page = uploaded.location().to_owned();
    let preview = browser.get(&page).await;
    (page, preview)
}

async fn preview(browser: &Browser, csv: &str) -> Value {
    let answer = browser.post(API, json!({ "csv": csv })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

async fn carry_out(browser: &Browser, import: &Value) -> Value {
    let path = format!("{API}/{}", import["id"].as_str().unwrap());
    browser.post(&path, Value::Null).await.ok().json()
}

/// Returns a file with this many new people.
fn people(number: usize) -> String {
    let lines = (0..number).map(|it| format!("n{it}@example.jp\n"));
    ["メールアドレス\n".to_owned()]
        .into_iter()
        .chain(lines)
        .collect()
}

#[tokio::test]
async fn a_file_is_shown_line_by_line_and_only_its_good_lines_are_invited() {
    let (console, admin) = administrator().await;
    console.env.add_user(member("usr_hanako")).await;
    let file = "氏名,メールアドレス,役割,グループ\r\n\
        新井 一郎,ａｒａｉ＠audit.example,担当者,閲覧権限グループ\r\n\
        ,USR-hanako@example.jp,,\r\n\
        ,nobody,,\r\n\
        \"税理士, 花子\",tax@audit.example,,\r\n\
        ,tax@audit.example,,\r\n\
        ,x@audit.example,部長,\r\n";
    let (page, preview) = previewed(&admin, file).await;
    preview.shows(&[
        "<strong>2名</strong>を招待できます。まだ招待していません。",
        "招待できない行(4行)",
        "3行目",
        "このメールアドレスは別のユーザーが使用しています。",
        "登録済みの方の行は削除してください。",
        "メールアドレスの形式が正しくありません。",
        "5行目と同じメールアドレスです。",
        "役割「部長」はありません。",
        "この内容で招待する",
    ]);
    assert_eq!(console.user_count().await, 2, "nobody yet");
    admin
        .submit(&page, &[])
        .await
        .shows(&["2名を招待しました。"]);
    let users = console.env.users().await;
    let arai = users.iter().find(|user| user.name == "新井 一郎").unwrap();
    assert_eq!((arai.role, arai.status), (Role::Staff, Status::Invited));
    assert!(arai.groups.iter().any(|group| group.as_str() == "viewers"));
    assert_eq!(arai.added_by.as_ref().unwrap().as_str(), "administrator");
    let expires_at = arai.invitation.as_ref().unwrap().expires_at;
    assert_eq!(expires_at, testkit::now() + SignedDuration::from_hours(72));
    // A second click does nothing twice.
    let again = admin.submit(&page, &[]).await;
    again.shows(&["2名を招待しました。"]);
    again.shows_no(&["この内容で招待する"]);
    assert_eq!(console.user_count().await, 4);
    while let Some(message) = console.env.next_mail() {
        console.env.deliver(&message).await.unwrap();
    }
    assert_eq!(console.env.mails_with("新井 一郎 様"), 1);
    assert_eq!(console.env.mails_with("税理士, 花子 様"), 1);
    let boss = console.browser(Role::SystemAdministrator).await;
    let trail = boss.get("/api/v1/audit-events?action=user_added").await;
    let events = trail.ok().json()["events"].clone();
    assert_eq!(events.as_array().unwrap().len(), 2);
    assert!(!events.to_string().contains("audit.example"));
}

#[tokio::test]
async fn a_file_that_excel_saved_in_japan_is_read_and_the_template_is_one() {
    let (console, admin) = administrator().await;
    // 氏名, メールアドレス, 髙橋 in CP932.
    let header = b"\x8e\x81\x96\xbc,\x83\x81\x81[\x83\x8b\x83A\x83h\x83\x8c\x83X\r\n";
    let line = b"\xfb\xfc\x8b\xb4,takahashi@audit.example\r\n";
    let uploaded = upload(&admin, &[&header[..], line].concat()).await;
    admin
        .submit(uploaded.location(), &[])
        .await
        .shows(&["1名を招待しました。"]);
    let users = console.env.users().await;
    assert!(users.iter().any(|user| user.name == "髙橋"));
    let template = admin.get("/users/import/template").await.ok();
    assert!(template.text.starts_with('\u{FEFF}'));
    let filled = format!("{},7,乙,,\r\n", template.text + "t@audit.example");
    let (_, preview) = previewed(&admin, &filled).await;
    preview.shows(&["<strong>1名</strong>を招待できます。"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_what_to_do() {
    let (console, admin) = administrator().await;
    for (file, status, said) in [
        ("", 400, "見出しの行がありません。"),
        ("メールアドレス\n", 400, "招待する方がいません。"),
        (
            "メールアドレス,ロール\na@b.jp,x\n",
            400,
            "見出し「ロール」は使用できません。",
        ),
        ("PK\u{3}\u{4}", 400, "Excelブックはアップロードできません。"),
        (
            &people(1_001),
            400,
            "一度に招待できるのは1,000名までです(1,001行あります)。",
        ),
        (&"a".repeat(300 * 1024), 413, "256KB以内のファイルに分けて"),
        (&"a".repeat(600 * 1024), 413, "256KB以内のファイルに分けて"),
    ] {
        let refused = upload(&admin, file.as_bytes()).await;
        assert_eq!(refused.status.as_u16(), status, "{said}");
        refused.shows(&[said]);
    }
    let refused = admin.post(API, json!({"csv": "氏名\n甲\n"})).await;
    refused.is_refused(400, "invalid_file");
    let refused = admin
        .post(API, json!({"csv": "a".repeat(300 * 1024)}))
        .await;
    refused.is_refused(413, "too_large");
    assert_eq!(console.user_count().await, 1);
}

#[tokio::test]
async fn people_without_an_address_get_initial_passwords_in_one_mail() {
    let (console, boss) = system_administrator().await;
    let csv =
        "社員番号,氏名,メールアドレス\nF-1,工場 一郎,\nF-2,工場 二郎,\n,,arai@audit.example\n";
    let import = preview(&boss, csv).await;
    assert_eq!(
        (&import["people"], &import["by_code"]),
        (&json!(3), &json!(2))
    );
    let done = carry_out(&boss, &import).await;
    assert_eq!((&done["added"], &done["left"]), (&json!(3), &json!(0)));
    let users = console.env.users().await;
    for name in ["工場 一郎", "工場 二郎"] {
        let user = users.iter().find(|user| user.name == name).unwrap();
        assert_eq!(user.status, Status::Active);
        assert!(matches!(user.credential, Credential::Initial { .. }));
    }
    while let Some(message) = console.env.next_mail() {
        console.env.deliver(&message).await.unwrap();
    }
    let passwords = console.env.initial_passwords();
    assert!(
        passwords.contains_key("工場 一郎") && passwords.contains_key("工場 二郎"),
        "{passwords:?}"
    );
    assert_eq!(console.env.mails_with("初期パスワード"), 1);
}

#[tokio::test]
async fn lines_beyond_the_seats_or_ones_rights_are_bad() {
    let console = Console::open_with_seats(3).await;
    let admin = console.browser(Role::Administrator).await;
    let csv = people(3) + "boss@example.jp\n";
    let csv = csv.replace("メールアドレス\n", "メールアドレス,役割\n");
    let csv = csv.replace("boss@example.jp\n", "boss@example.jp,システム管理者\n");
    let import = preview(&admin, &csv).await;
    let bad = import["bad_lines"].as_array().unwrap();
    let lines: Vec<(&Value, &str)> = bad
        .iter()
        .map(|bad| (&bad["line"], bad["problem"].as_str().unwrap()))
        .collect();
    assert_eq!(import["people"], 2);
    assert_eq!(lines[0].0, 4);
    assert!(lines[0].1.contains("プランのユーザー数を超過"), "{lines:?}");
    assert_eq!(lines[1].0, 5);
    assert!(
        lines[1].1.contains("システム管理者にできません"),
        "{lines:?}"
    );
    // Meanwhile somebody takes a seat, and an address.
    let taken = json!({"people": [{"email": "N0@example.jp"}], "role": "member"});
    admin.post("/api/v1/users", taken).await.ok();
    let done = carry_out(&admin, &import).await;
    assert_eq!((&done["added"], &done["left"]), (&json!(1), &json!(0)));
    let refused = done["refused"].as_array().unwrap();
    assert_eq!((refused.len(), &refused[0]["line"]), (1, &json!(2)));
    assert_eq!(console.user_count().await, 3);
}

#[tokio::test]
async fn who_takes_the_last_seats_meanwhile_leaves_the_rest_uninvited_with_the_reason() {
    let console = Console::open_with_seats(4).await;
    let admin = console.browser(Role::Administrator).await;
    let import = preview(&admin, &people(3)).await;
    let taken =
        json!({"people": [{"email": "o@example.jp"}, {"email": "p@example.jp"}], "role": "member"});
    admin.post("/api/v1/users", taken).await.ok();
    let done = carry_out(&admin, &import).await;
    assert_eq!((&done["added"], &done["left"]), (&json!(1), &json!(0)));
    let refused = done["refused"].as_array().unwrap();
    let all_seats = |it: &Value| {
        it["problem"]
            .as_str()
            .unwrap()
            .contains("プランのユーザー数")
    };
    assert!(
        refused.len() == 2 && refused.iter().all(all_seats),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_import_whose_function_dies_anywhere_is_finished_by_the_next_click() {
    let console = Console::open_with_seats(500).await;
    let boss = console.browser(Role::SystemAdministrator).await;
    let csv =
        people(30).replace("メールアドレス\n", "メールアドレス,社員番号,氏名\n") + ",F-1,甲\n";
    let killed_at = [
        ("TransactWriteItems", 0),
        ("TransactWriteItems", 1),
        ("SendMessageBatch", 0),
        ("SendMessageBatch", 1),
        ("SendMessageBatch", 3),
    ];
    for (number, (operation, after)) in killed_at.into_iter().enumerate() {
        let seats = console.user_count().await;
        let csv = csv.replace("@example.jp", &format!("@k{number}.example"));
        let csv = csv.replace("F-1", &format!("F-{number}"));
        let import = preview(&boss, &csv).await;
        let path = format!("{API}/{}", import["id"].as_str().unwrap());
        let held = console.env.proxy.hold_operation(operation, after);
        tokio::select! {
            _ = boss.post(&path, Value::Null) => {}
            () = console.env.proxy.held() => {}
        }
        drop(held);
        let done = boss.post(&path, Value::Null).await.ok().json();
        assert_eq!((&done["added"], &done["left"]), (&json!(31), &json!(0)));
        assert_eq!(console.user_count().await, seats + 31);
    }
    assert_eq!(console.env.users().await.len(), 1 + 5 * 31);
    // The mails that nobody asked for wait in the outbox.
    assert_eq!(console.env.waiting_mails().await.len(), 5 * 31);
}

#[tokio::test]
async fn two_clicks_at_the_same_time_invite_everybody_once() {
    let (console, admin) = administrator().await;
    let import = preview(&admin, &people(15)).await;
    let path = format!("{API}/{}", import["id"].as_str().unwrap());
    let clicks = [(); 3].map(|()| admin.post(&path, Value::Null));
    let [one, two, three] = clicks;
    tokio::join!(one, two, three);
    let done = carry_out(&admin, &import).await;
    assert_eq!((&done["added"], &done["left"]), (&json!(15), &json!(0)));
    assert_eq!(console.user_count().await, 16);
    assert_eq!(console.env.waiting_mails().await.len(), 15);
}

#[tokio::test]
async fn a_preview_is_good_for_an_hour_and_in_its_own_workspace() {
    let (console, admin) = administrator().await;
    let (page, _) = previewed(&admin, &people(1)).await;
    testkit::advance(SignedDuration::from_mins(61));
    let id = domain::UserId::new("administrator");
    let admin = console.with_session(console.env.session_of(&id).await);
    let gone = admin.get(&page).await;
    assert_eq!(gone.status, 404);
    gone.shows(&["CSVファイルを、もう一度アップロードしてください。"]);
    assert_eq!(admin.form(&page, &[]).await.status, 404);
    assert_eq!(console.user_count().await, 1);
}

/// A thousand people are 63 transactions, and their addresses are looked up by ten requests.
#[tokio::test]
async fn a_thousand_people_need_few_requests() {
    let console = Console::open_with_seats(2_000).await;
    let admin = console.browser(Role::Administrator).await;
    console.env.proxy.restart(None);
    let count = |operation: &str| {
        let calls = console.env.proxy.by_operation();
        calls
            .get(&format!("DynamoDB_20120810.{operation}"))
            .copied()
    };
    let import = preview(&admin, &people(1_000)).await;
    assert_eq!(import["people"], 1_000);
    assert_eq!(count("BatchGetItem"), Some(10));
    let mut done = json!({"left": 1});
    while done["left"] != 0 {
        done = carry_out(&admin, &import).await;
    }
    assert_eq!(done["added"], 1_000);
    assert_eq!(count("TransactWriteItems"), Some(63));
    assert_eq!(console.user_count().await, 1_001);
}
