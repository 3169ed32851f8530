//! Initial passwords that are issued to many, and handed out as cards and CSV for a week.

use domain::{Credential, IssuedBy, LoginMethod, PasswordIssue, Role, User};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::users::{by_code, member};
use testkit::{CrashPoint, advance, now};

use super::console::{Browser, Console, administrator, system_administrator};

const LIST: &str = "/users/initial-passwords";

/// Returns a console with two people who sign in by code, and the address of the cards of passwords issued to both.
async fn with_cards() -> (Console, Browser, String) {
    let (console, browser) = system_administrator().await;
    for (id, code) in [("u", "A-1"), ("v", "0042")] {
        console.env.add_user(by_code(id, code)).await;
    }
    let body = json!({"user_ids": ["v", "u"]});
    let issued = browser.post("/api/v1/users/initial-passwords", body).await;
    assert_eq!(issued.ok().json()["issued"], json!(["v", "u"]));
    let issue = only_issue(&console).await;
    let address = format!("{LIST}/{}", issue.issue_id);
    (console, browser, address)
}

async fn only_issue(console: &Console) -> PasswordIssue {
    let issues = console.env.store.password_issues(console.id(), now()).await;
    let mut issues = issues.unwrap();
    assert_eq!(issues.len(), 1);
    issues.remove(0)
}

/// Returns the initial passwords on a page with cards, in the order of the cards.
fn passwords(page: &str) -> Vec<String> {
    let after = page.split("<dt>初期パスワード</dt><dd><code>").skip(1);
    after.map(|it| it[..24].to_owned()).collect()
}

#[tokio::test]
async fn a_system_administrator_prints_a_card_for_each_person_with_the_password_of_the_mailed_csv()
{
    let (console, browser, address) = with_cards().await;
    let page = browser.get(&format!("{address}/cards")).await.ok();
    page.html();
    page.shows(&[
        "2名分のカード",
        "0042",
        "A-1",
        "company_code=test",
        "<use href=\"#qr\"",
    ]);
    let shown = passwords(&page.text);
    let message = console.env.next_mail().unwrap();
    console.env.deliver(&message).await.unwrap();
    let rows = console.env.services.only_mail().csv_rows();
    assert_eq!((shown.len(), rows.len()), (2, 2));
    for (row, password) in rows.iter().zip(&shown) {
        assert!(row.contains(password), "{row}");
    }
    let file = browser.get(&format!("{address}/csv")).await.ok();
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(shown.iter().all(|password| file.text.contains(password)));
    let trail = browser.get("/api/v1/audit-events").await.json();
    let actions: Vec<&Value> = (0..2).map(|n| &trail["events"][n]["action"]).collect();
    assert_eq!(
        actions,
        [
            "initial_passwords_downloaded",
            "initial_password_cards_opened"
        ]
    );
    for password in &shown {
        assert_eq!(
            console.env.tables_with(password).await,
            [""; 0],
            "stored nowhere"
        );
    }
}

#[tokio::test]
async fn who_replaced_a_password_or_got_a_newer_one_has_no_card_and_after_a_week_nobody_has_one() {
    let (console, browser, address) = with_cards().await;
    let cards = format!("{address}/cards");
    let first = passwords(&browser.get(&cards).await.ok().text);
    let again = "/api/v1/users/u/initial-password";
    advance(SignedDuration::from_secs(1));
    browser.post(again, Value::Null).await.ok();
    let page = browser.get(&cards).await.ok();
    page.shows(&["1名分のカード", "ほかの1名"]);
    assert_eq!(passwords(&page.text), first[..1]);
    let replaced = |user: &mut User| user.credential = Credential::Password;
    console.env.change_user("v", replaced).await;
    browser
        .get(&cards)
        .await
        .shows(&["カードが必要な方はいません", "ほかの2名"]);

    advance(SignedDuration::from_mins(10));
    let answer = browser.get(&cards).await;
    assert!(answer.location().starts_with("/account/confirm?"));
    advance(SignedDuration::from_hours(7 * 24));
    let later = testkit::users::system_administrator("later");
    let browser = console.browser_of(later).await;
    assert_eq!(browser.get(&cards).await.status, 404);
    browser
        .get(LIST)
        .await
        .shows(&["この7日間に発行した初期パスワードはありません"]);
}

