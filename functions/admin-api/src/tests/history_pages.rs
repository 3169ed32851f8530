//! The pages of ユーザー同期履歴 and of previews.

use axum::http::StatusCode;
use domain::{Mode, Run, RunFailure, RunId, RunOutcome, Trigger, UserId, WorkspaceId};
use storage::transaction::{Commit, Step};

use super::console::{administrator, contains, crews, ended, system_administrator};

const HISTORY: &str = "/settings/smarthr/history";

#[tokio::test]
async fn a_night_is_in_the_history_with_mark_counts_chart_and_log() {
    let (console, browser) = administrator().await;
    let empty = browser.get(HISTORY).await;
    contains(empty.html(), &["同期履歴はまだありません。"]);
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    let page = browser.get(HISTORY).await;
    let log = format!("{HISTORY}/{}/log", run.run_id);
    contains(
        page.html(),
        &[
            "class=\"outcome failure\"",
            "</svg>失敗</span>",
            "自動(午前2時)",
            "招待 <b>2</b>",
            "失敗 <b>1</b>",
            "同期ログをダウンロード",
            &log,
            "1夜の合計: 追加2人、変更0人、削除0人、失敗1人",
            "role=\"img\"",
        ],
    );
    assert!(!page.html().contains("http-equiv"), "nothing is under way");
    let log = browser.get(&log).await;
    let (_, csv) = console.downloaded(&log);
    assert!(csv.starts_with("\u{FEFF}従業員コード,".as_bytes()));
}

#[tokio::test]
async fn the_people_of_a_night_are_filtered_searched_and_never_markup() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;
    let path = format!("{HISTORY}/{}", run.run_id);
    let all = browser.get(&path).await;
    contains(
        all.html(),
        &[
            "3人",
            "&#60;b&#62;山田 1郎",
            "従業員メールアドレスの形式が不正",
            "<b>対処:</b>",
        ],
    );
    assert!(!all.html().contains("<b>山田"));
    let failed = browser
        .get(&format!("{path}?outcome=failure&action="))
        .await;
    contains(
        failed.html(),
        &["1人", "nonsense", "value=\"failure\" selected"],
    );
    assert!(!failed.html().contains("y1@example.jp"));
    let invited = browser.get(&format!("{path}?action=invite&q=Y2")).await;
    contains(invited.html(), &["y2@example.jp"]);
    assert!(!invited.html().contains("y1@example.jp"));
    let odd = "?outcome=odd&q=%22%3E%3Cscript%3E&page=x&done=hello&q=%ff";
    let odd = browser.get(&format!("{path}{odd}")).await;
    assert_eq!(odd.status, StatusCode::OK);
    assert!(!odd.html().contains("<script"));
}

#[tokio::test]
async fn success_is_marked_and_a_whole_failure_names_cause_and_remedy() {
    let (console, browser) = administrator().await;
    let mut failed = ended("20261111T170000Z-schedule", RunOutcome::Failure);
    failed.failure = Some(RunFailure::SmartHrMaintenance);
    console.keep(&failed).await;
    let success = ended("20261110T170000Z-schedule", RunOutcome::Success);
    console.keep(&success).await;
    let page = browser.get(HISTORY).await;
    let html = page.html();
    contains(html, &["</svg>成功</span>", "メンテナンス"]);
    let newest = html.find("20261111T170000Z").unwrap();
    assert!(newest < html.find("20261110T170000Z").unwrap());
    let page = browser.get(&format!("{HISTORY}/{}", failed.run_id)).await;
    contains(page.html(), &["<dt>原因</dt>", "<dt>対処</dt>"]);
}

#[tokio::test]
async fn the_history_comes_twenty_runs_at_a_time() {
    let (console, browser) = administrator().await;
    for day in 10..31 {
        let run = ended(
            &format!("202611{day}T170000Z-schedule"),
            RunOutcome::Success,
        );
        console.keep(&run).await;
    }
    let first = browser.get(HISTORY).await;
    assert_eq!(first.html().matches("</svg>成功").count(), 20);
    let next = format!("{HISTORY}?before=20261111T170000Z-schedule");
    contains(first.html(), &[&next, "以前の履歴"]);
    let second = browser.get(&next).await;
    assert_eq!(second.html().matches("</svg>成功").count(), 1);
    contains(second.html(), &["最新の履歴へ"]);
    assert!(!second.html().contains("以前の履歴"));
}

#[tokio::test]
async fn a_run_under_way_shows_how_far_it_is_and_the_page_looks_again() {
    let (console, browser) = administrator().await;
    let answer = browser.form("/settings/smarthr/runs", &[]).await;
    let path = answer.location().to_owned();
    let waiting = browser.get(&path).await;
    contains(
        waiting.html(),
        &[
            "開始を待っています",
            "data-live",
            "<noscript><meta http-equiv=\"refresh\"",
        ],
    );
    let run_id = path.rsplit('/').next().unwrap().split('?').next().unwrap();
    let unknown = browser.get(&format!("/api/v1/runs/{run_id}")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.problem(), "not_begun");
    let night = RunId::new("20261124T170000Z-schedule");
    let store = &console.env.store;
    let held = store
        .acquire_lease(console.id(), &night, 0, testkit::now())
        .await;
    held.unwrap();
    let waiting = browser.get(&path).await;
    contains(
        waiting.html(),
        &[
            "ほかの同期を実行中のため",
            "/history/20261124T170000Z-schedule",
        ],
    );
    let run = Run {
        finished_at: None,
        ..ended(run_id, RunOutcome::Running)
    };
    console.keep(&run).await;
    for page in [&path, HISTORY] {
        let page = browser.get(page).await;
        contains(
            page.html(),
            &["</svg>実行中</span>", "http-equiv=\"refresh\""],
        );
        assert!(!page.html().contains("成功"), "it has not ended");
    }
}

