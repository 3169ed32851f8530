//! What browsers say about our forms, and what they do with them.

use domain::Role;
use security::{ACTOR_EMAIL, Actor, PASSWORD, Product, Request};
use testkit::TestEnv;

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(pages_let_a_browser_name_their_origin),
        case(a_browser_that_sends_an_origin_only_signs_in),
        case(a_form_without_an_origin_is_refused),
        case(a_foreign_origin_is_refused_whatever_else_is_said),
        case(a_click_on_connect_leads_wherever_smarthr_redirects),
    ]
}

async fn product() -> Product {
    let product = Product::of(TestEnv::new(20, None).await);
    product.add_user("usr_actor", Role::Administrator).await;
    product
}

/// Returns the status of a sign-in whose form has these headers.
async fn sign_in(headers: &[(&str, &str)]) -> u16 {
    let fields = [("email", ACTOR_EMAIL), ("password", PASSWORD)];
    let mut form = Request::post("/sign-in").form(&fields);
    for (name, value) in headers {
        form = form.header(name, value);
    }
    let product = product().await;
    product.browser().send(form).await.status.as_u16()
}

async fn pages_let_a_browser_name_their_origin() {
    let product = product().await;
    for path in ["/sign-in", "/forgot-password"] {
        let page = product.browser().get(path).await;
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    }
}

async fn a_browser_that_sends_an_origin_only_signs_in() {
    assert_eq!(sign_in(&[("origin", "http://localhost")]).await, 303);
}

async fn a_form_without_an_origin_is_refused() {
    assert_eq!(sign_in(&[("origin", "null")]).await, 403);
}

async fn a_foreign_origin_is_refused_whatever_else_is_said() {
    let claimed = ("sec-fetch-site", "same-origin");
    assert_eq!(
        sign_in(&[("origin", "https://evil.example"), claimed]).await,
        403
    );
}

/// Companies with an identity provider are led there before SmartHR shows its first page. Browsers apply the policy of
/// the page with the form to all redirects of its answer, and to none of a page that was shown in between.
async fn a_click_on_connect_leads_wherever_smarthr_redirects() {
    let product = Product::of(TestEnv::new(20, None).await);
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let answer = admin.form("/settings/smarthr/connect", &[]).await;
    assert_eq!(
        answer.status, 200,
        "a redirect of the form would be stopped"
    );
    answer.shows(&["http-equiv=\"refresh\"", "/oauth/authorization?"]);
}
