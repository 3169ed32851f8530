//! シングルサインオン(SSO): who signs in at the company's identity provider, and another provider in its place.

use end_to_end::{ADMIN_EMAIL, Person, Story, sign_in_at};
use http_client::Answer;
use identity_provider::IdentityProvider;
use serde_json::json;

const METADATA: &str = include_str!("../../../fuzz/samples/saml_metadata/simplesamlphp.xml");

/// 佐藤 types the address, signs in at the provider and comes back.
async fn sato_signs_in(story: &Story, provider: &IdentityProvider) -> Answer {
    let browser = story.browser();
    let page = browser
        .form("/sso", &[("account", "sato@example.jp")])
        .await;
    sign_in_at(provider, &browser, &page, "sato@example.jp").await
}

#[tokio::test]
async fn who_left_cannot_sign_in_and_saml_takes_the_place_of_openid_connect() {
    let workspace = json!({ "allowed_domains": ["example.jp"] });
    let mut story = Story::connected_with("sso-people", workspace, &[Person::sato()]).await;
    let provider = story.set_up_sso(ADMIN_EMAIL).await;
    story.save(json!({ "login_method": "sso" })).await.ok();
    story.night().await;
    assert_eq!(sato_signs_in(&story, &provider).await.location(), "/");

    story.put_people(&[Person::sato().retired()]).await;
    story.next_night().await;
    let refused = sato_signs_in(&story, &provider).await;
    refused.shows(&["退職などにより削除されています"]);
    assert_eq!(refused.cookie(), "");

    assert_eq!(story.secrets("sso").await.len(), 1);
    let address = "/settings/single-sign-on/saml";
    let saved = story.admin.form(address, &[("metadata", METADATA)]).await;
    assert_eq!(saved.location(), "/settings/single-sign-on?done=sso-saved");
    assert_eq!(
        story.secrets("sso").await,
        [""; 0],
        "nobody needs it any more"
    );
    // The new provider has not passed the connection test.
    let nowhere = story.browser();
    let nowhere = nowhere.form("/sso", &[("account", "sato@example.jp")]);
    assert!(nowhere.await.status.is_client_error());
}
