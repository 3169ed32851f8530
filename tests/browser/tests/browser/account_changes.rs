//! Changes of admins' accounts that wait for a システム管理者, as the admins see them.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, Person, Story};
use local::Mail;

const RUN: &str = "管理者のログイン情報の変更を保留しました(1名)";

fn about<'a>(mails: &'a [Mail], subject: &str) -> &'a Mail {
    let found = mails.iter().find(|mail| mail.subject.contains(subject));
    found.unwrap_or_else(|| panic!("{subject}: {mails:#?}"))
}

async fn reads(admin: &Chrome, picture: &str, mail: &Mail, words: &str) {
    admin.open_mail(&mail.html).await;
    admin.shows(words).await;
    admin.inspect(picture).await;
    assert!(mail.text.contains(words), "{}", mail.text);
}

#[tokio::test]
async fn an_admins_new_address_waits_for_a_system_administrator_who_allows_it_by_name() {
    let boss = Person::new(1, "佐藤").email(ADMIN_EMAIL);
    let mut story = Story::connected("browser-account-changes", &[boss]).await;
    let admin = Chrome::open(&story, "account-changes").await;
    let run = story.night().await;
    assert_eq!(run["counts"]["held"], 1, "{run}");
    let mails = story.stack.mails().await.unwrap();
    let connected = about(&mails, "SmartHRと連携しました");
    reads(&admin, "1-連携のメール", connected, "連携先").await;
    let mails = story.new_mails().await;
    let asked = about(&mails, "管理者のログイン情報の変更を保留しました");
    reads(
        &admin,
        "2-保留のメール",
        asked,
        "SmartHRとの紐付け: なし → 佐藤 太郎",
    )
    .await;

    admin.sign_in_as_admin().await;
    admin.go("/settings/smarthr").await;
    admin
        .shows("ログイン情報の変更を保留しています(1名)。")
        .await;
    admin.inspect("3-お知らせ").await;
    admin.go("/settings/smarthr/history").await;
    admin.click(RUN).await;
    admin.shows("SmartHRとの紐付け").await;
    admin.inspect("4-保留された変更").await;
    admin.click("許可する").await;
    admin
        .shows("変更を許可しました。次回の同期で変更されます。")
        .await;
    admin.inspect("5-許可した後").await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["updated"], 1, "{run}");

    let moved = Person::new(1, "佐藤").email("new@example.jp");
    story.put_people(&[moved]).await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["held"], 1, "{run}");
    admin.sign_in_as_admin().await;
    admin.go("/settings/smarthr/history").await;
    admin.click(RUN).await;
    admin.shows("new@example.jp").await;
    admin.click("拒否する").await;
    admin
        .shows("変更を拒否しました。ログイン情報は変更されません。")
        .await;
    admin.inspect("6-拒否した後").await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["unchanged"], 1, "{run}");
    admin.sign_in_as_admin().await;
    admin.go("/users").await;
    admin.shows(ADMIN_EMAIL).await;
    admin.does_not_show("new@example.jp").await;
}
