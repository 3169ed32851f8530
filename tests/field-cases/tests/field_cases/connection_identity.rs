//! The company behind the connection changes its name, its address or its account.

use domain::TenantId;
use domain::report::{Action, Outcome};
use domain::{EmailAddress, Role};
use jiff::SignedDuration;
use security::Product;
use testkit::{TestEnv, advance, person};

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![case(
        users_of_the_former_account_who_are_not_matched_are_warned_about,
    )]
}

async fn users_of_the_former_account_who_are_not_matched_are_warned_about() {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1), person(2)]).await;
    env.nightly_run().await;
    // Another account, where the first of them is known under another id, and the second is not.
    for user in env.users().await {
        let link = user.crew_link.clone().unwrap();
        env.change_user(user.user_id.as_str(), |user| {
            user.crew_link = Some(domain::CrewLink {
                tenant_id: TenantId::new("22222222-2222-4222-8222-222222222222"),
                ..link
            });
        })
        .await;
    }
    let mut moved = person(11);
    moved["email"] = person(1)["email"].clone();
    moved["emp_code"] = person(1)["emp_code"].clone();
    env.set_crews(&[moved]).await;
    advance(SignedDuration::from_hours(24));
    let run = env.nightly_run().await;
    assert_eq!(run.counts.out_of_scope, 1);
    let product = Product::of(env);
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    let people = format!("/api/v1/runs/{}/people", run.run_id);
    let people = admin.get(&people).await.ok().json();
    let rows = people["people"].as_array().unwrap();
    let left: Vec<_> = rows
        .iter()
        .filter(|row| row["action"] == Action::OutOfScope.label())
        .collect();
    assert_eq!(left.len(), 1, "{people}");
    assert_eq!(left[0]["outcome"], Outcome::Warning.label());
    let address = EmailAddress::parse("p2@example.jp").unwrap();
    assert_eq!(left[0]["email"], address.as_str());
}
