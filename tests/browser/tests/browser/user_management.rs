//! ユーザー管理, with more people than fit on a page.

use std::time::Duration;

use browser::Chrome;
use end_to_end::{Person, Story};
use serde_json::json;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "people";

/// After this time a person may be invited again.
const ELEVEN_MINUTES: Duration = Duration::from_mins(11);

#[tokio::test]
async fn many_people_are_paged_searched_invited_again_and_restored() {
    let mut story = Story::begin_with("browser-people", json!({ "seats": 100 })).await;
    let person = |number| Person::new(number, &format!("社員{number:03}"));
    let mut people: Vec<Person> = (1..60)
        .map(|number| person(number).email(&format!("n{number}@example.jp")))
        .chain([person(60).code("B-060")])
        .collect();
    story.put_people(&people).await;
    story.connect().await;
    let everyone = json!({ "target": "everyone_and_code_only" });
    story.save(everyone).await.ok();
    story.night().await;

    story.time_passes(ELEVEN_MINUTES).await;

    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/users").await;
    assert_eq!(admin.count("tbody tr").await, 50);
    admin.inspect("1-最初のページ").await;
    admin.shows("61名 / 100名").await;
    admin
        .click_first("[aria-label=ページ] li:last-child a")
        .await;
    assert_eq!(admin.count("tbody tr").await, 11);
    admin.inspect("2-次のページ").await;
    admin.click("氏名").await;
    admin.shows("氏名 ▲").await;
    admin.inspect("2-氏名順").await;

    let search = "氏名・メールアドレス・従業員コード";
    admin.fill(search, "社員01").await;
    admin.click("検索").await;
    admin.shows("社員019 太郎").await;
    assert_eq!(admin.count("tbody tr").await, 10);
    admin.tick("社員011 太郎を選択する").await;
    admin.tick("社員012 太郎を選択する").await;
    admin.click("再招待する").await;
    admin.shows("2名を再招待しますか?").await;
    admin.inspect("3-再招待の確認").await;
    admin.click("2名を再招待する").await;
    admin.shows("2名に招待メールを送信しました。").await;
    admin.inspect("3-再招待").await;

    admin.fill(search, "B-060").await;
    admin.click("検索").await;
    admin.click("社員060 太郎").await;
    admin.inspect("4-従業員コードのユーザー").await;
    admin.click("初期パスワードを再発行").await;
    admin.shows("システム管理者にメールで送信しました。").await;

    people[0] = people[0].clone().retired();
    story.put_people(&people).await;
    story.night().await;
    admin.go("/users").await;
    admin.click("削除されたユーザー").await;
    admin.shows("社員001 太郎").await;
    admin.inspect("5-削除されたユーザー").await;
    admin.click("社員001 太郎を復元する").await;
    admin.shows("ユーザーを復元しました。").await;
    admin.inspect("6-復元したユーザー").await;
    // The invitation was not accepted, and its link stopped working with the deletion.
    admin.shows("有効な招待メールがないため").await;
    admin.click("再招待する").await;
    admin.shows("招待メールを送信しました。").await;
    admin.go("/users/deleted").await;
    admin.shows("復元できるユーザーはいません。").await;
    admin.inspect("7-誰もいない").await;
    story.time_passes(ELEVEN_MINUTES).await;

    admin.go("/users").await;
    admin.click_first(".chips a[href*='state=invited']").await;
    admin.shows("絞り込みを解除").await;
    admin
        .click("この画面の招待中のユーザー全員を再招待する")
        .await;
    admin.click("50名を再招待する").await;
    admin.shows("50名に招待メールを送信しました。").await;
}

#[tokio::test]
async fn a_record_created_again_in_smarthr_is_linked_to_its_user_and_a_user_is_deleted() {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected("browser-unlink", &[sato]).await;
    story.night().await;
    // Deleted in SmartHR and created again under another name: the old crew link keeps the address.
    let again = Person::new(2, "斎藤").email("sato@example.jp");
    story.put_people(&[again]).await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["failed"], 1, "{run}");

    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/smarthr/history").await;
    admin.click_first("table.list tbody td a").await;
    admin.shows("別のユーザーが使用しています").await;
    admin.inspect("10-登録し直された従業員の失敗").await;
    admin.go("/users?q=sato").await;
    admin.click("佐藤 太郎").await;
    admin.click("SmartHRとの紐付けを解除").await;
    admin.shows("SmartHRとの紐付けを解除しますか?").await;
    admin.inspect("11-紐付けを解除しますか").await;
    admin.click("紐付けを解除する").await;
    admin.shows("SmartHRとの紐付けを解除しました。").await;
    admin.inspect("12-紐付けを解除した後").await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["failed"], 0, "{run}");

    admin.sign_in_as_admin().await;
    admin.go("/users?q=sato").await;
    admin.click("斎藤 太郎").await;
    admin.shows("SmartHRと連携中のため").await;
    admin.click("ユーザーを削除").await;
    admin
        .shows("次回の同期で新しいユーザーとして追加されます")
        .await;
    admin.inspect("13-ユーザーを削除しますか").await;
    admin.click("削除する").await;
    admin.shows("ユーザーを削除しました。").await;
    admin.shows("斎藤 太郎").await;
    admin.inspect("14-ユーザーを削除した後").await;
}

#[tokio::test]
async fn an_administrator_sees_why_a_role_or_an_address_cannot_be_changed() {
    let story = Story::begin("browser-own-role").await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/users").await;
    admin.click("管理 花子").await;
    admin.shows("自分の役割は変更できません。").await;
    admin.fill("従業員コード", "営業1").await;
    admin.click("保存する").await;
    admin.shows("従業員コードは半角英数字とハイフンで").await;
    admin.inspect("8-入力の誤り").await;
    admin.go("/users/unknown").await;
    admin.shows("存在しません。").await;
    admin.inspect("9-存在しないユーザー").await;
}
