//! The pages of ユーザー同期履歴 and of previews.

use domain::{LoginMethodSetting, Role, Run, RunFailure, RunId, RunOutcome, UserId};
use jiff::SignedDuration;
use storage::transaction::{Commit, Step};
use testkit::{person, retire, succeeded_run};

use super::console::{Console, administrator, crews};

const HISTORY: &str = "/settings/smarthr/history";

/// Returns a run of this night that has not ended.
fn under_way(id: &str) -> Run {
    Run {
        outcome: RunOutcome::Running,
        finished_at: None,
        ..succeeded_run(id)
    }
}

#[tokio::test]
async fn a_night_is_in_the_history_with_mark_counts_day_and_log() {
    let (console, browser) = administrator().await;
    let empty = browser.get(HISTORY).await;
    empty.shows(&["同期履歴はまだありません。"]);
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    let page = browser.get(HISTORY).await;
    let log = format!("{HISTORY}/{}/log", run.run_id);
    page.shows(&[
        "class=\"outcome failure\"",
        "</svg>失敗</span>",
        "自動(午前2時)",
        "招待 <b>2</b>",
        "失敗 <b>1</b>",
        "同期ログをダウンロード",
        &log,
        "<li class=\"failure\">",
        "失敗: 1名",
        "1日間のうち、失敗した日は1日です。",
    ]);
    page.shows_no(&["http-equiv"]);
    let log = browser.get(&log).await;
    let (_, csv) = console.downloaded(&log);
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.starts_with("\u{FEFF}従業員コード,"));
    assert!(
        csv.find("nonsense") < csv.find("y1@example.jp"),
        "failures come first: {csv}"
    );
}

#[tokio::test]
async fn a_night_that_registered_sso_people_offers_the_text_to_send_to_them() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let address = "http://localhost/sso/test</textarea>";
    let by_password = console.env.nightly_run().await;
    let page = browser
        .get(&format!("{HISTORY}/{}", by_password.run_id))
        .await;
    page.shows_no(&[address]);
    let sso = LoginMethodSetting::Sso;
    console
        .env
        .change_connection(|it| it.settings.login_method = sso)
        .await;
    testkit::advance(SignedDuration::from_hours(24));
    let by_sso = console.env.nightly_run().await;
    let browser = console.browser(Role::SystemAdministrator).await;
    let page = browser.get(&format!("{HISTORY}/{}", by_sso.run_id)).await;
    page.shows(&["2名を、認証方法「SSO」で登録しました。", address]);
}

#[tokio::test]
async fn the_people_of_a_night_are_filtered_searched_and_never_markup() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    let path = format!("{HISTORY}/{}", run.run_id);
    let all = browser.get(&path).await;
    all.shows(&[
        "3名",
        "&#60;b&#62;山田 1郎",
        "従業員メールアドレスの形式が不正",
        "<b>対処:</b>",
    ]);
    all.shows_no(&["<b>山田"]);
    let html = all.html();
    assert!(html.find("nonsense").unwrap() < html.find("y1@example.jp").unwrap());
    let failed = browser.get(&format!("{path}?category=failed")).await;
    failed.shows(&["1名", "nonsense", "category=failed#people\" aria-current"]);
    failed.shows_no(&["y1@example.jp"]);
    let cause: &str = &html[html.find("?cause=").unwrap()..];
    let cause = &cause[..cause.find('#').unwrap()];
    let caused = browser.get(&format!("{path}{cause}")).await;
    caused.shows(&["1名", "nonsense"]);
    caused.shows_no(&["y1@example.jp"]);
    let invited = format!("{path}?category=invited&q=Y2");
    let invited = browser.get(&invited).await;
    invited.shows(&["y2@example.jp"]);
    invited.shows_no(&["y1@example.jp"]);
    let odd = "?category=odd&cause=%27%3E%3Cscript&q=%22%3E%3Cscript%3E&page=x&done=hello&q=%ff";
    let odd = browser.get(&format!("{path}{odd}")).await.ok();
    odd.shows_no(&["<script"]);
}

