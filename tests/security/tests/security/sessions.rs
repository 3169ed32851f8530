//! Sessions: how they begin, and everything that ends them.

mod confirmation;

use domain::{Connection, LoginMethodSetting, Role, User};
use jiff::SignedDuration;
use security::{
    ACTOR_EMAIL, Actor, Browser, NEW_PASSWORD, PASSWORD_FIELDS, Places, Product, Request, routes,
    send_sample, sign_in_body,
};
use serde_json::json;
use testkit::http::Session;

async fn is_alive(browser: &Browser<'_>) -> bool {
    let status = browser.get("/api/v1/session").await.status;
    assert!(status == 200 || status == 401, "{status}");
    status == 200
}

/// Returns the browser of somebody from SmartHR who accepted their invitation.
async fn employee<'a>(product: &'a Product, token: &str) -> Browser<'a> {
    let browser = product.browser();
    let link = format!("/invitations/{token}");
    browser.form(&link, &PASSWORD_FIELDS).await.location();
    browser
}

#[tokio::test]
async fn every_cookie_is_http_only_secure_same_site_and_for_this_host() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let mut seen = 0;
    for route in routes(&product).await {
        let person = &places.invited[0];
        let answer = send_sample(&admin, &route, &places.path(&route, 1), person).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let name = cookie.split('=').next().unwrap();
            assert!(
                ["__Host-session", "__Host-known-browser"].contains(&name),
                "{cookie}"
            );
            for attribute in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"] {
                assert!(cookie.contains(attribute), "{route:?}: {cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            seen += 1;
        }
    }
    assert!(seen > 3, "{seen} cookies");
}

#[tokio::test]
async fn a_session_that_somebody_foisted_upon_a_browser_is_not_the_one_that_signs_in() {
    let (product, _) = Places::set_up().await;
    let attacker = product.browser_of(Actor::Member).await;
    product.add_user("usr_victim", Role::Administrator).await;
    let victim = attacker.clone();
    let body = sign_in_body("usr-victim@example.jp");
    victim.post("/api/v1/sign-in", body.clone()).await.ok();
    assert_ne!(victim.session().cookie, attacker.session().cookie);
    assert_ne!(victim.session().csrf, attacker.session().csrf);
    assert!(!is_alive(&attacker).await);

    let made_up = Session {
        cookie: "__Host-session=chosen-by-an-attacker".into(),
        ..Session::default()
    };
    let attacker = Browser::with_session(&product, made_up.clone());
    let victim = attacker.clone();
    victim.post("/api/v1/sign-in", body).await.ok();
    assert_ne!(victim.session().cookie, made_up.cookie);
    assert!(!is_alive(&attacker).await);
}

#[tokio::test]
async fn a_session_that_is_used_all_day_ends_after_twelve_hours() {
    let (product, _) = Places::set_up().await;
    let session = product.browser_of(Actor::Member).await;
    for _ in 0..11 {
        testkit::advance(SignedDuration::from_hours(1));
        assert!(is_alive(&session).await);
    }
    testkit::advance(SignedDuration::from_hours(1));
    assert!(!is_alive(&session).await);
}

#[tokio::test]
async fn guesses_of_a_stranger_end_no_session_and_lock_out_nobody_else() {
    let (product, _) = Places::set_up().await;
    let session = product.browser_of(Actor::Member).await;
    product.lock(ACTOR_EMAIL).await;
    assert!(is_alive(&session).await);
    let again = product.sign_in(ACTOR_EMAIL).await;
    assert!(is_alive(&again).await);
}

#[tokio::test]
async fn guessing_at_the_current_password_ends_the_session_that_it_is_done_from() {
    let (product, _) = Places::set_up().await;
    let session = product.browser_of(Actor::Member).await;
    let body = json!({"current_password": "wrong", "new_password": NEW_PASSWORD});
    for _ in 0..10 {
        let answer = session.post("/api/v1/password", body.clone()).await;
        assert_eq!(answer.problem(), "current_password_wrong");
        testkit::advance(SignedDuration::from_secs(35));
    }
    assert!(!is_alive(&session).await);
}

