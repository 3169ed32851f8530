//! The page of one user: the editable fields, and those that SmartHR determines.

use domain::{Role, UserId};
use jiff::SignedDuration;
use testkit::advance;
use testkit::users::{self, by_code, invited, member, synced};

use super::console::{administrator, crews, system_administrator};

#[tokio::test]
async fn what_smarthr_decides_is_shown_locked_with_the_reason_and_role_and_groups_are_not() {
    let (console, browser) = administrator().await;
    console.env.add_user(synced("u")).await;
    let page = browser.get("/users/u").await;
    page.shows(&[
        "SmartHRと連携中のため、氏名・メールアドレス・従業員コード・認証方法はKiteRaで変更できません。",
    ]);
    page.shows_no(&[
        "name=\"name\"",
        "name=\"email\"",
        "name=\"employee_code\"",
        "name=\"login_method\"",
    ]);
    let fields = [
        ("version", "1"),
        ("role", "staff"),
        ("groups", "editors"),
        ("groups", "viewers"),
    ];
    let page = browser.submit("/users/u", &fields).await;
    page.shows(&["ユーザー情報を保存しました。"]);
    let user = console.env.user("u").await;
    assert_eq!((user.role, user.groups.len()), (Role::Staff, 2));

    let forged = [
        ("version", "2"),
        ("name", "別の 名前"),
        ("groups", "viewers"),
    ];
    let answer = browser.form("/users/u", &forged).await;
    assert_eq!(answer.status, 409);
    answer.shows(&["氏名はKiteRaで変更できません。"]);
    assert_eq!(console.env.user("u").await, user);
}

#[tokio::test]
async fn somebody_added_by_hand_is_edited_and_a_refused_form_keeps_what_was_typed() {
    let (console, browser) = administrator().await;
    console.env.add_user(member("u")).await;
    browser.get("/users/u").await.shows(&["name=\"email\""]);
    let mut fields = [
        ("version", "1"),
        ("name", "改めた 名前"),
        ("email", "u@example.jp"),
        ("employee_code", "営業1"),
        ("login_method", "password"),
        ("role", "member"),
    ];
    let answer = browser.form("/users/u", &fields).await;
    assert_eq!(answer.status, 400);
    answer.shows(&[
        "従業員コードは半角英数字とハイフンで",
        "改めた 名前",
        "営業1",
    ]);
    fields[3].1 = "E-1";
    let answer = browser.form("/users/u", &fields).await;
    assert_eq!(answer.location(), "/users/u?done=saved");
    let user = console.env.user("u").await;
    assert_eq!(user.name, "改めた 名前");
    assert_eq!(user.code.unwrap().as_str(), "E-1");
}