#[tokio::test]
async fn success_is_marked_and_a_whole_failure_names_cause_and_remedy() {
    let (console, browser) = administrator().await;
    let mut failed = succeeded_run("20261111T170000Z-schedule");
    failed.outcome = RunOutcome::Failure;
    failed.failure = Some(RunFailure::SmartHrMaintenance);
    console.keep(&failed).await;
    let success = succeeded_run("20261110T170000Z-schedule");
    console.keep(&success).await;
    let page = browser.get(HISTORY).await;
    page.shows(&["</svg>成功</span>", "メンテナンス"]);
    let newest = page.html().find("20261111T170000Z").unwrap();
    assert!(newest < page.html().find("20261110T170000Z").unwrap());
    let page = browser.get(&format!("{HISTORY}/{}", failed.run_id)).await;
    page.shows(&["<dt>原因</dt>", "<dt>対処</dt>"]);
}

#[tokio::test]
async fn a_night_that_waits_for_smarthr_says_when_it_is_tried_again() {
    let (console, browser) = administrator().await;
    let mut waits = under_way("20261122T170000Z-schedule");
    let failure = RunFailure::SmartHrMaintenance;
    waits.retry = waits.retry_after(&failure, testkit::now());
    console.keep(&waits).await;
    for page in [HISTORY, &format!("{HISTORY}/{}", waits.run_id)] {
        let page = browser.get(page).await;
        page.shows(&[
            "</svg>再実行待ち</span>",
            "SmartHRがメンテナンス中です。SmartHRの復旧を待って、2時30分に再実行します。",
        ]);
        page.shows_no(&["http-equiv", "読み込んでいます"]);
    }
    testkit::advance(SignedDuration::from_mins(30));
    let page = browser.get(HISTORY).await;
    page.shows(&["</svg>実行中</span>", "読み込んでいます"]);
}

#[tokio::test]
async fn the_history_comes_twenty_runs_at_a_time() {
    let (console, browser) = administrator().await;
    for day in 10..31 {
        let id = format!("202611{day}T170000Z-schedule");
        console.keep(&succeeded_run(&id)).await;
    }
    let first = browser.get(HISTORY).await;
    assert_eq!(first.html().matches("</svg>成功").count(), 20);
    let next = format!("{HISTORY}?before=20261111T170000Z-schedule");
    first.shows(&[&next, "以前の履歴"]);
    let second = browser.get(&next).await;
    assert_eq!(second.html().matches("</svg>成功").count(), 1);
    second.shows(&["最新の履歴へ"]);
    second.shows_no(&["以前の履歴"]);
}

#[tokio::test]
async fn a_run_under_way_shows_how_far_it_is_and_the_page_looks_again() {
    let (console, browser) = administrator().await;
    let answer = browser.form("/settings/smarthr/runs", &[]).await;
    let path = answer.location();
    browser.get(path).await.shows(&[
        "開始を待っています",
        "data-live",
        "<noscript><meta http-equiv=\"refresh\"",
    ]);
    let run_id = path.rsplit('/').next().unwrap().split('?').next().unwrap();
    let unknown = browser.get(&format!("/api/v1/runs/{run_id}")).await;
    unknown.is_refused(404, "not_begun");
    let night = RunId::new("20261124T170000Z-schedule");
    let (store, now) = (&console.env.store, testkit::now());
    let taken = store.acquire_lease(console.id(), &night, 0, now).await;
    taken.unwrap();
    browser.get(path).await.shows(&[
        "ほかの同期を実行中のため",
        "/history/20261124T170000Z-schedule",
    ]);
    console.keep(&under_way(run_id)).await;
    for page in [path, HISTORY] {
        let page = browser.get(page).await;
        page.shows(&["</svg>実行中</span>", "http-equiv=\"refresh\""]);
        page.shows_no(&["成功"]);
    }
}

#[tokio::test]
async fn a_night_under_way_shows_how_many_of_how_many_people_are_done_on_every_page() {
    let (console, browser) = administrator().await;
    let run = under_way("20261124T170000Z-schedule");
    console.keep(&run).await;
    let (store, now) = (&console.env.store, testkit::now());
    let taken = store.acquire_lease(console.id(), &run.run_id, 0, now).await;
    let lease = taken.unwrap().unwrap().lease;
    let step = Step {
        deletions: None,
        changed_by_day: 0,
        lease: &lease,
        rows: Vec::new(),
        people_before: 50,
        total: 124,
    };
    let commit = Commit {
        step: Some(step),
        ..Commit::default()
    };
    store.commit(console.id(), &commit, now).await.unwrap();
    let page = format!("{HISTORY}/{}", run.run_id);
    for path in [&page, HISTORY] {
        let page = browser.get(path).await;
        page.shows(&["50 / 124名", "data-live", "/assets/live.js"]);
    }
    // A page with a form does not reload itself while an admin fills it in.
    let settings = browser.get("/settings/smarthr").await;
    settings.shows(&["50 / 124名"]);
    settings.shows_no(&["/assets/live.js", "data-live"]);
}

