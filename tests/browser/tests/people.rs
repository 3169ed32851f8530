//! ユーザー管理, with more people than fit on a page.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Person, Story};
use serde_json::json;

#[tokio::test]
async fn many_people_are_paged_searched_invited_again_and_restored() {
    let mut story = Story::begin_with("browser-people", json!({ "seats": 100 })).await;
    let people: Vec<Person> = (1..=60)
        .map(|number| {
            let person = Person::new(number, &format!("社員{number:03}"));
            match number {
                60 => person.code("B-060"),
                _ => person.email(&format!("n{number}@example.jp")),
            }
        })
        .collect();
    story.people(&people).await;
    story.link().await;
    story
        .save(json!({ "target": "everyone_and_code_only" }))
        .await
        .ok();
    story.night().await;

    let admin = Chrome::open("people", story.stack.base_url()).await;
    admin.go("/sign-in").await;
    admin.fill("メールアドレス", ADMIN_EMAIL).await;
    admin.fill("パスワード", ADMIN_PASSWORD).await;
    admin.click("ログイン").await;
    admin.says("ログインしました").await;
    admin.go("/users").await;
    assert_eq!(admin.count("tbody tr").await, 50);
    admin.look("1-最初のページ").await;
    admin.click("次のページ").await;
    admin.says("最初のページ").await;
    assert_eq!(admin.count("tbody tr").await, 11);
    admin.look("2-次のページ").await;

    admin
        .fill("氏名・メールアドレス・従業員コード", "社員01")
        .await;
    admin.click("検索").await;
    admin.says("社員019 太郎").await;
    assert_eq!(admin.count("tbody tr").await, 10);
    admin.tick("社員011 太郎を再招待の対象にする").await;
    admin.tick("社員012 太郎を再招待の対象にする").await;
    admin.click("再招待する").await;
    admin.says("2人に招待メールを送信しました。").await;
    admin.look("3-再招待").await;

    admin
        .fill("氏名・メールアドレス・従業員コード", "B-060")
        .await;
    admin.click("検索").await;
    admin.click("社員060 太郎").await;
    admin.look("4-従業員コードのユーザー").await;
    admin.click("初期パスワードを再発行").await;
    admin.says("システム管理者にメールで送信しました。").await;

    let mut fewer = people.clone();
    fewer[0] = fewer[0].clone().retired();
    story.people(&fewer).await;
    story.night().await;
    admin.go("/users").await;
    admin.click("削除されたユーザー").await;
    admin.says("社員001 太郎").await;
    admin.look("5-削除されたユーザー").await;
    admin.click("社員001 太郎を復元する").await;
    admin.says("ユーザーを復元しました。").await;
    admin.look("6-復元したユーザー").await;
    admin.go("/users/deleted").await;
    admin.says("復元できるユーザーはいません。").await;
    admin.look("7-誰もいない").await;
}

#[tokio::test]
async fn an_administrator_sees_why_a_role_or_an_address_cannot_be_changed() {
    let story = Story::begin("browser-own-role").await;
    let admin = Chrome::open("people", story.stack.base_url()).await;
    admin.go("/sign-in").await;
    admin.fill("メールアドレス", ADMIN_EMAIL).await;
    admin.fill("パスワード", ADMIN_PASSWORD).await;
    admin.click("ログイン").await;
    admin.says("ログインしました").await;
    admin.go("/users").await;
    admin.click("管理 花子").await;
    admin.says("自分の役割は変更できません。").await;
    admin.fill("従業員コード", "営業1").await;
    admin.click("保存する").await;
    admin.says("従業員コードは半角英数字とハイフンで").await;
    admin.look("8-入力の誤り").await;
    admin.go("/users/unknown").await;
    admin.says("存在しません。").await;
    admin.look("9-存在しないユーザー").await;
}