#[tokio::test]
async fn only_system_administrators_of_the_workspace_see_initial_passwords() {
    let (console, _, address) = with_cards().await;
    let administrator = console.browser(Role::Administrator).await;
    for path in [
        LIST.to_owned(),
        format!("{address}/cards"),
        format!("{address}/csv"),
    ] {
        assert_eq!(administrator.get(&path).await.status, 403, "{path}");
    }
    let (_other, stranger) = system_administrator().await;
    for path in [format!("{address}/cards"), format!("{address}/csv")] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_passwords_of_a_run_are_on_its_page_with_the_reason_why_their_mail_did_not_arrive() {
    let (console, browser) = system_administrator().await;
    console.env.set_crews(&[testkit::code_only(1)]).await;
    let run = console.env.nightly_run().await;
    let issue = only_issue(&console).await;
    assert_eq!((issue.issued_by, issue.people), (IssuedBy::Run, 1));
    assert_eq!(issue.issue_id, run.run_id.to_string());
    let path = format!("/settings/smarthr/history/{}", run.run_id);
    let cards = format!("{LIST}/{}/cards", run.run_id);
    browser
        .get(&path)
        .await
        .shows(&["1名に初期パスワードを発行しました", &cards]);
    browser.get(&cards).await.shows(&["1名分のカード"]);
    let noted = console.env.store.clone();
    let noted = noted.note_password_bounce(console.id(), run.run_id.as_str(), "届きませんでした");
    assert!(noted.await.unwrap());
    browser.get(&path).await.shows(&["届きませんでした"]);
    let administrator = console.browser(Role::Administrator).await;
    administrator
        .get(&path)
        .await
        .shows_no(&["初期パスワードを発行しました"]);
}

#[tokio::test]
async fn a_company_whose_system_administrators_have_no_address_reads_that_the_cards_are_the_only_way()
 {
    let console = Console::open().await;
    let boss = User {
        role: Role::SystemAdministrator,
        ..by_code("boss", "B-1")
    };
    let browser = console.browser_of(boss).await;
    console.env.set_crews(&[testkit::code_only(1)]).await;
    console.env.nightly_run().await;
    let warning = "メールアドレスのあるシステム管理者がいないため";
    let page = browser.get(LIST).await.ok();
    page.shows(&[warning, "/cards", "/csv"]);

    let another = testkit::users::system_administrator("another");
    console.env.add_user(another).await;
    browser.get(LIST).await.shows_no(&[warning]);
}

#[tokio::test]
async fn many_are_found_by_what_they_await_asked_about_and_issued_passwords_once() {
    let (console, browser) = administrator().await;
    console
        .env
        .add_user(testkit::users::system_administrator("boss"))
        .await;
    let expired = |id: &str, code: &str| User {
        credential: Credential::Initial { expires_at: now() },
        ..by_code(id, code)
    };
    let open = User {
        credential: Credential::Initial {
            expires_at: now() + SignedDuration::from_hours(1),
        },
        ..by_code("open", "O-1")
    };
    let sso = User {
        credential: Credential::None,
        login_method: LoginMethod::Sso,
        ..member("sso")
    };
    for user in [
        expired("e1", "E-1"),
        expired("e2", "E-2"),
        open,
        sso,
        member("in"),
    ] {
        console.env.add_user(user).await;
    }
    let ids = async |filter: &str| {
        let found = browser
            .get(&format!("/api/v1/users?awaited={filter}"))
            .await
            .json();
        let users = found["users"].as_array().unwrap().clone();
        users
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("password_expired").await, ["e1", "e2"]);
    assert_eq!(ids("any").await, ["e1", "e2", "open"]);

    let filter = [("state", "initial_password_expired"), ("everybody", "1")];
    let page = browser
        .form("/users/initial-passwords/confirm", &filter)
        .await
        .ok();
    page.shows(&["<strong>2名</strong>", "2名に再発行する"]);
    let asked_at = page
        .text
        .split("name=\"asked_at\" value=\"")
        .nth(1)
        .unwrap();
    let asked_at = asked_at.split('"').next().unwrap();
    let answer = [
        ("asked_at", asked_at),
        ("user_ids", "e1"),
        ("user_ids", "e2"),
        ("user_ids", "in"),
    ];
    let page = browser.form(LIST, &answer).await;
    page.shows(&[
        "2名の初期パスワードを再発行し",
        "メールアドレスがあるユーザーには",
    ]);
    let issued = console.env.user("e1").await;
    // A second click, and a question that was left open.
    browser.form(LIST, &answer[..3]).await;
    assert_eq!(console.env.user("e1").await, issued);
    only_issue(&console).await;
    let long_ago = (now() - SignedDuration::from_hours(1)).as_microsecond();
    let long_ago = long_ago.to_string();
    let late = [("asked_at", &*long_ago), ("user_ids", "e1")];
    assert_eq!(browser.form(LIST, &late).await.status, 400);
    assert_eq!(console.env.waiting_mails().await.len(), 1, "one for both");
}

#[tokio::test]
async fn more_than_one_transaction_holds_are_issued_with_one_mail_and_more_than_200_are_refused() {
    let console = Console::open_with_seats(120).await;
    let browser = console.browser(Role::SystemAdministrator).await;
    let ids: Vec<String> = (0..100).map(|number| format!("u{number}")).collect();
    for id in &ids {
        console.env.add_user(by_code(id, id)).await;
    }
    let path = "/api/v1/users/initial-passwords";
    let too_many = json!({"user_ids": vec!["x"; 201]});
    browser
        .post(path, too_many)
        .await
        .is_refused(400, "bad_request");
    let answer = browser.post(path, json!({"user_ids": ids})).await.ok();
    assert_eq!(answer.json()["issued"].as_array().unwrap().len(), 100);
    let message = console.env.next_mail().unwrap();
    assert!(console.env.next_mail().is_none(), "one mail for all");
    console.env.deliver(&message).await.unwrap();
    assert_eq!(console.env.services.only_mail().csv_rows().len(), 100);
}

/// Issues passwords to more people than one transaction holds, and dies at each call in turn; then clicks again.
async fn dies_everywhere(crash_point: fn(usize) -> CrashPoint) -> usize {
    let ids: Vec<String> = (0..49).map(|number| format!("u{number}")).collect();
    let mut calls = 0;
    loop {
        let console = Console::open_with_seats(60).await;
        let browser = console.browser(Role::SystemAdministrator).await;
        for id in &ids {
            console.env.add_user(by_code(id, id)).await;
        }
        let at = now().as_microsecond().to_string();
        let mut answer: Vec<(&str, &str)> = ids.iter().map(|id| ("user_ids", &**id)).collect();
        answer.push(("asked_at", &at));
        let clicked = browser.form(LIST, &answer);
        let done = console
            .env
            .proxy
            .crash_at(crash_point(calls), clicked)
            .await;
        if done.is_none() {
            let again = browser.form(LIST, &answer).await;
            assert_eq!(again.status, 303, "{:?}", crash_point(calls));
        }
        let cards = format!("{LIST}/{}/cards", only_issue(&console).await.issue_id);
        let page = browser.get(&cards).await.ok();
        assert_eq!(
            passwords(&page.text).len(),
            ids.len(),
            "{:?}",
            crash_point(calls)
        );
        assert_eq!(console.env.waiting_mails().await.len(), 1);
        if done.is_some() {
            return calls;
        }
        calls += 1;
    }
}

#[tokio::test]
async fn an_issue_that_dies_at_any_call_is_finished_by_a_second_click_and_no_password_is_lost() {
    let points = [
        dies_everywhere(CrashPoint::Before).await,
        dies_everywhere(CrashPoint::After).await,
    ];
    assert!(points.iter().all(|calls| *calls >= 8), "{points:?}");
}
