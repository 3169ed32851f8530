//! Guards have a way out, which an admin takes with names before their eyes.

use std::collections::BTreeSet;

use domain::{Role, Run, RunFailure};
use jiff::SignedDuration;
use security::{Answer, Browser, PASSWORD, Product};
use serde_json::{Value, json};
use testkit::{TestEnv, advance, code_only, crew_id, person, retire};

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(addresses_dropped_on_purpose_are_named_and_go_once_allowed),
        case(more_lost_addresses_than_a_page_lists_are_all_asked_about),
        case(a_new_person_who_lacks_what_most_lack_is_registered_once_all_was_answered),
        case(a_leaver_goes_while_lost_addresses_wait),
        case(a_permission_that_comes_back_needs_no_answer),
        case(many_leavers_are_named_and_go_once_allowed),
        case(a_deletion_is_promised_for_a_time_only_while_the_nights_sync),
    ]
}

/// Returns a product whose company of five was synced, and then changed in SmartHR, the night after that, and a
/// システム管理者 who confirmed who they are.
async fn after_a_change(change: impl FnOnce(&mut [Value])) -> (Product, Run) {
    let mut crews: Vec<Value> = (0..5).map(person).collect();
    let env = TestEnv::new(20, None).await;
    env.set_crews(&crews).await;
    env.nightly_run().await;
    change(&mut crews);
    env.set_crews(&crews).await;
    let product = Product::of(env);
    let run = next_night(&product).await;
    (product, run)
}

async fn next_night(product: &Product) -> Run {
    advance(SignedDuration::from_hours(24));
    product.env.nightly_run().await
}

async fn administrator(product: &Product) -> Browser<'_> {
    let admin = product
        .sign_in_new("admin", Role::SystemAdministrator)
        .await;
    admin.confirm(PASSWORD).await.ok();
    admin
}

fn lose_addresses(crews: &mut [Value]) {
    for crew in &mut crews[..3] {
        crew["email"] = Value::Null;
    }
}

async fn addresses(product: &Product) -> usize {
    let users = product.env.users().await;
    let synced = users.iter().filter(|user| user.crew_link.is_some());
    synced.filter(|user| user.email.is_some()).count()
}

async fn addresses_dropped_on_purpose_are_named_and_go_once_allowed() {
    let (product, run) = after_a_change(lose_addresses).await;
    assert!(matches!(
        run.failure,
        Some(RunFailure::PermissionLost { .. })
    ));
    assert_eq!(addresses(&product).await, 5);
    let admin = administrator(&product).await;
    product.env.deliver_queued_mails().await;
    let mails = product.env.mail_texts();
    let asks = |mail: &&String| mail.contains("社員0") && mail.contains("社員2");
    assert!(mails.iter().any(|mail| asks(&mail)), "{mails:#?}");

    let path = format!("/settings/smarthr/history/{}", run.run_id);
    let page = admin.get(&path).await;
    page.shows(&["社員0", "社員1", "社員2", "すべて許可する(3名)"]);
    let page = allow_all(&admin, &run).await;
    page.shows(&["許可しました。次回の同期で変更されます。"]);
    assert_eq!(next_night(&product).await.failure, None);
    assert_eq!(addresses(&product).await, 2);
}

async fn more_lost_addresses_than_a_page_lists_are_all_asked_about() {
    const PEOPLE: u32 = 200;
    const LOSE: usize = 110;
    let mut crews: Vec<Value> = (0..PEOPLE).map(person).collect();
    let env = TestEnv::new(PEOPLE + 20, None).await;
    env.set_crews(&crews).await;
    env.nightly_run().await;
    for crew in &mut crews[..LOSE] {
        crew["email"] = Value::Null;
    }
    env.set_crews(&crews).await;
    let product = Product::of(env);
    let mut asked = BTreeSet::new();
    for more in [LOSE - 50, LOSE - 100, 0] {
        let run = next_night(&product).await;
        let held = &run.held_account_changes;
        assert_eq!(run.more_account_changes, more);
        assert!(addresses(&product).await >= PEOPLE as usize - asked.len());
        let admin = product
            .sign_in_new(&format!("admin{more}"), Role::SystemAdministrator)
            .await;
        admin.confirm(PASSWORD).await.ok();
        let path = format!("/settings/smarthr/history/{}", run.run_id);
        let page = admin.get(&path).await;
        let says = format!("ほかに{more}名の変更も保留しています。");
        assert_eq!(page.html().contains(&says), more > 0);
        let ids: Vec<&str> = held.iter().map(|it| it.change.user_id.as_str()).collect();
        let answer = json!({ "user_ids": ids, "decision": "allow" });
        let path = format!("/api/v1/runs/{}/held-account-changes", run.run_id);
        admin.post(&path, answer).await.ok();
        asked.extend(ids.into_iter().map(str::to_owned));
    }
    assert_eq!(asked.len(), LOSE);
    assert_eq!(next_night(&product).await.failure, None);
    assert_eq!(addresses(&product).await, PEOPLE as usize - LOSE);
}

