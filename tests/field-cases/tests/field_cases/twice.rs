//! A request that is repeated within seconds: the second answer says that it succeeded, and has no further effect.

use domain::{BETWEEN_INVITATIONS, Role};
use secrecy::ExposeSecret;
use security::{PASSWORD_FIELDS, Product};
use serde_json::json;
use testkit::{AOZORA_ADMIN, TestEnv, person};

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(reloading_the_page_after_connecting_repeats_nothing),
        case(registering_twice_on_a_slow_line_leads_on),
        case(inviting_somebody_again_twice_sends_one_mail_whose_link_lives),
    ]
}

async fn reloading_the_page_after_connecting_repeats_nothing() {
    let product = Product::of(TestEnv::new(20, None).await);
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    let begun = admin.post("/api/v1/integration/connect", json!({})).await;
    let begun = begun.ok().json();
    let address = begun["authorize_url"].as_str().unwrap().to_owned();
    let back = product.env.log_in_at_smarthr(&address, AOZORA_ADMIN).await;
    let callback = format!("{}?{}", back.path(), back.query().unwrap());
    let done = admin.get(&callback).await;
    for _ in 0..2 {
        let page = admin.follow(&done).await;
        page.shows(&["SmartHRとの連携が完了しました。"]);
    }
    let again = admin.follow(&admin.get(&callback).await).await;
    again.shows(&["SmartHRと連携中です"]);
    again.shows_no(&["連携できませんでした"]);
}

/// Returns a product with a person whom a run invited, and the token of the link.
async fn invited() -> (Product, String) {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1)]).await;
    env.nightly_run().await;
    let user = env.users().await.remove(0);
    let link = env.open_invitation(&user).await;
    (Product::of(env), link.token().expose_secret().to_owned())
}

async fn registering_twice_on_a_slow_line_leads_on() {
    let (product, token) = invited().await;
    let (browser, link) = (product.browser(), format!("/invitations/{token}"));
    for _ in 0..2 {
        let registered = browser.form(&link, &PASSWORD_FIELDS).await;
        assert_eq!(registered.location(), "/welcome");
    }
}

async fn inviting_somebody_again_twice_sends_one_mail_whose_link_lives() {
    let (product, _) = invited().await;
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    product.env.deliver_queued_mails().await;
    testkit::advance(BETWEEN_INVITATIONS);
    let invited = product.env.users().await;
    let invited = invited.iter().find(|user| user.invitation.is_some());
    let user_id = invited.unwrap().user_id.to_string();
    let fields = [("user_ids", user_id.as_str())];
    let page = admin.submit("/users/invitations", &fields).await;
    page.shows(&["招待メールを送信しました"]);
    let page = admin.form("/users/invitations", &fields).await;
    page.shows(&["招待メールは10分以内に送信済みです"]);
    product.env.deliver_queued_mails().await;
    let mails = product.env.mails_with("/invitations/");
    assert_eq!(mails, 2, "the run's and one more");
    let text = product.env.mail_texts().pop().unwrap();
    let (_, token) = text.split_once("/invitations/").unwrap();
    let token = token.split_whitespace().next().unwrap();
    let page = product
        .browser()
        .get(&format!("/invitations/{token}"))
        .await;
    assert_eq!(page.status, 200);
}
