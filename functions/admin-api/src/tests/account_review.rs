//! アカウントの棚卸し.

use domain::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::users::{member, synced};

use super::console::{administrator, crews};

const PATH: &str = "/settings/account-review";

#[tokio::test]
async fn all_accounts_are_downloaded_with_what_smarthr_says_of_them_and_the_review_is_an_event() {
    let (console, admin) = administrator().await;
    let mut company = crews();
    company.truncate(2);
    console.env.set_crews(&company).await;
    console.env.add_user(member("usr_hand")).await;
    console.env.add_user(synced("gone")).await;
    console.env.nightly_run().await;
    let page = admin.get(PATH).await.ok();
    page.shows(&["<dd>5名</dd>", "まだ確認されていません"]);
    let csv = admin.get(&format!("{PATH}/csv?file=1")).await.ok();
    let lines: Vec<&str> = csv.text.lines().collect();
    assert!(lines[0].contains("SmartHR連携,最終ログイン(日本時間),在籍状況(SmartHR),追加した方"));
    assert_eq!(lines.len(), 6, "{lines:#?}");
    for (who, ends) in [
        ("y1@example.jp", "在籍,SmartHR連携"),
        ("usr-hand@example.jp", "SmartHRと連携なし,KiteRa"),
        ("gone@example.jp", "SmartHRに登録なし,SmartHR連携"),
    ] {
        let line = lines.iter().find(|line| line.contains(who)).unwrap();
        assert!(line.ends_with(ends), "{line}");
    }

    let reviewed = admin.submit(PATH, &[]).await;
    reviewed.shows(&["確認済みにしました。", "(5名)"]);
    let boss = console.browser(Role::SystemAdministrator).await;
    let trail = boss.get("/api/v1/audit-events").await.ok().json();
    let actions: Vec<&Value> = trail["events"].as_array().unwrap().iter().collect();
    let action = |index: usize| actions[index]["action"].as_str().unwrap();
    assert_eq!(action(0), "accounts_reviewed");
    assert_eq!(action(1), "account_review_downloaded");
    let api = "/api/v1/account-review";
    let last = boss.get(api).await.ok().json();
    assert_eq!(last["accounts"], "5名");
    assert_eq!(last["reviewed_at"], json!(testkit::now()));

    // A second click is no second review; somebody else's is.
    admin.post(api, json!({})).await.ok();
    testkit::advance(SignedDuration::from_mins(2));
    boss.post(api, json!({})).await.ok();
    let reviews = "/api/v1/audit-events?action=accounts_reviewed";
    let trail = boss.get(reviews).await.ok().json();
    assert_eq!(trail["events"].as_array().unwrap().len(), 2);
}