#[tokio::test]
async fn held_deletions_are_shown_with_the_people_and_answered_by_a_button() {
    let (console, browser) = administrator().await;
    let mut run = succeeded_run("20261111T170000Z-schedule");
    run.held = vec![UserId::new("a"), UserId::new("b")];
    console.keep(&run).await;
    let path = format!("{HISTORY}/{}", run.run_id);
    let answers = format!("{path}/held-deletions");
    browser.get(&path).await.shows(&[
        "退職による削除を保留しました",
        ">許可する</button>",
        ">拒否する</button>",
    ]);
    let history = browser.get(HISTORY).await;
    history.shows(&["退職による削除を保留しました(2名)"]);
    let settings = browser.get("/settings/smarthr").await;
    settings.shows(&["退職による削除を保留しています(2名)"]);
    let page = browser.submit(&answers, &[("decision", "allow")]).await;
    page.shows(&["削除を許可しました。次回の同期で削除されます。"]);
    page.shows_no(&["許可する</button>"]);
    let connection = console.env.connection().await;
    assert_eq!(connection.decisions.allowed.len(), 2);
    let refuse = [("decision", "refuse")];
    browser.form(&answers, &refuse).await.location();
    let page = browser.get(&path).await;
    page.shows(&["拒否しました。ユーザーは削除されません。"]);
    page.shows_no(&["今すぐ同期"]);
    let newer = succeeded_run("20261112T170000Z-schedule");
    console.keep(&newer).await;
    let page = browser.get(&path).await;
    page.shows(&["これより新しい同期があります。"]);
    page.shows_no(&["する</button>"]);
}

#[tokio::test]
async fn held_deletions_are_answered_by_name_after_a_page_that_says_what_happens() {
    let (console, browser) = administrator().await;
    let mut company: Vec<_> = (1..=8).map(person).collect();
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    retire(&mut company[..6]);
    console.env.set_crews(&company).await;
    testkit::advance(SignedDuration::from_hours(24));
    let run = console.env.nightly_run().await;
    assert_eq!(run.held.len(), 6);

    let browser_of_today = console.browser(Role::SystemAdministrator).await;
    drop(browser);
    let browser = browser_of_today;
    let path = format!("{HISTORY}/{}", run.run_id);
    let (kept, others) = run.held.split_first().unwrap();
    browser.get(&path).await.shows(&[
        "一度に多くの退職者がいるため、6名の削除を保留しています。",
        &format!("name=\"user_ids\" value=\"{kept}\" checked"),
    ]);
    let answer = |decision, users: &[UserId]| {
        let users = users.iter().map(|user| ("user_ids", user.to_string()));
        let fixed = [("by_name", "yes".to_owned()), ("decision", decision)];
        fixed.into_iter().chain(users).collect::<Vec<_>>()
    };
    let confirm = format!("{path}/held-deletions/confirm");
    let allow = answer("allow".to_owned(), others);
    let allow: Vec<(&str, &str)> = allow
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let page = browser.form(&confirm, &allow).await.ok();
    page.shows(&[
        "5名の削除を許可しますか?",
        "2026/11/25 02:00",
        ">削除を許可する</button>",
        others[0].as_str(),
    ]);
    page.shows_no(&[kept.as_str()]);
    let nobody = console.env.connection().await.decisions;
    assert!(nobody.allowed.is_empty(), "nothing is stored yet");
    browser
        .submit(&format!("{path}/held-deletions"), &allow)
        .await
        .ok();
    let refuse = answer("refuse".to_owned(), std::slice::from_ref(kept));
    let refuse: Vec<(&str, &str)> = refuse
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let page = browser
        .submit(&format!("{path}/held-deletions"), &refuse)
        .await;
    page.shows(&[
        "許可した方は次回の同期で削除され、拒否した方は削除されません。",
        ": 保留された削除を許可</li>",
        ": 保留された削除を拒否</li>",
    ]);
    let decisions = console.env.connection().await.decisions;
    assert_eq!(decisions.refused, [kept.clone()].into());
    assert_eq!(decisions.allowed.len(), 5);
}

