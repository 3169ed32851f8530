//! Sessions: how they begin, and everything that ends them.

use domain::{LoginMethod, LoginMethodSetting, Role, User, UserId, WorkspaceId};
use jiff::SignedDuration;
use security::{Actor, Call, NEW_PASSWORD, PASSWORD, Places, Product, Session, routes, sample};
use serde_json::{Value, json};
use storage::transaction::{CredentialHashChanges, UserWrite};

async fn is_alive(product: &Product, session: &Session) -> bool {
    let call = Call::new("GET", "/api/v1/session").from(session);
    match product.call(call).await.status.as_u16() {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// Writes another state of a user, past all checks.
async fn change(product: &Product, id: &str, change: impl FnOnce(&mut User)) {
    let (home, id) = (WorkspaceId::new("ws_world"), UserId::new(id));
    let before = product.env.store.user(&home, &id).await.unwrap().unwrap();
    let mut after = before.clone();
    change(&mut after);
    after.version += 1;
    let change = UserWrite::Change {
        before,
        after,
        hashes: CredentialHashChanges::default(),
    };
    product.write(&home, change).await;
}

async fn admin_does(product: &Product, admin: &Session, method: &str, path: &str, body: Value) {
    let call = Call::new(method, path).from(admin);
    let answer = product.call(call.json(&body, &admin.csrf)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// The session of somebody of the company who accepted their invitation.
async fn employee(product: &Product, token: &str) -> Session {
    let fields = [("password", PASSWORD), ("password_confirmation", PASSWORD)];
    let link = format!("/invitations/{token}");
    let answer = product
        .call(Call::new("POST", &link).form(&fields, ""))
        .await;
    assert_eq!(answer.status, 303);
    Session {
        cookie: answer.cookie(),
        ..Session::default()
    }
}

#[tokio::test]
async fn every_cookie_is_http_only_secure_same_site_and_for_this_host() {
    let (product, places) = Places::set_up().await;
    let session = product.come_as(Actor::SystemAdministrator).await;
    let mut seen = 0;
    for route in routes(&product).await {
        let person = &places.invited[0];
        let call = sample(&route, &places.path(&route, 1), person, &session);
        let answer = product.call(call).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("__Host-session="), "{cookie}");
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
    let attacker = product.come_as(Actor::Member).await;
    let home = WorkspaceId::new("ws_world");
    product
        .person(&home, "usr_victim", Role::Administrator)
        .await;
    let body = json!({"email": "usr-victim@example.jp", "password": PASSWORD});
    let call = Call::new("POST", "/api/v1/sign-in").from(&attacker);
    let answer = product.call(call.json(&body, "")).await;
    let victim = Session::begun_by(&answer, "usr-victim@example.jp");
    assert_ne!(victim.cookie, attacker.cookie);
    assert_ne!(victim.csrf, attacker.csrf);
    assert!(!is_alive(&product, &attacker).await);

    let made_up = Session {
        cookie: "__Host-session=chosen-by-an-attacker".into(),
        ..Session::default()
    };
    let call = Call::new("POST", "/api/v1/sign-in").from(&made_up);
    let answer = product.call(call.json(&body, "")).await;
    assert_ne!(answer.cookie(), made_up.cookie);
    assert!(!is_alive(&product, &made_up).await);
}

#[tokio::test]
async fn a_session_that_is_used_all_day_ends_after_twelve_hours() {
    let (product, _) = Places::set_up().await;
    let session = product.come_as(Actor::Member).await;
    for _ in 0..11 {
        testkit::advance(SignedDuration::from_hours(1));
        assert!(is_alive(&product, &session).await);
    }
    testkit::advance(SignedDuration::from_hours(1));
    assert!(!is_alive(&product, &session).await);
}

#[tokio::test]
async fn a_locked_account_has_no_sessions_left_and_others_keep_theirs() {
    let (product, _) = Places::set_up().await;
    let session = product.come_as(Actor::Member).await;
    let home = WorkspaceId::new("ws_world");
    product.person(&home, "usr_other", Role::Member).await;
    let other = product.sign_in("usr-other@example.jp").await;
    product.lock(&session.email).await;
    assert!(!is_alive(&product, &session).await);
    assert!(is_alive(&product, &other).await);
    testkit::advance(SignedDuration::from_mins(15));
    let again = product.sign_in(&session.email).await;
    assert!(is_alive(&product, &again).await);
}

#[tokio::test]
async fn guesses_at_somebody_whom_no_password_lets_in_end_nothing() {
    let (product, _) = Places::set_up().await;
    let session = product.come_as(Actor::Member).await;
    let to_sso = |user: &mut User| user.login_method = LoginMethod::Sso;
    change(&product, "usr_actor", to_sso).await;
    product.lock(&session.email).await;
    assert!(is_alive(&product, &session).await);
}

#[tokio::test]
async fn guessing_at_the_current_password_ends_the_session_that_it_is_done_from() {
    let (product, _) = Places::set_up().await;
    let session = product.come_as(Actor::Member).await;
    let body = json!({"current_password": "wrong", "new_password": NEW_PASSWORD});
    for _ in 0..10 {
        let call = Call::new("POST", "/api/v1/password").from(&session);
        let answer = product.call(call.json(&body, &session.csrf)).await;
        assert_eq!(answer.problem(), "current_password_wrong");
        testkit::advance(SignedDuration::from_secs(35));
    }
    assert!(!is_alive(&product, &session).await);
}

#[tokio::test]
async fn whoever_an_admin_deletes_is_out_at_once_and_not_in_again_when_restored() {
    let (product, _) = Places::set_up().await;
    let admin = product.come_as(Actor::SystemAdministrator).await;
    let home = WorkspaceId::new("ws_world");
    product
        .person(&home, "usr_goner", Role::Administrator)
        .await;
    let goner = product.sign_in("usr-goner@example.jp").await;
    admin_does(
        &product,
        &admin,
        "DELETE",
        "/api/v1/users/usr_goner",
        json!({}),
    )
    .await;
    assert!(!is_alive(&product, &goner).await);
    let restore = "/api/v1/deleted-users/usr_goner/restore";
    admin_does(&product, &admin, "POST", restore, json!({})).await;
    assert!(!is_alive(&product, &goner).await);
    let again = product.sign_in("usr-goner@example.jp").await;
    assert!(is_alive(&product, &again).await);
}

#[tokio::test]
async fn the_night_ends_the_sessions_of_leavers_and_of_those_who_sign_in_by_sso_from_now_on() {
    let (product, places) = Places::set_up().await;
    let env = &product.env;
    let leaver = employee(&product, &places.tokens[0]).await;
    let stays = employee(&product, &places.tokens[1]).await;
    product.retire(&places.invited[0]).await;
    testkit::advance(SignedDuration::from_hours(1));
    env.night().await;
    assert!(!is_alive(&product, &leaver).await);
    assert!(is_alive(&product, &stays).await);

    env.change_integration(|link| link.settings.login_method = LoginMethodSetting::Sso)
        .await;
    testkit::advance(SignedDuration::from_mins(1));
    env.run(&env.by_hand()).await.unwrap();
    assert!(!is_alive(&product, &stays).await);
}

#[tokio::test]
async fn a_new_password_or_login_method_ends_every_other_session() {
    let (product, _) = Places::set_up().await;
    let admin = product.come_as(Actor::SystemAdministrator).await;
    let home = WorkspaceId::new("ws_world");
    product.person(&home, "usr_person", Role::Member).await;
    let elsewhere = product.sign_in("usr-person@example.jp").await;
    let here = product.sign_in("usr-person@example.jp").await;
    let body = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
    let call = Call::new("POST", "/api/v1/password").from(&here);
    let answer = product.call(call.json(&body, &here.csrf)).await;
    let anew = Session::begun_by(&answer, &here.email);
    assert!(!is_alive(&product, &elsewhere).await);
    assert!(!is_alive(&product, &here).await);
    assert!(is_alive(&product, &anew).await);

    let sso = json!({"login_method": "sso"});
    admin_does(&product, &admin, "PATCH", "/api/v1/users/usr_person", sso).await;
    assert!(!is_alive(&product, &anew).await);
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_at_the_next_click() {
    let (product, _) = Places::set_up().await;
    let session = product.come_as(Actor::Administrator).await;
    let start = Call::new("POST", "/api/v1/previews").from(&session);
    let start = start
        .with("idempotency-key", "a-key")
        .json(&json!({}), &session.csrf);
    assert_eq!(product.call(start.clone()).await.status, 202);
    change(&product, "usr_actor", |user| user.role = Role::Member).await;
    let users = Call::new("GET", "/api/v1/users").from(&session);
    assert_eq!(product.call(users).await.status, 403);
    // The answer that is kept under the key is not for them any more.
    assert_eq!(product.call(start).await.status, 403);
}
