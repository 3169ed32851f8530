//! Runs as an admin sees them: a preview with old → new, a run in progress, held deletions, and the days of the
//! history.

use browser::Chrome;
use end_to_end::{Person, Story};
use serde_json::{Value, json};

/// The folder of the screenshots.
const SCREENSHOTS: &str = "runs";
const HISTORY: &str = "/settings/smarthr/history";

fn person(number: u32) -> Person {
    Person::new(number, &format!("社員{number:02}")).email(&format!("n{number}@example.jp"))
}

#[tokio::test]
async fn a_preview_shows_the_changes_of_each_person_and_is_filtered() {
    let mut people: Vec<Person> = (1..=4).map(person).collect();
    let mut story = Story::connected("browser-preview", &people).await;
    story.night().await;
    people[0] = Person::new(1, "改姓").email("n1@example.jp");
    people[1] = people[1].clone().retired();
    people.push(person(5));
    people.push(Person::new(6, "誤記").email("n6(at)example.jp"));
    story.put_people(&people).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr").await;
    admin.click("プレビュー").await;
    admin.shows("まだ何も変更されていません。").await;
    for shown in [
        "再招待 1",
        "招待 1",
        "削除 1",
        "失敗 1",
        "変更なし 2",
        "社員01 太郎 → 改姓 太郎",
    ] {
        admin.shows(shown).await;
    }
    admin.does_not_show("成功").await;
    admin.inspect("1-プレビュー").await;
    admin.shows("この内容で同期する").await;
    admin.click("失敗 1").await;
    admin.shows("1名").await;
    admin.shows("誤記 太郎").await;
    admin.does_not_show("改姓 太郎").await;
    admin.inspect("2-プレビューの絞り込み").await;
    admin.go("/users").await;
    admin.shows("社員02 太郎").await;
    admin.does_not_show("改姓 太郎").await;
}

#[tokio::test]
async fn who_is_not_synced_is_listed_with_cause_remedy_and_first_night() {
    let mut people: Vec<Person> = (1..=2).map(person).collect();
    people.push(Person::new(3, "誤記").email("n3(at)example.jp"));
    let mut story = Story::connected("browser-failures", &people).await;
    story.night().await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/").await;
    admin.shows("同期できていない方がいます(1名)。").await;
    admin.inspect("0-ホーム").await;
    admin.click("原因と対処を確認する").await;
    admin.shows("誤記 太郎").await;
    admin
        .shows("SmartHRで従業員のメールアドレスを修正してください")
        .await;
    admin.inspect("0-同期できていない方").await;
    people[2] = Person::new(3, "誤記").email("n3@example.jp");
    story.put_people(&people).await;
    story.next_night().await;
    admin.sign_in_as_admin().await;
    admin.go("/settings/smarthr/failures").await;
    admin.shows("同期できていない方はいません。").await;
}

#[tokio::test]
async fn a_run_in_progress_is_shown_live_until_it_is_over() {
    let story = Story::connected("browser-live", &[person(1)]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    let watcher = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    let slow = json!({ "path": "/api/v1/crews", "delay_ms": 10000, "count": 1 });
    story.at_smarthr("POST", "faults", slow).await;
    admin.go("/settings/smarthr").await;
    admin.click("今すぐ同期").await;
    admin.click("同期を開始する").await;
    admin.shows("実行中").await;
    admin.shows("SmartHRの従業員情報を読み込んでいます。").await;
    admin.inspect("3-実行中").await;
    watcher.go(HISTORY).await;
    watcher.shows("実行中").await;
    watcher.inspect("4-履歴の実行中").await;
    // Both pages update themselves.
    admin.shows("招待 1").await;
    watcher.shows("招待 1").await;
    watcher.does_not_show("実行中").await;
    admin.inspect("5-完了").await;
}

#[tokio::test]
async fn held_deletions_are_allowed_or_refused_by_name_and_the_days_are_shown() {
    let people: Vec<Person> = (1..=9).map(person).collect();
    let mut story = Story::connected("browser-held", &people).await;
    story.night().await;
    story.next_night().await;
    let retired = people[..6].iter().cloned().map(Person::retired);
    let now: Vec<Person> = retired.chain(people[6..].iter().cloned()).collect();
    story.put_people(&now).await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["held"], 6, "{run}");

    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr").await;
    admin.shows("退職による削除を保留しています(6名)。").await;
    admin.inspect("6-保留のお知らせ").await;
    admin.go(HISTORY).await;
    admin.click("退職による削除を保留しました(6名)").await;
    admin.shows("社員01 太郎").await;
    admin.inspect("7-保留された削除").await;
    admin.click("拒否する").await;
    admin.shows("6名の削除を拒否しますか?").await;
    admin.click("削除を拒否する").await;
    admin
        .shows("削除を拒否しました。ユーザーは削除されません。")
        .await;
    admin.inspect("8-拒否した後").await;
    admin.click("許可する").await;
    admin.shows("6名の削除を許可しますか?").await;
    admin.inspect("8a-削除の確認").await;
    admin.click("削除を許可する").await;
    admin
        .shows("許可しました。次回の同期で削除されます。")
        .await;
    admin.inspect("9-許可した後").await;
    admin.click("今すぐ同期").await;
    admin.click("同期を開始する").await;
    admin.shows("削除 6").await;
    admin.inspect("10-削除した後").await;
    story.next_night().await;

    admin.sign_in_as_admin().await;
    admin.go(HISTORY).await;
    admin.shows("4日間のうち、失敗した日は0日です。").await;
    admin.click("日ごとの人数を表示").await;
    admin.inspect("11-日ごとの人数").await;
    let runs: Value = story.admin.get("/api/v1/runs").await.json();
    assert_eq!(runs["runs"].as_array().unwrap().len(), 5, "{runs}");
}
