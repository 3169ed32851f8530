//! [ユーザーを招待]: people who are not in SmartHR.

use domain::{Credential, Role, Status};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::http::Request;
use testkit::users::member;

use super::console::{Console, administrator, crews, system_administrator};

const PATH: &str = "/users/new";
const API: &str = "/api/v1/users";

fn reasons(answer: &Value) -> Vec<&str> {
    let refused = answer["refused"].as_array().unwrap().iter();
    refused.map(|it| it["reason"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn people_are_invited_by_mail_with_a_role_and_groups_and_the_trail_names_nobody() {
    let (console, admin) = administrator().await;
    let fields = [
        ("by", "mail"),
        (
            "people",
            "arai@audit.example 新井 一郎\r\ntax@audit.example",
        ),
        ("role", "staff"),
        ("groups", "viewers"),
    ];
    let list = admin.submit(PATH, &fields).await;
    list.shows(&["2名に招待メールを送信しました。", "新井 一郎", ">tax</a>"]);
    let users = console.env.users().await;
    let arai = users.iter().find(|user| user.name == "新井 一郎").unwrap();
    assert_eq!((arai.role, arai.status), (Role::Staff, Status::Invited));
    assert!(arai.groups.iter().any(|group| group.as_str() == "viewers"));
    assert_eq!(arai.crew_link, None);
    let expires_at = arai.invitation.as_ref().unwrap().expires_at;
    assert_eq!(expires_at, testkit::now() + SignedDuration::from_hours(72));
    assert_eq!(console.user_count().await, 3);
    while let Some(message) = console.env.next_mail() {
        console.env.deliver(&message).await.unwrap();
    }
    assert_eq!(console.env.mails_with("新井 一郎 様"), 1);
    let boss = console.browser(Role::SystemAdministrator).await;
    let trail = boss.get("/api/v1/audit-events?action=user_added").await;
    let events = trail.ok().json()["events"].clone();
    assert_eq!(events.as_array().unwrap().len(), 2);
    let changes = events[0]["changes"].to_string();
    assert!(
        changes.contains("担当者")
            && changes.contains("閲覧権限グループ")
            && !changes.contains("tax"),
        "{changes}"
    );
    let csv = boss.get("/settings/account-review/csv").await.ok();
    let line = csv.text.lines().find(|line| line.contains("新井 一郎"));
    let name = &console.env.user("administrator").await.name;
    assert!(
        line.unwrap()
            .ends_with(&format!("SmartHRと連携なし,{name}"))
    );
}

#[tokio::test]
async fn who_cannot_be_invited_is_named_with_the_reason_and_stays_in_the_form() {
    let (console, boss) = system_administrator().await;
    console.env.add_user(member("usr_hanako")).await;
    let domains = json!({"domains": ["example.jp"]});
    boss.put("/api/v1/allowed-domains", domains).await.ok();
    let people = "USR-hanako@example.jp\nnobody\nx@other.example\nnew@example.jp";
    let fields = [("by", "mail"), ("people", people), ("role", "member")];
    let page = boss.form(PATH, &fields).await;
    assert_eq!(page.status, 400);
    page.shows(&[
        "ほかの1名は招待しました",
        "USR-hanako@example.jp: このメールアドレスは別のユーザーが使用しています。",
        "nobody: メールアドレスの形式が正しくありません。",
        "x@other.example: ",
        ">USR-hanako@example.jp\nnobody\nx@other.example</textarea>",
    ]);
    assert_eq!(console.user_count().await, 3);
    // A second click invites nobody a second time.
    boss.form(PATH, &fields).await;
    assert_eq!(console.user_count().await, 3);
}

#[tokio::test]
async fn somebody_without_an_address_gets_an_initial_password_that_the_system_administrators_are_mailed()
 {
    let (console, boss) = system_administrator().await;
    let fields = [
        ("by", "code"),
        ("name", "工場 太郎"),
        ("employee_code", "F-001"),
        ("role", "member"),
    ];
    boss.submit(PATH, &fields).await.shows(&[
        "初期パスワードをシステム管理者にメールで送信しました。",
        "F-001",
    ]);
    let users = console.env.users().await;
    let taro = users.iter().find(|user| user.name == "工場 太郎").unwrap();
    assert_eq!(taro.status, Status::Active);
    assert!(matches!(taro.credential, Credential::Initial { .. }));
    while let Some(message) = console.env.next_mail() {
        console.env.deliver(&message).await.unwrap();
    }
    assert_eq!(console.env.mails_with("初期パスワード"), 1);
    let taken = boss.form(PATH, &fields).await;
    taken.shows(&["F-001: この従業員コードは別のユーザーが使用しています。"]);
    let two = json!({"role": "member", "people": [
        {"name": "一", "employee_code": "F-2"}, {"name": "二", "employee_code": "F-3"},
    ]});
    let refused = boss.post(API, two).await;
    assert_eq!(refused.problem(), "one_code_at_a_time");
}

#[tokio::test]
async fn seats_roles_groups_and_numbers_are_checked() {
    let console = Console::open_with_seats(2).await;
    let admin = console.browser(Role::Administrator).await;
    let people = |number: usize| -> Vec<Value> {
        (0..number)
            .map(|it| json!({"email": format!("n{it}@example.jp")}))
            .collect()
    };
    let add = |number: usize, role: &str, groups: Value| {
        let body = json!({"people": people(number), "role": role, "groups": groups});
        let admin = &admin;
        async move { admin.post(API, body).await }
    };
    for (number, role, groups, code) in [
        (0, "member", json!([]), "bad_request"),
        (31, "member", json!([]), "bad_request"),
        (1, "system_administrator", json!([]), "forbidden"),
        (1, "member", json!(["unknown"]), "unknown_group"),
    ] {
        assert_eq!(add(number, role, groups).await.problem(), code);
    }
    let boss_makes_boss = console.browser(Role::SystemAdministrator).await;
    let boss = json!({"people": people(1), "role": "system_administrator"});
    let refused = boss_makes_boss.post(API, boss).await;
    assert_eq!(refused.problem(), "not_registered_yet");
    // The two who are signed in have all seats.
    let answer = add(2, "member", json!([])).await.ok().json();
    assert!(answer["added"].as_array().unwrap().is_empty());
    assert_eq!(reasons(&answer).len(), 2);
    assert!(reasons(&answer)[0].contains("プランのユーザー数を超過"));
    assert_eq!(console.user_count().await, 2);
}

#[tokio::test]
async fn a_request_that_is_repeated_invites_once_and_gets_the_same_answer() {
    let (console, admin) = administrator().await;
    let body = json!({"people": [{"email": "new@example.jp"}], "role": "member"});
    let request = Request::post(API)
        .json(&body)
        .header("idempotency-key", "invite-new");
    let first = admin.send(request.clone()).await.ok().json();
    testkit::advance(SignedDuration::from_secs(5));
    let second = admin.send(request).await.ok().json();
    assert_eq!(first, second);
    assert_eq!(console.user_count().await, 2);
}

#[tokio::test]
async fn the_sync_finds_somebody_who_was_invited_by_hand_by_address() {
    let (console, admin) = administrator().await;
    let body = json!({"people": [{"email": "Y1@example.jp"}], "role": "staff"});
    let added = admin.post(API, body).await.ok().json();
    let id = added["added"][0]["id"].as_str().unwrap();
    let mut company = crews();
    company.truncate(1);
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    let user = console.env.user(id).await;
    assert!(user.crew_link.is_some());
    assert_eq!((user.role, user.name.contains("山田")), (Role::Staff, true));
    assert_eq!(console.user_count().await, 2);
}
