//! The page of ユーザー管理: the list and [再招待する].

use domain::Role;
use testkit::http::Answer;
use testkit::users::{by_code, invited, member, synced};

use super::console::{Browser, Console, administrator};

/// Returns a console with two invited users, u and v, and the browser of a 管理者.
async fn with_two_invited() -> (Console, Browser) {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("u")).await;
    console.env.add_user(invited("v")).await;
    (console, browser)
}

fn rows(page: &Answer) -> usize {
    page.html().matches("class=\"name\"").count()
}

#[tokio::test]
async fn everybody_is_in_the_list_with_role_groups_and_status() {
    let (console, browser) = administrator().await;
    console.env.add_user(synced("u")).await;
    console.env.add_user(invited("v")).await;
    let page = browser.get("/users").await.ok();
    page.shows(&[
        "<h1>ユーザー管理</h1>",
        "利用者 u",
        "u@example.jp",
        "メンバー",
        "閲覧権限グループ",
        "有効",
        "招待中",
    ]);
    page.shows_no(&["次のページ"]);
}

#[tokio::test]
async fn the_list_comes_by_50_and_a_search_finds_part_of_a_name_address_or_code() {
    let console = Console::open_with_seats(200).await;
    let browser = console.browser(Role::Administrator).await;
    for number in 100..150 {
        console.env.add_user(member(&format!("u{number}"))).await;
    }
    console.env.add_user(by_code("coded", "A-0042")).await;
    let first = browser.get("/users").await;
    assert_eq!(rows(&first), 50);
    let next = first.html().split("href=\"/users?after=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let second = browser.get(&format!("/users?after={next}")).await;
    assert_eq!(rows(&second), 2);
    second.shows(&["最初のページ"]);
    second.shows_no(&["次のページ"]);
    for (wanted, found) in [
        ("0042", 1),
        ("U10", 10),
        ("%E5%88%A9%E7%94%A8%E8%80%85", 50),
    ] {
        let page = browser.get(&format!("/users?q={wanted}")).await;
        assert_eq!(rows(&page), found, "{wanted}");
    }
    for (id, name) in [
        ("hanako", "田中 花子"),
        ("kana", "タナカ ハナコ"),
        ("katsuragi", "葛\u{E0100}城 一"),
    ] {
        let mut user = member(id);
        user.name = name.into();
        console.env.add_user(user).await;
    }
    for (wanted, name) in [
        ("%E7%94%B0%E4%B8%AD%E3%80%80%E8%8A%B1%E5%AD%90", "田中 花子"),
        ("%E7%94%B0%E4%B8%AD%E8%8A%B1%E5%AD%90", "田中 花子"),
        ("%EF%BE%80%EF%BE%85%EF%BD%B6", "タナカ ハナコ"),
        ("%E8%91%9B%E5%9F%8E", "葛\u{E0100}城 一"),
        ("%EF%BC%90%EF%BC%90%EF%BC%94%EF%BC%92", "A-0042"),
    ] {
        let page = browser.get(&format!("/users?q={wanted}")).await;
        assert_eq!(rows(&page), 1, "{name}");
        page.shows(&[name]);
    }
    let nobody = browser.get("/users?q=nobody").await;
    nobody.shows(&["該当するユーザーはいません。"]);
}

#[tokio::test]
async fn what_was_searched_for_is_text_and_no_markup() {
    let (_console, browser) = administrator().await;
    for (query, status) in [("q", 200), ("after", 400)] {
        let page = format!("/users?{query}=%22%3E%3Cscript%3E");
        let page = browser.get(&page).await;
        assert_eq!(page.status, status, "{query}");
        page.shows_no(&["<script"]);
    }
}

#[tokio::test]
async fn those_who_are_ticked_are_invited_again_and_only_who_can_be_mailed_has_a_box() {
    let (console, browser) = with_two_invited().await;
    let page = browser.get("/users").await;
    // Two who are invited, and the registered admin, who may be sent a link to choose a new password.
    assert_eq!(page.html().matches("type=\"checkbox\"").count(), 3);
    let ticked = [("user_ids", "u"), ("user_ids", "v"), ("q", "利用者")];
    let answer = browser.form("/users/invitations", &ticked).await;
    assert!(answer.location().ends_with("&invited=2"));
    let page = browser.follow(&answer).await;
    // The year is that of the mail and of the end of its link.
    page.shows(&["2人に招待メールを送信しました。", "2026/"]);
    for id in ["u", "v"] {
        let invitation = console.env.user(id).await.invitation;
        assert_eq!(invitation.unwrap().serial, 1);
    }
}

#[tokio::test]
async fn everybody_on_the_page_who_waits_for_an_invitation_gets_one_at_one_click() {
    let (_console, browser) = with_two_invited().await;
    let page = browser.get("/users?status=invited").await;
    assert_eq!(rows(&page), 2);
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
    let user = console.env.add_user(invited("u")).await;
    browser.form("/users/u/invitation", &[]).await;
    let (store, id) = (&console.env.store, console.id());
    let bounce = "招待メールが届きませんでした(宛先のメールアドレスが存在しません)";
    let noted = store.note_bounce(id, &user.user_id, 1, bounce).await;
    noted.unwrap();
    for path in ["/users", "/users/u"] {
        browser.get(path).await.shows(&[bounce]);
    }
}

#[tokio::test]
async fn who_cannot_be_invited_is_named_with_the_reason_and_the_others_are_invited() {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("u")).await;
    console.env.add_user(member("registered")).await;
    let ticked = [("user_ids", "u"), ("user_ids", "registered")];
    let answer = browser.form("/users/invitations", &ticked).await;
    answer.shows(&[
        "1人に招待メールを送信しました。",
        "利用者 registered: すでに登録が完了しているため",
    ]);
    let answer = browser.form("/users/invitations", &[]).await;
    answer.shows(&["再招待するユーザーを選択してください。"]);
}
