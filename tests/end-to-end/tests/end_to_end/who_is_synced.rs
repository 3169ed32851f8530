//! 同期対象, seats, addresses, leavers: who becomes a user and who stays one.

use end_to_end::{Person, Story};
use serde_json::json;

fn person(id: u32, name: &str) -> Person {
    Person::new(id, name)
        .email(&format!("p{id}@example.jp"))
        .code(&format!("P-{id}"))
}

#[tokio::test]
async fn only_those_chosen_in_smarthr_are_synced_and_the_unchosen_are_kept_as_they_are() {
    let (sato, suzuki) = (person(1, "佐藤"), person(2, "鈴木"));
    let mut story = Story::connected("chosen", &[sato.clone(), suzuki]).await;
    story.save(json!({ "target": "chosen" })).await.ok();
    story.choose(&sato, "連携対象", "連携する").await;
    story.night().await;
    assert_eq!(story.user("佐藤").await["status"], "invited");
    assert!(story.user("鈴木").await.is_null(), "unset means 連携しない");

    story.choose(&sato, "連携対象", "連携しない").await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["対象外", "成功"]);
    assert_eq!(story.user("佐藤").await["status"], "invited", "kept");
}

#[tokio::test]
async fn the_plans_seats_are_never_exceeded_and_leavers_free_theirs_first() {
    let mut people = [person(1, "社員1"), person(2, "社員2"), person(3, "社員3")];
    // The first システム管理者 has one of the three seats.
    let mut story = Story::connected_with("seats", json!({ "seats": 3 }), &people).await;
    let run = story.night().await;
    let outcome = &run["outcome"];
    assert_eq!(outcome, "failure", "one failed person makes the run 失敗");
    let cause = story.failed(&run, "社員3").await;
    assert!(cause.contains("プランのユーザー数を超過"), "{cause}");
    assert_eq!(story.users().await.len(), 3);

    people[0] = person(1, "社員1").retired();
    story.put_people(&people).await;
    let run = story.next_night().await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(story.logged(&run, "社員3").await[..2], ["招待", "成功"]);
    assert_eq!(story.users().await.len(), 3);
}

#[tokio::test]
async fn each_failing_person_is_in_the_log_with_a_reason_and_the_others_go_on() {
    let people = [
        person(1, "佐藤"),
        person(2, "形式").with("email", "not an address"),
        person(3, "外部").email("x@elsewhere.example"),
        person(4, "全角").code("Ｐ４"),
        person(5, "重複一").email("same@example.jp"),
        person(6, "重複二").email("SAME@example.jp"),
    ];
    let domains = json!({ "allowed_domains": ["example.jp"] });
    let mut story = Story::connected_with("failures", domains, &people).await;
    let run = story.night().await;
    assert_eq!(run["outcome"], "failure");
    for (name, reason) in [
        ("形式", "従業員メールアドレスの形式が不正"),
        ("外部", "ドメインがKiteRaの設定で許可されていません"),
        ("全角", "半角英数字・ハイフン以外の文字が含まれている"),
        ("重複一", "重複二"),
        ("重複二", "重複一"),
    ] {
        let cause = story.failed(&run, name).await;
        assert!(cause.contains(reason), "{name}: {cause}");
    }
    assert_eq!(story.user("佐藤").await["status"], "invited");
    assert_eq!(story.users().await.len(), 2);
}

#[tokio::test]
async fn somebody_who_can_still_enter_through_the_parent_company_gets_a_warning_when_removed() {
    let related = json!({ "related_company_users": ["sato@example.jp"] });
    let mut story = Story::connected_with("parent-company", related, &[Person::sato()]).await;
    story.night().await;
    story.put_people(&[Person::sato().retired()]).await;
    let run = story.next_night().await;
    let [action, result, cause] = story.logged(&run, "佐藤").await;
    assert_eq!((&*action, &*result), ("削除", "警告"));
    assert!(cause.contains("親会社経由でアクセスできます"), "{cause}");
}
