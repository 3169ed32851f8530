//! The page of ユーザー管理: the list and [再招待する].

use domain::{Credential, GroupId, Invitation, Role, User};
use jiff::SignedDuration;
use testkit::http::Answer;
use testkit::now;
use testkit::users::{by_code, invited, member, synced};

use super::console::{Browser, Console, administrator, system_administrator};

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
    page.shows_no(&["aria-label=\"ページ\""]);
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
    first.shows(&["<strong>52名 / 200名</strong>", "href=\"/users?page=2\""]);
    // A page after the last one is the last one: people may have left meanwhile.
    for page in ["2", "9"] {
        let second = browser.get(&format!("/users?page={page}")).await;
        assert_eq!(rows(&second), 2, "{page}");
    }
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
    for query in ["q", "state", "page", "sort"] {
        let page = format!("/users?{query}=%22%3E%3Cscript%3E");
        let page = browser.get(&page).await.ok();
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
    page.shows(&["2名に招待メールを送信しました。", "2026/"]);
    for id in ["u", "v"] {
        let invitation = console.env.user(id).await.invitation;
        assert_eq!(invitation.unwrap().serial, 1);
    }
}

#[tokio::test]
async fn everybody_on_the_page_who_waits_for_an_invitation_gets_one_at_one_click() {
    let (_console, browser) = with_two_invited().await;
    let page = browser.get("/users?state=invited").await;
    assert_eq!(rows(&page), 2);
    assert_eq!(page.html().matches("name=\"shown\"").count(), 2);
    let clicked = [
        ("state", "invited"),
        ("shown", "u"),
        ("shown", "v"),
        ("everybody", "1"),
    ];
    let answer = browser.form("/users/invitations", &clicked).await;
    assert_eq!(answer.location(), "/users?state=invited&invited=2");
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
        "1名に招待メールを送信しました。",
        "利用者 registered: すでに登録が完了しているため",
    ]);
    let answer = browser.form("/users/invitations", &[]).await;
    answer.shows(&["再招待するユーザーを選択してください。"]);
}

/// Returns a console with somebody whose invitation expired, two by code, one of them with an initial password, and the
/// browser of a システム管理者.
async fn with_people_in_all_states() -> (Console, Browser) {
    let (console, browser) = system_administrator().await;
    let late = invited("late");
    let invitation = Invitation {
        fields_at_invitation: late.synced_fields(GroupId::new("viewers")),
        expires_at: now(),
        serial: 1,
        bounced: None,
    };
    let late = User {
        invitation: Some(invitation),
        ..late
    };
    console.env.add_user(late).await;
    console.env.add_user(by_code("b10", "-10")).await;
    let begins = User {
        credential: Credential::Initial {
            expires_at: now() + SignedDuration::from_hours(1),
        },
        ..by_code("b9", "9")
    };
    console.env.add_user(begins).await;
    (console, browser)
}

#[tokio::test]
async fn each_choice_of_the_filter_says_how_many_it_would_show_and_combines_with_the_search() {
    let (_console, browser) = with_people_in_all_states().await;
    let page = browser.get("/users").await.ok();
    page.shows(&[
        "招待の期限切れ <b>1</b>",
        "招待中 <b>1</b>",
        "初期パスワード未変更 <b>1</b>",
        "未ログイン <b>2</b>",
        "有効 <b>3</b>",
        "メンバー <b>3</b>",
        "パスワード <b>4</b>",
        "連携なし <b>4</b>",
    ]);
    for (query, found) in [
        ("state=invitation_expired", 1),
        ("state=never_signed_in", 2),
        ("state=never_signed_in&q=b9", 1),
        ("role=member&state=active", 2),
        ("login_method=sso", 0),
        ("linked=false&role=system_administrator", 1),
    ] {
        let page = browser.get(&format!("/users?{query}")).await;
        assert_eq!(rows(&page), found, "{query}");
    }
    let chosen = browser.get("/users?role=member&q=b").await;
    // What is chosen can be taken back, and the others are counted as if they were chosen.
    chosen.shows(&[
        "href=\"/users?q=b\" aria-current=\"true\">メンバー <b>2</b>",
        "href=\"/users?q=b&#38;state=initial_password&#38;role=member\">初期パスワード未変更 <b>1</b>",
    ]);
}

#[tokio::test]
async fn the_list_is_sorted_by_code_or_what_the_admin_chose_either_way() {
    let (_console, browser) = with_people_in_all_states().await;
    let order = async |query: &str| {
        let page = browser.get(&format!("/users{query}")).await;
        let mut ids = ["late", "b10", "b9", "system_administrator"].map(|id| {
            let link = format!("<a href=\"/users/{id}\">");
            (page.html().find(&link).unwrap(), id)
        });
        ids.sort_unstable();
        ids.map(|(_, id)| id)
    };
    let admin = "system_administrator";
    assert_eq!(order("").await, ["b10", "b9", "late", admin]);
    assert_eq!(order("?sort=name").await, ["b10", "b9", "late", admin]);
    let back = order("?sort=name&direction=descending").await;
    assert_eq!(back, [admin, "late", "b9", "b10"]);
    assert_eq!(order("?sort=state").await[..2], ["late", "b9"]);
    let last = order("?sort=last_sign_in&direction=descending").await;
    assert_eq!(last[0], admin);
    let page = browser.get("/users?sort=name").await;
    page.shows(&[
        "aria-sort=\"ascending\"><a href=\"/users?sort=name&#38;direction=descending\">氏名",
        "aria-sort=\"none\"",
    ]);
}

#[tokio::test]
async fn what_is_filtered_is_downloaded_as_csv_and_the_audit_trail_says_by_whom() {
    let (_console, browser) = with_people_in_all_states().await;
    let file = browser.get("/users/csv?q=b&role=member&page=7").await.ok();
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(
        lines[0].starts_with("\u{FEFF}従業員コード,氏名,"),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("\u{A0}\u{2002}-10,利用者 b10,"));
    assert!(lines[2].starts_with("9,利用者 b9,,メンバー,,初期パスワード未変更,"));
    assert_eq!(lines.len(), 4, "two people, and the end of the last line");
    let trail = browser.get("/settings/audit-events").await;
    trail.shows(&["ユーザー一覧をダウンロード"]);
}
