//! 本人確認 at a SAML provider.

use domain::UserId;
use jiff::SignedDuration;
use security::{Browser, Request};
use testkit::saml::SamlMessage;

use super::{ACS, Company, VICTIM, begun};

#[tokio::test]
async fn only_a_new_sign_in_at_a_saml_provider_confirms() {
    let company = Company::new().await;
    let product = &company.product;
    let session = product.env.session_of(&UserId::new("usr_victim")).await;
    let browser = Browser::with_session(product, session);
    testkit::advance(SignedDuration::from_mins(11));
    for (seconds_ago, email, status) in [
        (200, VICTIM, 502),
        (0, "usr-attacker@example.jp", 403),
        (0, VICTIM, 303),
    ] {
        let fields = [("return_to", "/users")];
        let page = browser.form("/account/confirm/single-sign-on", &fields);
        let begun = begun(&page.await);
        assert!(begun.request.contains(r#"ForceAuthn="true""#));
        let message = SamlMessage {
            issued_at: testkit::now() - SignedDuration::from_secs(seconds_ago),
            ..company.message(&begun, email).await
        };
        let response = message.signed_by(&company.provider);
        let posted = company.post(ACS, &response, &begun.relay_state).await;
        let cookies = format!("{}; {}", begun.cookie, browser.session().cookie);
        let back = Request::get(posted.location()).header("cookie", &cookies);
        let answer = product.browser().send(back).await;
        assert_eq!(answer.status, status, "{email}: {}", answer.text);
        if status == 303 {
            assert_eq!(answer.location(), "/users?done=confirmed");
        }
    }
}