#[tokio::test]
async fn a_user_whom_an_admin_signs_out_is_out_at_once_and_in_again_with_the_same_password() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let lost = product.sign_in_new("lost", Role::Member).await;
    admin.delete("/api/v1/users/usr_lost/sessions").await.ok();
    assert!(!is_alive(&lost).await);
    assert!(is_alive(&product.sign_in("usr-lost@example.jp").await).await);
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_end_it_but_nobody_elses_session() {
    let (product, _) = Places::set_up().await;
    let here = product.sign_in_new("person", Role::Member).await;
    let elsewhere = product.sign_in("usr-person@example.jp").await;
    let other = product.sign_in_new("other", Role::Member).await;
    let page = here.get("/account").await;
    let ids = session_ids(&page.text);
    assert_eq!(ids.len(), 1, "one that is not this: {}", page.text);
    page.shows(&["(このブラウザー)"]);

    let fields = [("session", ids[0].as_str())];
    other.form("/account/sessions/end", &fields).await;
    assert!(is_alive(&elsewhere).await, "ended by somebody else");
    let ended = here.form("/account/sessions/end", &fields).await;
    assert_eq!(ended.location(), "/account?done=ended");
    assert!(!is_alive(&elsewhere).await);

    let elsewhere = product.sign_in("usr-person@example.jp").await;
    here.form("/account/sessions/end-others", &[]).await;
    assert!(is_alive(&here).await);
    assert!(!is_alive(&elsewhere).await);
    assert!(session_ids(&here.get("/account").await.text).is_empty());
}

/// Returns the sessions that the page has a button to end for.
fn session_ids(page: &str) -> Vec<String> {
    let fields = page.split(r#"name="session" value=""#).skip(1);
    let ids = fields.filter_map(|rest| rest.split('"').next());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_user_whom_an_admin_deletes_is_out_at_once_and_not_in_again_when_restored() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let deleted = product.sign_in_new("deleted", Role::Administrator).await;
    admin.delete("/api/v1/users/usr_deleted").await.ok();
    assert!(!is_alive(&deleted).await);
    let restore = "/api/v1/deleted-users/usr_deleted/restore";
    admin.post(restore, json!({})).await.ok();
    assert!(!is_alive(&deleted).await);
    let again = product.sign_in("usr-deleted@example.jp").await;
    assert!(is_alive(&again).await);
}

#[tokio::test]
async fn the_night_ends_the_sessions_of_leavers_and_of_those_who_sign_in_by_sso_from_now_on() {
    let (product, places) = Places::set_up().await;
    let env = &product.env;
    let leaver = employee(&product, &places.tokens[0]).await;
    let stays = employee(&product, &places.tokens[1]).await;
    product.retire(&places.invited[0]).await;
    testkit::advance(SignedDuration::from_hours(1));
    env.nightly_run().await;
    assert!(!is_alive(&leaver).await);
    assert!(is_alive(&stays).await);

    let to_sso = |it: &mut Connection| it.settings.login_method = LoginMethodSetting::Sso;
    env.change_connection(to_sso).await;
    testkit::advance(SignedDuration::from_mins(1));
    env.run(&env.manual_message()).await.unwrap();
    assert!(!is_alive(&stays).await);
}

#[tokio::test]
async fn a_new_login_method_ends_every_session() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let person = product.sign_in_new("person", Role::Member).await;
    let sso = json!({"login_method": "sso"});
    admin.patch("/api/v1/users/usr_person", sso).await.ok();
    assert!(!is_alive(&person).await);
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_at_the_next_click() {
    let (product, _) = Places::set_up().await;
    let session = product.browser_of(Actor::Administrator).await;
    let start = Request::post("/api/v1/previews").json(&json!({}));
    let start = start.header("idempotency-key", "a-key");
    assert_eq!(session.send(start.clone()).await.status, 202);
    let to_member = |user: &mut User| user.role = Role::Member;
    product.env.change_user("usr_actor", to_member).await;
    assert_eq!(session.get("/api/v1/users").await.status, 403);
    // The answer that is kept under the key is not for them any more.
    assert_eq!(session.send(start).await.status, 403);
}
