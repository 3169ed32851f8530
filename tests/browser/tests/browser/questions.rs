//! The questions with which an admin who never saw the console comes to it.

use browser::Chrome;
use end_to_end::{Person, Story};

/// The folder of the screenshots.
const SCREENSHOTS: &str = "questions";

#[tokio::test]
async fn five_questions_of_an_admin_are_answered_by_one_screen_each() {
    let person = |number: u32| {
        Person::new(number, &format!("社員{number:02}")).email(&format!("n{number}@example.jp"))
    };
    let mut people: Vec<Person> = (1..=9).map(person).collect();
    people.push(Person::new(10, "誤記").email("n10(at)example.jp"));
    let mut story = Story::connected("browser-questions", &people).await;
    story.night().await;
    let retired = people[..6].iter().cloned().map(Person::retired);
    let now: Vec<Person> = retired.chain(people[6..].iter().cloned()).collect();
    story.put_people(&now).await;
    story.next_night().await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;

    // Did last night work? When is the next sync? Who is waiting for my answer?
    admin.shows("前回の同期 失敗").await;
    admin.shows("02:00(日本時間)").await;
    admin.shows("退職による削除を保留しています(6名)。").await;
    admin.inspect("1-ホーム").await;

    // Who could not be synced, why, and what do I do?
    admin.click("原因と対処を確認する").await;
    admin.shows("誤記 太郎").await;
    admin.shows("従業員メールアドレスの形式が不正です").await;
    let remedy = "SmartHRで従業員のメールアドレスを修正してください";
    admin.shows(remedy).await;
    admin.inspect("2-同期できていない方").await;

    // Who has not come in yet?
    admin.click("ユーザー管理").await;
    admin.click("未ログイン 9").await;
    admin.shows("9名を表示しています。").await;
    admin.shows("社員01 太郎").await;
    admin.inspect("3-未ログイン").await;
}
