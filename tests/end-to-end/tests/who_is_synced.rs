//! 同期対象, seats, addresses, leavers: who becomes a user and who stays one.

use end_to_end::{ADMIN_EMAIL, Person, Story, invitation_link};
use serde_json::json;

fn person(id: u32, name: &str) -> Person {
    Person::new(id, name)
        .email(&format!("p{id}@example.jp"))
        .code(&format!("P-{id}"))
}

#[tokio::test]
async fn only_those_chosen_in_smarthr_are_synced_and_the_unchosen_are_kept_as_they_are() {
    let (sato, suzuki) = (person(1, "佐藤"), person(2, "鈴木"));
    let mut story = Story::begin("chosen").await;
    story.put_people(&[sato.clone(), suzuki.clone()]).await;
    story.connect().await;
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
    let people: Vec<Person> = (1..=3).map(|id| person(id, &format!("社員{id}"))).collect();
    // The first システム管理者 has one of the three seats.
    let mut story = Story::connected_with("seats", json!({ "seats": 3 }), &people).await;
    let run = story.night().await;
    assert_eq!(
        run["outcome"], "failure",
        "one failed person makes the run 失敗"
    );
    let [_, result, cause] = story.logged(&run, "社員3").await;
    assert_eq!(result, "失敗");
    assert!(cause.contains("プランのユーザー数を超過"), "{cause}");
    assert_eq!(story.users().await.len(), 3);

    let mut people = people;
    people[0] = people[0].clone().retired();
    story.put_people(&people).await;
    let run = story.next_night().await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(story.logged(&run, "社員3").await[..2], ["招待", "成功"]);
    assert_eq!(story.users().await.len(), 3);
}

#[tokio::test]
async fn two_people_who_swap_addresses_come_out_right() {
    let (one, two) = (person(1, "佐藤"), person(2, "鈴木"));
    let mut story = Story::connected("swap", &[one.clone(), two.clone()]).await;
    story.night().await;
    for mail in story.new_mails().await {
        story.accept(&invitation_link(&mail)).await.ok();
    }
    story
        .put_people(&[one.email("p2@example.jp"), two.email("p1@example.jp")])
        .await;
    let run = story.next_night().await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(story.user("佐藤").await["email"], "p2@example.jp");
    assert_eq!(story.user("鈴木").await["email"], "p1@example.jp");
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
        let [_, result, cause] = story.logged(&run, name).await;
        assert_eq!(result, "失敗", "{name}");
        assert!(cause.contains(reason), "{name}: {cause}");
    }
    assert_eq!(story.user("佐藤").await["status"], "invited");
    assert_eq!(story.users().await.len(), 2);
}

#[tokio::test]
async fn people_added_by_hand_and_people_gone_from_smarthr_are_kept() {
    let (sato, suzuki) = (person(1, "佐藤"), person(2, "鈴木"));
    let mut story = Story::connected("kept", &[sato.clone(), suzuki]).await;
    story.night().await;
    story.put_people(&[sato]).await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "鈴木").await[..2], ["対象外", "成功"]);
    assert_eq!(story.user("鈴木").await["status"], "invited");
    assert_eq!(story.user("管理").await["role"], "system_administrator");
}

#[tokio::test]
async fn a_user_added_by_hand_is_found_by_address_and_the_last_system_administrator_stays() {
    let admin = Person::new(1, "管理")
        .with("first_name", "花子")
        .email(ADMIN_EMAIL)
        .code("K-1");
    let mut story = Story::connected("by-hand", &[admin.clone().retired()]).await;
    let run = story.night().await;
    assert_eq!(run["outcome"], "success");
    let user = story.user("管理").await;
    assert_eq!(
        user["linked"], false,
        "a retired person touches nobody added by hand"
    );

    story.put_people(std::slice::from_ref(&admin)).await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "管理").await[..2], ["更新", "成功"]);
    let user = story.user("管理").await;
    assert_eq!(
        (&user["linked"], &user["employee_code"]),
        (&json!(true), &json!("K-1"))
    );
    assert_eq!(
        user["role"], "system_administrator",
        "the sync never changes a role"
    );
    assert!(story.new_mails().await.is_empty());

    story.put_people(&[admin.retired()]).await;
    let run = story.next_night().await;
    let [action, result, cause] = story.logged(&run, "管理").await;
    assert_eq!((&*action, &*result), ("削除", "失敗"));
    assert!(cause.contains("最後のシステム管理者"), "{cause}");
    assert_eq!(story.users().await.len(), 1);
}

#[tokio::test]
async fn somebody_who_can_still_enter_through_the_parent_company_gets_a_warning_when_removed() {
    let sato = person(1, "佐藤");
    let related = json!({ "related_company_users": ["p1@example.jp"] });
    let sato_alone = std::slice::from_ref(&sato);
    let mut story = Story::connected_with("parent-company", related, sato_alone).await;
    story.night().await;
    story.put_people(&[sato.retired()]).await;
    let run = story.next_night().await;
    let [action, result, cause] = story.logged(&run, "佐藤").await;
    assert_eq!((&*action, &*result), ("削除", "警告"));
    assert!(cause.contains("親会社経由でアクセスできます"), "{cause}");
}

#[tokio::test]
async fn a_mass_of_leavers_waits_for_an_admin_and_everything_else_goes_through() {
    let mut people: Vec<Person> = (1..=8).map(|id| person(id, &format!("社員{id}"))).collect();
    let mut story = Story::connected_with("held", json!({ "seats": 20 }), &people).await;
    story.night().await;
    story.new_mails().await;
    for leaver in &mut people[..6] {
        *leaver = leaver.clone().retired();
    }
    people.push(person(9, "新人"));
    story.put_people(&people).await;
    let run = story.next_night().await;
    assert_eq!(story.users().await.len(), 10, "nobody was removed");
    assert_eq!(story.user("新人").await["status"], "invited");
    assert_eq!(story.logged(&run, "社員1").await[..2], ["削除", "保留"]);

    let run_id = run["run_id"].as_str().unwrap();
    let address = format!("/api/v1/runs/{run_id}/held-deletions");
    let allow = json!({ "decision": "allow" });
    story.admin.post(&address, allow).await.ok();
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "社員1").await[..2], ["削除", "成功"]);
    assert_eq!(story.users().await.len(), 4);
}
