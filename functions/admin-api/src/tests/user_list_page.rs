//! The page of ユーザー管理: the list, [再招待する], [復元する].

use axum::http::StatusCode;
use domain::{Role, User};

use super::console::{Console, administrator, blank, by_code, invited, linked};

#[tokio::test]
async fn everybody_is_in_the_list_with_role_groups_and_status() {
    let (console, browser) = administrator().await;
    console.create(linked("u")).await;
    console.create(invited("v")).await;
    let page = browser.get("/users").await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.html();
    assert!(html.contains("<h1>ユーザー管理</h1>"));
    for shown in [
        "利用者 u",
        "u@example.jp",
        "メンバー",
        "閲覧権限グループ",
        "有効",
        "招待中",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains("次のページ"));
}

#[tokio::test]
async fn the_list_comes_by_50_and_a_search_finds_part_of_a_name_address_or_code() {
    let console = Console::open_with_seats(200).await;
    let browser = console.browser(Role::Administrator).await;
    for number in 100..150 {
        console.user(&format!("u{number}"), Role::Member).await;
    }
    console.create(by_code("coded", "A-0042")).await;
    let first = browser.get("/users").await;
    let html = first.html();
    assert_eq!(html.matches("class=\"name\"").count(), 50);
    let next = html.split("href=\"/users?after=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let second = browser.get(&format!("/users?after={next}")).await;
    let html = second.html();
    assert_eq!(html.matches("class=\"name\"").count(), 2);
    assert!(html.contains("最初のページ") && !html.contains("次のページ"));
    for (wanted, found) in [
        ("0042", 1),
        ("U10", 10),
        ("%E5%88%A9%E7%94%A8%E8%80%85", 50),
    ] {
        let page = browser.get(&format!("/users?q={wanted}")).await;
        let people = page.html().matches("class=\"name\"").count();
        assert_eq!(people, found, "{wanted}");
    }
    let nobody = browser.get("/users?q=nobody").await;
    assert!(nobody.html().contains("該当するユーザーはいません。"));
}

#[tokio::test]
async fn what_was_searched_for_is_text_and_no_markup() {
    let (_console, browser) = administrator().await;
    let page = browser.get("/users?q=%22%3E%3Cscript%3E").await;
    assert!(!page.html().contains("<script"));
    let page = browser.get("/users?after=%22%3E%3Cscript%3E").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(!page.html().contains("<script"));
}

#[tokio::test]
async fn those_who_are_ticked_are_invited_again_and_only_who_can_be_has_a_box() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    console.create(invited("v")).await;
    let page = browser.get("/users").await;
    assert_eq!(page.html().matches("type=\"checkbox\"").count(), 2);
    let ticked = [("user_ids", "u"), ("user_ids", "v"), ("q", "利用者")];
    let answer = browser.form("/users/invitations", &ticked).await;
    assert!(answer.location().ends_with("&invited=2"));
    let page = browser.get(answer.location()).await;
    assert!(page.html().contains("2人に招待メールを送信しました。"));
    assert!(
        page.html().contains("2026/"),
        "when it was sent and until when it works"
    );
    assert_eq!(console.stored("u").await.invitation.unwrap().serial, 1);
    assert_eq!(console.stored("v").await.invitation.unwrap().serial, 1);
}

#[tokio::test]
async fn everybody_on_the_page_who_waits_for_an_invitation_gets_one_at_one_click() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    console.create(invited("v")).await;
    let page = browser.get("/users?status=invited").await;
    assert_eq!(page.html().matches("class=\"name\"").count(), 2);
    assert_eq!(page.html().matches("name=\"shown\"").count(), 2);
    let clicked = [
        ("status", "invited"),
        ("shown", "u"),
        ("shown", "v"),
        ("everybody", "1"),
    ];
    let answer = browser.form("/users/invitations", &clicked).await;
    assert_eq!(answer.location(), "/users?status=invited&invited=2");
    let active = browser.get("/api/v1/users?status=active").await.json();
    assert_eq!(active["users"].as_array().unwrap().len(), 1, "the admin");
}

#[tokio::test]
async fn an_invitation_that_came_back_says_so_and_why_in_the_list_and_on_the_persons_page() {
    let (console, browser) = administrator().await;
    let user = console.create(invited("u")).await;
    browser.form("/users/u/invitation", &[]).await;
    let store = &console.env.store;
    let said = "招待メールが届きませんでした(宛先のメールアドレスが存在しません)";
    store
        .note_bounce(console.id(), &user.user_id, 1, said)
        .await
        .unwrap();
    for path in ["/users", "/users/u"] {
        let page = browser.get(path).await;
        assert!(page.html().contains(said), "{path}");
    }
}

#[tokio::test]
async fn who_cannot_be_invited_is_named_with_the_reason_and_the_others_are_invited() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    console.user("registered", Role::Member).await;
    let ticked = [("user_ids", "u"), ("user_ids", "registered")];
    let answer = browser.form("/users/invitations", &ticked).await;
    let html = answer.html();
    assert!(html.contains("1人に招待メールを送信しました。"));
    assert!(html.contains("利用者 registered: すでに登録が完了しているため"));
    let answer = browser.form("/users/invitations", &[]).await;
    assert!(
        answer
            .html()
            .contains("再招待するユーザーを選択してください。")
    );
}

#[tokio::test]
async fn a_deleted_person_is_restored_or_stays_with_a_reason() {
    let (console, browser) = administrator().await;
    for id in ["u", "v"] {
        let before = console.user(id, Role::Member).await;
        console.delete(before).await;
    }
    let successor = User {
        email: blank("v", Role::Member).email,
        ..blank("w", Role::Member)
    };
    console.create(successor).await;
    let page = browser.get("/users/deleted").await;
    assert!(page.html().contains("利用者 u") && page.html().contains("復元する"));
    let answer = browser.form("/users/deleted/u/restore", &[]).await;
    let page = browser.get(answer.location()).await;
    assert!(page.html().contains("ユーザーを復元しました。"));
    let answer = browser.form("/users/deleted/v/restore", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer
            .html()
            .contains("このメールアドレスは別のユーザーが使用しています。")
    );
    assert!(
        answer.html().contains("利用者 v"),
        "still there to be restored"
    );
}