#[tokio::test]
async fn a_night_under_way_shows_how_many_of_how_many_people_are_done_on_every_page() {
    let (console, browser) = administrator().await;
    let run = Run {
        finished_at: None,
        ..ended("20261124T170000Z-schedule", RunOutcome::Running)
    };
    console.keep(&run).await;
    let (store, now) = (&console.env.store, testkit::now());
    let taken = store.acquire_lease(console.id(), &run.run_id, 0, now).await;
    let lease = taken.unwrap().unwrap().lease;
    let step = Step {
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
        contains(page.html(), &["50 / 124人", "data-live", "/assets/live.js"]);
    }
    // A page with a form does not reload itself while an admin fills it in.
    let settings = browser.get("/settings/smarthr").await;
    contains(settings.html(), &["50 / 124人"]);
    for live in ["/assets/live.js", "data-live"] {
        assert!(!settings.html().contains(live), "{live}");
    }
}

#[tokio::test]
async fn held_deletions_are_shown_with_the_people_and_answered_by_a_button() {
    let (console, browser) = administrator().await;
    let mut run = ended("20261111T170000Z-schedule", RunOutcome::Success);
    run.held = vec![UserId::new("a"), UserId::new("b")];
    console.keep(&run).await;
    let path = format!("{HISTORY}/{}", run.run_id);
    let page = browser.get(&path).await;
    contains(
        page.html(),
        &[
            "退職による削除を保留しました",
            ">許可する</button>",
            ">拒否する</button>",
        ],
    );
    contains(
        browser.get(HISTORY).await.html(),
        &["退職による削除を保留しました(2人)"],
    );
    contains(
        browser.get("/settings/smarthr").await.html(),
        &["退職による削除を保留しました"],
    );
    let answer = browser
        .form(&format!("{path}/held-deletions"), &[("decision", "allow")])
        .await;
    let page = browser.get(answer.location()).await;
    contains(
        page.html(),
        &["削除を許可しました。次回の同期で削除されます。"],
    );
    assert!(!page.html().contains("許可する</button>"));
    let link = console.env.store.connection(console.id()).await;
    assert_eq!(link.unwrap().unwrap().decisions.allowed.len(), 2);
    let answer = browser
        .form(&format!("{path}/held-deletions"), &[("decision", "refuse")])
        .await;
    let page = browser
        .get(answer.location().split('?').next().unwrap())
        .await;
    contains(page.html(), &["拒否しました。ユーザーは削除されません。"]);
    assert!(
        !page.html().contains("今すぐ同期"),
        "nothing would come of it"
    );
    let newer = ended("20261112T170000Z-schedule", RunOutcome::Success);
    console.keep(&newer).await;
    let page = browser.get(&path).await;
    contains(page.html(), &["これより新しい同期があります。"]);
    assert!(!page.html().contains("する</button>"));
}

#[tokio::test]
async fn a_preview_is_waited_for_and_then_shows_who_would_be_what_and_why() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let answer = browser.form("/settings/smarthr/previews", &[]).await;
    let path = answer.location().to_owned();
    let waiting = browser.get(&path).await;
    assert_eq!(waiting.status, StatusCode::OK);
    contains(
        waiting.html(),
        &["プレビューを作成しています", "http-equiv=\"refresh\""],
    );
    let (_, message) = console.env.services.take_message().unwrap();
    let message = serde_json::from_str(&message).unwrap();
    console.env.run(&message).await.unwrap();
    let page = browser.get(&path).await;
    contains(
        page.html(),
        &[
            "まだ何も変更されていません",
            "招待 <b>2</b>",
            "失敗 <b>1</b>",
            "y1@example.jp",
            "従業員メールアドレスの形式が不正",
        ],
    );
    assert!(!page.html().contains("http-equiv"));
    let path = path.split('?').next().unwrap();
    let failed = browser.get(&format!("{path}?outcome=failure")).await;
    assert!(!failed.html().contains("y1@example.jp"));
}

#[tokio::test]
async fn runs_of_another_workspace_are_not_found() {
    let (console, browser) = system_administrator().await;
    let other = WorkspaceId::new("ws_other");
    let store = &console.env.store;
    let keep = async |run: &Run| store.begin_run(&other, run, testkit::now()).await.unwrap();
    let run_id = domain::run_id(testkit::now(), Trigger::Manual);
    let run = ended(run_id.as_str(), RunOutcome::Success);
    keep(&run).await;
    let preview = Run {
        mode: Mode::Preview,
        ..run
    };
    keep(&preview).await;
    for path in [
        format!("{HISTORY}/{run_id}"),
        format!("{HISTORY}/{run_id}/log"),
        format!("/settings/smarthr/previews/{run_id}"),
        format!("{HISTORY}/unknown?asked=1"),
        format!("{HISTORY}/%ff"),
    ] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.html();
    }
    let answer = browser
        .form(
            &format!("{HISTORY}/{run_id}/held-deletions"),
            &[("decision", "allow")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_is_started_twice_or_without_a_link() {
    let (_console, browser) = administrator().await;
    browser.form("/settings/smarthr/disconnect", &[]).await;
    for path in ["/settings/smarthr/runs", "/settings/smarthr/previews"] {
        let answer = browser.form(path, &[]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        contains(
            answer.html(),
            &["role=\"alert\">SmartHRと連携されていません。"],
        );
    }
}