#[tokio::test]
async fn a_preview_is_waited_for_and_then_shows_who_would_be_what_and_why() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let answer = browser.form("/settings/smarthr/previews", &[]).await;
    let path = answer.location();
    let waiting = browser.get(path).await.ok();
    waiting.shows(&["プレビューを作成しています", "http-equiv=\"refresh\""]);
    let preview = console.env.queued_runs().remove(0);
    console.env.run(&preview).await.unwrap();
    let page = browser.get(path).await;
    page.shows(&[
        "まだ何も変更されていません",
        "招待 <b>2</b>",
        "失敗 <b>1</b>",
        "y1@example.jp",
        "従業員メールアドレスの形式が不正",
    ]);
    page.shows_no(&["http-equiv"]);
    let path = path.split('?').next().unwrap();
    let failed = browser.get(&format!("{path}?category=failed")).await;
    failed.shows_no(&["y1@example.jp"]);
}

#[tokio::test]
async fn a_run_by_hand_asks_first_with_the_counts_of_the_last_preview_and_names_who_started_it() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let ask = "/settings/smarthr/runs";
    browser.get(ask).await.shows(&[
        "今すぐ同期しますか?",
        "<dt>同期対象</dt>",
        "プレビューはまだありません。",
        ">同期を開始する</button>",
    ]);
    let preview = browser.form("/settings/smarthr/previews", &[]).await;
    let preview = preview.location().to_owned();
    let message = console.env.queued_runs().remove(0);
    console.env.run(&message).await.unwrap();
    let page = browser.get(&preview).await;
    page.shows(&[">この内容で同期する</button>", &format!("action=\"{ask}\"")]);
    browser
        .get(ask)
        .await
        .shows(&["招待 <b>2</b>", "失敗 <b>1</b>"]);

    let asked = browser.form(ask, &[]).await;
    let run = asked.location().split('?').next().unwrap().to_owned();
    let message = console.env.queued_runs().remove(0);
    console.env.run(&message).await.unwrap();
    let name = console.env.user("administrator").await.name;
    browser.get(&run).await.shows(&[
        &format!("今すぐ同期({name})"),
        "所要時間 0秒",
        "<title>2026/11/23 02:00の同期: 失敗 | 株式会社テスト | KiteRa</title>",
    ]);
}

#[tokio::test]
async fn of_more_held_deletions_than_a_form_holds_those_without_an_answer_come_first() {
    let console = Console::open_with_seats(600).await;
    let mut company: Vec<_> = (1..=502).map(person).collect();
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    retire(&mut company);
    console.env.set_crews(&company).await;
    testkit::advance(SignedDuration::from_hours(24));
    let run = console.env.nightly_run().await;
    assert_eq!(run.held.len(), 502);
    let browser = console.browser(Role::SystemAdministrator).await;
    let path = format!("{HISTORY}/{}", run.run_id);
    let with_checkbox = async || {
        let page = browser.get(&path).await;
        page.shows(&[
            "一度に回答できるのは500名まで",
            ">502名全員を許可する</button>",
        ]);
        let boxes = page.html().split("name=\"user_ids\" value=\"").skip(1);
        let ids = boxes.map(|rest| rest.split('"').next().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let first = with_checkbox().await;
    assert_eq!(first.len(), 500);
    let fixed = [("by_name", "yes"), ("decision", "allow")].into_iter();
    let ids = first.iter().map(|id| ("user_ids", id.as_str()));
    let allow: Vec<(&str, &str)> = fixed.chain(ids).collect();
    let answers = format!("{path}/held-deletions");
    browser.submit(&answers, &allow).await.ok();
    let next = with_checkbox().await;
    let is_left = |id: &&String| !first.contains(id);
    assert_eq!(next.iter().take(2).filter(is_left).count(), 2);

    browser
        .submit(&answers, &[("decision", "refuse")])
        .await
        .ok();
    let decisions = console.env.connection().await.decisions;
    assert_eq!(decisions.refused.len(), 502);
}
