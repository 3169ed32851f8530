//! The dashboard: whether last night worked, when the next sync is, and what an admin has to do.

use domain::{Connection, ConnectionState, Role, RunFailure, RunOutcome, Status, UserId};
use jiff::SignedDuration;
use serde_json::json;
use testkit::succeeded_run;
use testkit::users::member;

use super::console::{Console, administrator, crews, system_administrator};

const NOTHING_TO_DO: &str = "対応が必要なことはありません。";

#[tokio::test]
async fn the_first_page_says_how_the_last_night_went_and_when_the_next_one_is() {
    let (console, browser) = administrator().await;
    browser.get("/").await.shows(&[
        "<title>ホーム | 株式会社テスト | KiteRa</title>",
        "SmartHR企業アカウント&#60;株式会社あおぞら商事&#62;と連携中",
        "<dt>ユーザー同期</dt><dd>有効</dd>",
        "<dt>次回の同期</dt><dd>2026/11/24 02:00(日本時間)</dd>",
        "まだ同期していません",
        "<dt>ユーザー数</dt><dd>1名 / 20名</dd>",
        NOTHING_TO_DO,
        "企業コード: test",
    ]);
    let mut company = crews();
    company.truncate(2);
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    let page = browser.get("/").await;
    page.shows(&["</svg>成功</span>", "招待 <b>2</b>", "自動(午前2時)"]);
    page.shows(&[NOTHING_TO_DO, "3名 / 20名"]);
}

#[tokio::test]
async fn who_could_not_be_synced_is_one_click_away() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    console.env.nightly_run().await;
    let page = browser.get("/").await;
    let failures = "/settings/smarthr/failures";
    page.shows(&["同期できていない方がいます(1名)。", failures, "要対応1件"]);
    browser.get(failures).await.shows(&["nonsense"]);
}

#[tokio::test]
async fn a_night_that_failed_as_a_whole_says_why_and_who_failed_before_is_not_forgotten() {
    let (console, browser) = administrator().await;
    let mut before = succeeded_run("20261110T170000Z-schedule");
    before.counts.failed = 2_795;
    console.keep(&before).await;
    let mut failed = succeeded_run("20261111T170000Z-schedule");
    failed.outcome = RunOutcome::Failure;
    failed.failure = Some(RunFailure::SmartHrMaintenance);
    console.keep(&failed).await;
    browser.get("/").await.shows(&[
        "前回の同期に失敗しました: SmartHRがメンテナンス中です。",
        "同期できていない方がいます(2,795名)。",
    ]);
}

#[tokio::test]
async fn what_is_held_is_answered_by_a_click_and_named_on_every_other_page() {
    let (console, browser) = administrator().await;
    let held = [UserId::new("a"), UserId::new("b")];
    let of_night = held.clone();
    let holds = |it: &mut Connection| it.decisions.held = of_night.into();
    console.env.change_connection(holds).await;
    let mut run = succeeded_run("20261111T170000Z-schedule");
    run.held = held.into();
    console.keep(&run).await;
    let path = format!("/settings/smarthr/history/{}", run.run_id);
    let link = format!("{path}#held\">許可または拒否する");
    let sentence = "退職による削除を保留しています(2名)。";
    for page in ["/", "/settings/smarthr"] {
        let page = browser.get(page).await;
        page.shows(&[sentence, &link]);
        assert_eq!(page.html().matches(sentence).count(), 1);
    }
    let banner = format!("{sentence}<a href=\"/\">内容を確認する</a>");
    for page in ["/users", "/settings", "/settings/smarthr/history"] {
        browser.get(page).await.shows(&[&banner]);
    }
    // A later run that failed as a whole asks nothing.
    let mut failed = succeeded_run("20261112T170000Z-schedule");
    failed.failure = Some(RunFailure::SmartHrDown);
    console.keep(&failed).await;
    browser.get("/").await.shows(&[
        "退職による削除を保留しています(2名)。次回の同期のあとに、許可または拒否できます。",
    ]);
    let answered = |it: &mut Connection| it.decisions.held.clear();
    console.env.change_connection(answered).await;
    browser.get("/users").await.shows_no(&["保留しています"]);
}