#[tokio::test]
async fn a_form_that_was_opened_before_somebody_else_saved_overwrites_nothing() {
    let (console, browser) = administrator().await;
    console.env.add_user(member("u")).await;
    for (role, status) in [("staff", 303), ("member", 409)] {
        let fields = [("version", "1"), ("role", role)];
        let answer = browser.form("/users/u", &fields).await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(console.env.user("u").await.role, Role::Staff);
}

#[tokio::test]
async fn nobody_is_offered_a_role_that_they_may_not_give() {
    let (console, browser) = administrator().await;
    let boss = users::system_administrator("boss");
    console.env.add_user(boss).await;
    console.env.add_user(member("u")).await;
    let own = browser.get("/users/administrator").await;
    own.shows(&["自分の役割は変更できません。"]);
    own.shows_no(&["name=\"role\""]);
    let boss = browser.get("/users/boss").await;
    boss.shows(&["システム管理者の追加と解除ができるのは、システム管理者のみです。"]);
    boss.shows_no(&["name=\"role\"", "name=\"email\""]);
    let page = browser.get("/users/u").await;
    page.shows(&["value=\"staff\""]);
    page.shows_no(&["value=\"system_administrator\""]);
    for (path, role) in [
        ("/users/u", "system_administrator"),
        ("/users/boss", "member"),
        ("/users/administrator", "system_administrator"),
    ] {
        let fields = [("version", "1"), ("role", role)];
        let answer = browser.form(path, &fields).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    assert_eq!(console.env.user("u").await.role, Role::Member);
}

#[tokio::test]
async fn an_invitation_or_initial_password_is_issued_to_who_needs_it_and_not_offered_to_others() {
    let (console, browser) = system_administrator().await;
    console.env.add_user(by_code("coded", "A-1")).await;
    console.env.add_user(invited("u")).await;
    let (invite, invited) = ("再招待する</button>", "招待メールを送信しました。");
    let (issue, issued) = (
        "初期パスワードを再発行</button>",
        "初期パスワードを再発行し、",
    );
    for (path, action, button, done) in [
        ("/users/u", "invitation", invite, invited),
        ("/users/coded", "initial-password", issue, issued),
    ] {
        browser.get(path).await.shows(&[button]);
        let page = browser.submit(&format!("{path}/{action}"), &[]).await;
        page.shows(&[done]);
    }
    let own = browser.get("/users/system_administrator").await;
    own.shows_no(&["再招待する", "再発行"]);
    let answer = browser.form("/users/coded/invitation", &[]).await;
    assert_eq!(answer.status, 409);
    answer.shows(&["メールアドレスがないため"]);
}

#[tokio::test]
async fn the_box_of_an_emergency_account_is_set_and_cleared_and_the_list_names_one() {
    let (console, browser) = system_administrator().await;
    let (page, id) = ("/users/system_administrator", "system_administrator");
    browser.get(page).await.shows(&["緊急用アカウント"]);
    let ticked = [
        ("version", "1"),
        ("emergency_account", "no"),
        ("emergency_account", "yes"),
    ];
    browser.submit(page, &ticked).await;
    assert!(console.env.user(id).await.is_emergency_account);
    let list = browser.get("/users").await;
    list.shows(&["緊急用アカウント</span>"]);
    let cleared = [("version", "2"), ("emergency_account", "no")];
    browser.submit(page, &cleared).await;
    assert!(!console.env.user(id).await.is_emergency_account);
    console.env.add_user(member("u")).await;
    browser
        .get("/users/u")
        .await
        .shows_no(&["緊急用アカウント"]);
}

#[tokio::test]
async fn how_somebody_with_a_code_only_signs_in_stands_on_their_page_and_in_the_settings() {
    let (console, browser) = system_administrator().await;
    for user in [by_code("u", "A-1"), member("mailed")] {
        console.env.add_user(user).await;
    }
    let copied = [
        "<span data-copy=\"企業コード\">test</span>",
        "/sign-in?company_code=test</span>",
        "/assets/copy.js",
    ];
    browser.get("/settings").await.shows(&copied);
    browser.get("/users/u").await.shows(&copied);
    browser.get("/users/mailed").await.shows_no(&copied);
    browser.submit("/users/u/initial-password", &[]).await.ok();
    let page = browser.get("/users/u").await;
    page.shows(&[
        "<span data-copy=\"従業員コード\">A-1</span>",
        "まで有効で、まだ変更されていません",
    ]);
}

#[tokio::test]
async fn the_page_tells_what_happened_from_the_invitation_on_in_runs_and_by_people() {
    let (console, browser) = system_administrator().await;
    let mut crew = crews().remove(0);
    console.env.set_crews(std::slice::from_ref(&crew)).await;
    console.env.nightly_run().await;
    let mut users = console.env.users().await.into_iter();
    let user = users.find(|user| user.crew_link.is_some()).unwrap();
    let page = format!("/users/{}", user.user_id);
    advance(SignedDuration::from_mins(11));
    browser.form(&format!("{page}/invitation"), &[]).await;
    let user = console.env.user(user.user_id.as_str()).await;
    console.env.accept_invitation(user.clone()).await;
    console.env.session_of(&user.user_id).await;
    // Nothing changes in the second night, and the name in the third.
    for name in ["<b>山田", "鈴木"] {
        crew["last_name"] = name.into();
        console.env.set_crews(std::slice::from_ref(&crew)).await;
        advance(SignedDuration::from_hours(24));
        console.env.nightly_run().await;
    }
    let admin = UserId::new("system_administrator");
    let browser = console.with_session(console.env.session_of(&admin).await);
    let page = browser.get(&page).await.ok();
    let html = page.html();
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
    let newest_first = [
        "更新</a>",
        "<td data-column=\"できごと\" class=\"nowrap\">再招待</td>",
        "招待</a>",
    ];
    assert!(newest_first.map(at).is_sorted(), "{html}");
    page.shows(&["最終ログイン", "鈴木", "利用者 system_administrator"]);
    page.shows_no(&["変更なし</a>", "以前の記録"]);

    let administrator = console.browser(Role::Administrator).await;
    let page = administrator.get(&format!("/users/{}", user.user_id)).await;
    page.shows(&["再招待</td>"]);
    page.shows_no(&["利用者 system_administrator"]);
}

/// However many nights there were, a part of the timeline reads one page of runs and eight logs, and leads to the next
/// one.
#[tokio::test]
async fn the_newest_part_of_the_timeline_reads_few_logs_and_leads_to_older_ones() {
    let (console, _) = system_administrator().await;
    let mut crew = crews().remove(0);
    for night in 1..=12 {
        crew["last_name"] = format!("第{night}夜").into();
        console.env.set_crews(std::slice::from_ref(&crew)).await;
        console.env.nightly_run().await;
        advance(SignedDuration::from_hours(24));
    }
    let admin = UserId::new("system_administrator");
    let browser = console.with_session(console.env.session_of(&admin).await);
    let users = console.env.users().await;
    let user = users.iter().find(|user| user.crew_link.is_some()).unwrap();
    let path = format!("/users/{}", user.user_id);
    let logs = || {
        let calls = console.env.proxy.by_operation().into_iter();
        let of_s3 = calls.filter(|(call, _)| call.starts_with("GET /") && !call.contains("/api/"));
        of_s3.map(|(_, times)| times).sum::<usize>()
    };
    let before = logs();
    let page = browser.get(&path).await;
    assert_eq!(logs() - before, 8);
    page.shows(&["第12夜", "第5夜", "以前の記録"]);
    page.shows_no(&["第3夜"]);
    let (_, older) = page.html().split_once(&format!("{path}?before=")).unwrap();
    let before_run = older.split('#').next().unwrap();
    let page = browser.get(&format!("{path}?before={before_run}")).await;
    page.shows(&["第4夜", "第1夜", "招待</a>"]);
    page.shows_no(&["第8夜", "以前の記録"]);
}

#[tokio::test]
async fn smarthrs_page_about_a_person_is_opened_from_their_page_and_from_where_they_fail() {
    let (console, browser) = administrator().await;
    let at_midori = |it: &mut domain::Connection| it.company.subdomain = Some("midori".into());
    console.env.change_connection(at_midori).await;
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    let link = |crew: &str| {
        format!(
            "<a href=\"https://midori.smarthr.jp/crews/{crew}\" rel=\"noreferrer\">SmartHRで開く</a>"
        )
    };
    // The third one fails; for the others nothing has to be done.
    let page = browser
        .get(&format!("/settings/smarthr/history/{}", run.run_id))
        .await;
    page.shows(&[&link("c3")]);
    page.shows_no(&[&link("c1")]);
    browser
        .get("/settings/smarthr/failures")
        .await
        .shows(&[&link("c3")]);
    let users = console.env.users().await;
    let user = users.iter().find(|user| user.crew_link.is_some()).unwrap();
    let crew = user.crew_link.as_ref().unwrap().crew_id.to_string();
    let page = browser.get(&format!("/users/{}", user.user_id)).await;
    page.shows(&[&link(&crew)]);
    browser
        .get("/users/administrator")
        .await
        .shows_no(&["SmartHRで開く"]);
    let unknown = |it: &mut domain::Connection| it.company.subdomain = None;
    console.env.change_connection(unknown).await;
    let page = browser.get(&format!("/users/{}", user.user_id)).await;
    page.shows_no(&["SmartHRで開く"]);
}
