//! Invitation links in the wrong hands, or at the wrong time.

use credentials::{MailedLink, Random};
use domain::{UserId, WorkspaceId};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use security::{Actor, Answer, PASSWORD_FIELDS, Places, Product};
use serde_json::json;

async fn accept(product: &Product, token: &str) -> Answer {
    let link = format!("/invitations/{token}");
    product.browser().form(&link, &PASSWORD_FIELDS).await
}

async fn open(product: &Product, token: &str) -> Answer {
    let link = format!("/invitations/{token}");
    product.browser().get(&link).await
}

#[tokio::test]
async fn a_guessed_link_is_answered_like_a_used_one_whatever_user_it_names() {
    let (product, places) = Places::set_up().await;
    let spent = &places.tokens[0];
    assert_eq!(accept(&product, spent).await.status, 303);
    let dead = open(&product, spent).await;
    assert_eq!(dead.status, 410);

    let workspace = WorkspaceId::new("ws_test");
    let user = places.invited[1].user_id.clone();
    let elsewhere = WorkspaceId::new("ws_other");
    let nobody = UserId::new("usr_00000000000000000000000000000000");
    let random = Random::seeded(1);
    for (workspace_id, user_id) in [
        (&workspace, &user),
        (&workspace, &nobody),
        (&elsewhere, &user),
    ] {
        let guess = MailedLink {
            workspace_id: workspace_id.clone(),
            user_id: user_id.clone(),
            secret: random.token(),
        };
        let token = guess.token().expose_secret().to_owned();
        for answer in [open(&product, &token).await, accept(&product, &token).await] {
            assert_eq!(answer.status, 410);
            assert_eq!(answer.text, dead.text);
        }
    }
    // The secret of one link does not open another one's.
    let parts: Vec<&str> = places.tokens[1].split('.').collect();
    let other: Vec<&str> = places.tokens[2].split('.').collect();
    let swapped = format!("{}.{}.{}", parts[0], parts[1], other[2]);
    assert_eq!(accept(&product, &swapped).await.text, dead.text);
}

#[tokio::test]
async fn the_link_of_somebody_who_retired_is_dead_and_stays_dead_when_they_are_restored() {
    let (product, places) = Places::set_up().await;
    let retired = &places.invited[0];
    product.retire(retired).await;
    testkit::advance(SignedDuration::from_hours(24));
    product.env.nightly_run().await;

    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let dead = accept(&product, &places.tokens[0]).await;
    assert_eq!(dead.status, 410);
    assert!(!dead.text.contains(&retired.name));
    let restore = format!("/api/v1/deleted-users/{}/restore", retired.user_id);
    admin.post(&restore, json!({})).await.ok();
    assert_eq!(accept(&product, &places.tokens[0]).await.status, 410);
}

#[tokio::test]
async fn the_page_of_a_link_tells_nobody_about_it() {
    let (product, places) = Places::set_up().await;
    let token = &places.tokens[0];
    let mut page = open(&product, token).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    page.shows(&["noindex"]);
    // The name of the format of the icon, which nobody opens.
    page.text = page.text.replacen("http://www.w3.org/2000/svg", "", 1);
    page.shows_no(&["http:", "https:", "src=\"//", "href=\"//", "url(", token]);
}