#[tokio::test]
async fn a_refused_connection_is_connected_again_by_one_click_and_named_on_every_page() {
    let (console, browser) = administrator().await;
    let refused = |it: &mut Connection| it.state = ConnectionState::ReconnectNeeded;
    console.env.change_connection(refused).await;
    browser.get("/").await.shows(&[
        "再連携が必要です。再連携するまで、同期を停止しています。",
        "<dt>次回の同期</dt><dd>再連携するまで同期されません</dd>",
        "action=\"/settings/smarthr/connect\"",
        ">連携する</button>",
    ]);
    let banner = "同期を停止しています。<a href=\"/settings/smarthr\">再連携する</a>";
    browser.get("/users").await.shows(&[banner]);
    browser.get("/settings/smarthr").await.shows_no(&[banner]);
}

#[tokio::test]
async fn a_paused_sync_and_a_full_plan_are_said() {
    let console = Console::open_with_seats(1).await;
    let browser = console.browser(Role::SystemAdministrator).await;
    let paused = |it: &mut Connection| it.settings.enabled = false;
    console.env.change_connection(paused).await;
    browser.get("/").await.shows(&[
        "<dt>ユーザー同期</dt><dd>停止中</dd>",
        "なし(設定の[有効にする]にチェックが入っていません)",
        "プランのユーザー数の上限に達しています(1名 / 1名)。",
        "<a href=\"/settings/contract\">ご契約</a>",
    ]);
}

#[tokio::test]
async fn from_ninety_percent_of_the_seats_on_the_first_page_warns_and_leads_to_the_contract() {
    let console = Console::open_with_seats(10).await;
    let browser = console.browser(Role::Administrator).await;
    for number in 2..=8 {
        let id = format!("usr_{number}");
        console.env.add_user(member(&id)).await;
    }
    browser.get("/").await.shows(&[NOTHING_TO_DO]);
    let mut company = crews();
    company.truncate(1);
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    browser.get("/").await.shows(&[
        "プランのユーザー数の残りが少なくなっています(9名 / 10名、残り1名)。",
        "<a href=\"/settings/contract\">ご契約</a>",
    ]);
    browser.get("/settings/contract").await.ok().shows(&[
        "<dt>プランのユーザー数</dt><dd>10名</dd>",
        "9名(うち招待中 1名)",
        "<dt>残り</dt><dd>1名</dd>",
        "残りが少なくなっています",
        "サポートにお問い合わせください",
    ]);
    let contract = browser.get("/api/v1/contract").await.ok().json();
    assert_eq!(
        contract,
        json!({"seats_contracted": 10, "seats_used": 9, "invited": 1, "is_nearly_full": true})
    );
}

#[tokio::test]
async fn whose_invitation_expired_is_invited_again_from_here() {
    let (console, browser) = administrator().await;
    let mut company = crews();
    company.truncate(2);
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    let paused = |it: &mut Connection| it.settings.enabled = false;
    console.env.change_connection(paused).await;
    browser.get("/").await.shows(&[NOTHING_TO_DO]);
    testkit::advance(SignedDuration::from_hours(73));
    let browser = console.browser(Role::SystemAdministrator).await;
    let list = "/users?state=invitation_expired";
    browser
        .get("/")
        .await
        .shows(&["招待の期限が切れた方がいます(2名)。", list]);
    let users = console.env.users().await;
    let invited: Vec<(&str, &str)> = users
        .iter()
        .filter(|user| user.status == Status::Invited)
        .map(|user| ("user_ids", user.user_id.as_str()))
        .collect();
    let page = browser
        .form("/users/invitations/confirm", &invited)
        .await
        .ok();
    page.shows(&[
        "2名を再招待しますか?",
        ">2名を再招待する</button>",
        "y1@example.jp",
    ]);
    browser
        .form("/users/invitations", &invited)
        .await
        .location();
    browser.get("/").await.shows(&[NOTHING_TO_DO]);
}

#[tokio::test]
async fn who_is_no_admin_reads_where_to_go_on_and_nothing_of_the_sync() {
    let (console, _) = system_administrator().await;
    for role in [Role::Staff, Role::Member] {
        let page = console.browser(role).await.get("/").await.ok();
        page.shows(&[
            "href=\"/account\">アカウント",
            "所属企業のシステム管理者にお問い合わせください",
            "企業コード: test",
        ]);
        page.shows_no(&["SmartHR", "要対応", "aria-label=\"メニュー\""]);
    }
    let stranger = console.stranger().get("/").await;
    assert_eq!(stranger.location(), "/sign-in?return_to=%2F");
}