/// Clicks [すべて許可する] on the page of a run.
async fn allow_all(admin: &Browser<'_>, run: &Run) -> Answer {
    let path = format!("/settings/smarthr/history/{}", run.run_id);
    let names = run.held_account_changes.iter();
    let mut fields: Vec<_> = names
        .map(|held| ("user_id", held.change.user_id.as_str()))
        .collect();
    fields.push(("decision", "allow"));
    let path = format!("{path}/held-account-changes");
    admin.submit(&path, &fields).await
}

async fn a_new_person_who_lacks_what_most_lack_is_registered_once_all_was_answered() {
    let mut crews: Vec<Value> = (0..5).map(person).collect();
    let env = TestEnv::new(20, None).await;
    env.set_crews(&crews).await;
    env.nightly_run().await;
    lose_addresses(&mut crews);
    crews.push(code_only(9));
    env.set_crews(&crews).await;
    let product = Product::of(env);
    let run = next_night(&product).await;
    assert_eq!((run.counts.failed, run.counts.registered), (1, 0));
    let admin = administrator(&product).await;
    let page = format!("/settings/smarthr/history/{}", run.run_id);
    let remedy = "すべて回答した後の同期で登録されます";
    admin.get(&page).await.shows(&[remedy]);
    allow_all(&admin, &run).await.ok();
    let run = next_night(&product).await;
    assert_eq!((run.counts.failed, run.failure), (0, None));
    let users = product.env.users().await;
    let new = |user: &&domain::User| {
        let link = user.crew_link.as_ref();
        link.is_some_and(|link| link.crew_id.as_str() == crew_id(9))
    };
    assert!(users.iter().any(|user| new(&user)));
}

async fn a_leaver_goes_while_lost_addresses_wait() {
    let (product, run) = after_a_change(|crews| {
        lose_addresses(crews);
        retire(&mut crews[4..]);
    })
    .await;
    assert_eq!((run.counts.deleted, run.counts.held), (1, 3));
    let users = product.env.users().await;
    let mut links = users.iter().filter_map(|user| user.crew_link.as_ref());
    assert!(links.all(|link| link.crew_id.as_str() != crew_id(4)));
}

async fn a_permission_that_comes_back_needs_no_answer() {
    let (product, _) = after_a_change(lose_addresses).await;
    let crews: Vec<Value> = (0..5).map(person).collect();
    product.env.set_crews(&crews).await;
    let run = next_night(&product).await;
    assert_eq!((run.failure, run.counts.held), (None, 0));
    assert_eq!(addresses(&product).await, 5);
}

/// Returns a company in which six of eight people left in one night, and the run of that night.
async fn after_many_left() -> (Product, Run) {
    let env = TestEnv::new(20, None).await;
    let mut crews: Vec<Value> = (0..8).map(person).collect();
    env.set_crews(&crews).await;
    env.nightly_run().await;
    retire(&mut crews[..6]);
    env.set_crews(&crews).await;
    let product = Product::of(env);
    let run = next_night(&product).await;
    (product, run)
}

async fn many_leavers_are_named_and_go_once_allowed() {
    let (product, run) = after_many_left().await;
    assert_eq!((run.counts.deleted, run.counts.held), (0, 6));
    let admin = administrator(&product).await;
    let path = format!("/settings/smarthr/history/{}", run.run_id);
    admin
        .get(&path)
        .await
        .shows(&["退職による削除を保留しました", "社員0"]);
    let answer = format!("/api/v1/runs/{}/held-deletions", run.run_id);
    admin
        .post(&answer, json!({ "decision": "allow" }))
        .await
        .ok();
    assert_eq!(next_night(&product).await.counts.deleted, 6);
}

async fn a_deletion_is_promised_for_a_time_only_while_the_nights_sync() {
    let (product, run) = after_many_left().await;
    let admin = administrator(&product).await;
    let path = format!(
        "/settings/smarthr/history/{}/held-deletions/confirm",
        run.run_id
    );
    for (enabled, promised) in [
        (
            true,
            "次回の同期(2026/11/25 02:00、または[今すぐ同期])で削除され",
        ),
        (false, "次回の同期で削除され"),
    ] {
        let change = |it: &mut domain::Connection| it.settings.enabled = enabled;
        product.env.change_connection(change).await;
        let page = admin.form(&path, &[("decision", "allow")]).await.ok();
        page.shows(&[promised]);
    }
}
