//! The ways back in: who forgot a password gets in again, and nobody else does.

use credentials::{MailedLink, Random};
use domain::{
    Connection, CrewId, CrewLink, EmailAddress, LoginMethod, LoginMethodSetting, Role, User,
    UserId, WorkspaceId,
};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use security::{
    ACTOR_EMAIL, Actor, Browser, FORGETFUL, NEW_PASSWORD, PASSWORD, Places, Product, sign_in_body,
};
use serde_json::json;
use storage::transaction::UserWrite;

const EMAIL: &str = "usr-forgetful@example.jp";
const FIELDS: [(&str, &str); 2] = [
    ("password", NEW_PASSWORD),
    ("password_confirmation", NEW_PASSWORD),
];

/// What strangers tried, and what came of it.
#[derive(Default)]
struct Tally {
    attempts: u32,
    let_in: u32,
    locked_out: u32,
}

impl Tally {
    /// Tries to choose a password with a link that must not work.
    async fn attack(&mut self, product: &Product, token: &str, why: &str) {
        self.attempts += 1;
        let link = format!("/password-resets/{token}");
        let page = product.browser().get(&link).await;
        let answer = product.browser().form(&link, &FIELDS).await;
        if page.status != 410 || answer.status != 410 {
            println!("a link works: {why}");
            self.let_in += 1;
        }
    }

    /// Lets the owner of an account choose a password with a link.
    async fn come_in(&mut self, product: &Product, token: &str) {
        let link = format!("/password-resets/{token}");
        let answer = product.browser().form(&link, &FIELDS).await;
        if answer.status != 303 {
            println!("the owner's link does not work: {answer:?}");
            self.locked_out += 1;
        }
    }
}

async fn token(product: &Product) -> String {
    product.reset_token(EMAIL).await.unwrap()
}

#[tokio::test]
async fn nobody_gets_in_by_a_door_of_somebody_else_and_nobody_is_kept_out() {
    let mut tally = Tally::default();
    Box::pin(guessed_and_spent_links(&mut tally)).await;
    Box::pin(links_of_people_whose_way_in_changed(&mut tally)).await;
    Box::pin(links_that_strangers_ask_for(&mut tally)).await;
    Box::pin(a_lock_from_everywhere(&mut tally)).await;
    Box::pin(a_company_that_locks_itself_out(&mut tally)).await;
    what_other_keyboards_type(&mut tally).await;
    a_way_back_that_leads_elsewhere(&mut tally).await;
    Box::pin(a_second_factor_that_strangers_do_not_have(&mut tally)).await;
    let Tally {
        attempts,
        let_in,
        locked_out,
    } = tally;
    println!("doors: attempts {attempts}, let in {let_in}, locked out {locked_out}");
    assert_eq!((let_in, locked_out), (0, 0));
}

async fn guessed_and_spent_links(tally: &mut Tally) {
    let (product, places) = Places::set_up().await;
    let random = Random::seeded(1);
    for (workspace, user) in [
        ("ws_test", FORGETFUL),
        ("ws_other", FORGETFUL),
        ("ws_test", "u"),
    ] {
        let guess = MailedLink {
            workspace_id: WorkspaceId::new(workspace),
            user_id: UserId::new(user),
            secret: random.token(),
        };
        let guess = guess.token().expose_secret().to_owned();
        tally.attack(&product, &guess, "guessed").await;
    }
    tally
        .attack(&product, &places.tokens[0], "an invitation's")
        .await;
    let first = places.reset_token;
    let second = token(&product).await;
    tally.attack(&product, &first, "a newer one was sent").await;
    tally.come_in(&product, &second).await;
    tally.attack(&product, &second, "it was used").await;
    let third = token(&product).await;
    let body = json!({"email": EMAIL, "password": NEW_PASSWORD});
    product.browser().post("/api/v1/sign-in", body).await.ok();
    tally.attack(&product, &third, "the owner signed in").await;
    let late = token(&product).await;
    testkit::advance(SignedDuration::from_mins(60));
    tally.attack(&product, &late, "an hour went by").await;
}

async fn links_of_people_whose_way_in_changed(tally: &mut Tally) {
    let move_away: fn(&mut User) = |user| user.email = EmailAddress::parse("other@example.jp");
    let to_sso: fn(&mut User) = |user| user.login_method = LoginMethod::Sso;
    for (why, change) in [("another address", move_away), ("SSO", to_sso)] {
        let (product, places) = Places::set_up().await;
        product.env.change_user(FORGETFUL, change).await;
        tally.attack(&product, &places.reset_token, why).await;
    }
    let (product, places) = Places::set_up().await;
    let before = product.env.user(FORGETFUL).await;
    let delete = UserWrite::Delete { before };
    product.env.write(delete).await.unwrap();
    tally.attack(&product, &places.reset_token, "retired").await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let restore = format!("/api/v1/deleted-users/{FORGETFUL}/restore");
    admin.post(&restore, json!({})).await.ok();
    tally
        .attack(&product, &places.reset_token, "restored")
        .await;
}

async fn links_that_strangers_ask_for(tally: &mut Tally) {
    let (product, _) = Places::set_up().await;
    let session = product.sign_in(EMAIL).await;
    let mut last = token(&product).await;
    for _ in 0..20 {
        tally.attempts += 1;
        if let Some(newer) = product.reset_token(EMAIL).await {
            last = newer;
        }
    }
    let mails = product.env.mails_with("/password-resets/");
    assert_eq!(mails, 4, "one before the sign-in, and three an hour");
    // Asking for links ends no session, and does not void the last link.
    session.get("/api/v1/session").await.ok();
    tally.come_in(&product, &last).await;
}

/// Ten networks lock the account together; its owner comes in by mail all the same.
async fn a_lock_from_everywhere(tally: &mut Tally) {
    let (product, _) = Places::set_up().await;
    let session = product.sign_in(EMAIL).await;
    for guess in 0..10 {
        for network in 0..10 {
            let mut stranger = product.browser();
            stranger.source = format!("198.51.100.{network}");
            let body = json!({"email": EMAIL, "password": "wrong"});
            stranger.post("/api/v1/sign-in", body).await;
            tally.attempts += 1;
        }
        // From the fifth wrong guess on, each waits twice as long.
        testkit::advance(SignedDuration::from_secs(1 << (guess.max(3) - 3)));
    }
    let body = sign_in_body(EMAIL);
    let locked = product.browser().post("/api/v1/sign-in", body).await;
    assert_eq!(locked.status, 429);
    assert!(locked.text.contains("パスワードをお忘れの方"), "{locked:?}");
    session.get("/api/v1/session").await.ok();
    let link = token(&product).await;
    tally.come_in(&product, &link).await;
}

/// Somebody who knows the password, or has a link to another one, does not get past the second factor; its owner does,
/// also by a recovery code while strangers guess.
async fn a_second_factor_that_strangers_do_not_have(tally: &mut Tally) {
    const CODE: &str = "/api/v1/second-factor";
    let (product, _) = Places::set_up().await;
    let factor = product.env.add_second_factor(FORGETFUL).await;
    let is_in = async |browser: &Browser<'_>| browser.get("/account").await.status == 200;
    let owner = product.sign_in(EMAIL).await;
    let used = factor.code();
    owner.post(CODE, json!({"code": used})).await.ok();
    let link = token(&product).await;
    let by_mail = product.browser();
    by_mail
        .form(&format!("/password-resets/{link}"), &FIELDS)
        .await;
    let body = json!({"email": EMAIL, "password": NEW_PASSWORD});
    let by_password = product.browser();
    by_password.post("/api/v1/sign-in", body.clone()).await.ok();
    for stranger in [&by_mail, &by_password] {
        for code in [
            &*used,
            &factor.code_after(-60),
            &factor.code_after(90),
            "000000",
            "",
            "1",
        ] {
            tally.attempts += 1;
            let refused = stranger.post(CODE, json!({"code": code})).await;
            if refused.status == 200 || is_in(stranger).await {
                println!("a code lets in: {code}");
                tally.let_in += 1;
            }
        }
    }
    let owner = product.browser();
    owner.post("/api/v1/sign-in", body).await.ok();
    let recovery = json!({"code": factor.recovery_codes[0]});
    owner.post(CODE, recovery).await;
    if !is_in(&owner).await {
        println!("the owner's recovery code does not work");
        tally.locked_out += 1;
    }
}

/// Every システム管理者 is in SmartHR: SSO is not saved, nobody dismisses the last one, and an emergency
/// account comes in however the nights go.
async fn a_company_that_locks_itself_out(tally: &mut Tally) {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let users = product.env.users().await;
    let link = CrewLink {
        tenant_id: product.env.connection().await.company.tenant_id,
        crew_id: CrewId::new("crew"),
    };
    for user in &users {
        if user.role == Role::SystemAdministrator {
            let tie = |user: &mut User| user.crew_link = Some(link.clone());
            product.env.change_user(user.user_id.as_str(), tie).await;
        }
    }
    for login_method in ["sso", "individual"] {
        tally.attempts += 1;
        let settings = json!({
            "enabled": true, "target": "everyone", "login_method": login_method,
            "default_group": "viewers",
        });
        let saved = admin.put("/api/v1/integration/settings", settings).await;
        tally.locked_out += u32::from(saved.status != 409);
    }
    let sso = |connection: &mut Connection| {
        connection.settings.login_method = LoginMethodSetting::Sso;
    };
    product.env.change_connection(sso).await;
    for user in users {
        for edit in [json!({"role": "member"}), json!({"login_method": "sso"})] {
            tally.attempts += 1;
            admin
                .patch(&format!("/api/v1/users/{}", user.user_id), edit)
                .await;
        }
    }
    let users = product.env.users().await;
    let mut users = users.iter();
    let stays = users.any(User::is_system_administrator_with_own_password);
    tally.locked_out += u32::from(!stays);
}

/// The owner types the address as another keyboard does.
async fn what_other_keyboards_type(tally: &mut Tally) {
    let (product, _) = Places::set_up().await;
    for typed in [
        "ｕｓｒ－forgetful＠example.jp",
        "USR\u{2010}forgetful@example.jp\u{200B}",
        "usrーforgetful@example。jp",
    ] {
        tally.attempts += 1;
        let body = sign_in_body(typed);
        let answer = product.browser().post("/api/v1/sign-in", body).await;
        tally.locked_out += u32::from(answer.status != 200);
    }
}

/// Pages that somebody else wants a person to be led to after signing in.
async fn a_way_back_that_leads_elsewhere(tally: &mut Tally) {
    let (product, _) = Places::set_up().await;
    for return_to in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/.//evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ] {
        tally.attempts += 1;
        let fields = [
            ("email", EMAIL),
            ("password", PASSWORD),
            ("return_to", return_to),
        ];
        let answer = product.browser().form("/sign-in", &fields).await;
        tally.let_in += u32::from(answer.location() != "/");
    }
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_is_mailed_to_its_person() {
    let (product, places) = Places::set_up().await;
    let elsewhere = product.sign_in(EMAIL).await;
    let fresh = token(&product).await;
    assert_ne!(fresh, places.reset_token);
    let browser = product.browser();
    let link = format!("/password-resets/{fresh}");
    browser
        .get(&link)
        .await
        .shows(&["パスワードの再設定", EMAIL]);
    assert_eq!(browser.form(&link, &FIELDS).await.location(), "/");
    browser.get("/api/v1/session").await.ok();
    assert_eq!(elsewhere.get("/api/v1/session").await.status, 401);
    let body = sign_in_body(EMAIL);
    let old = product.browser().post("/api/v1/sign-in", body).await;
    assert_eq!(old.status, 401);
    product.env.deliver_queued_mails().await;
    assert_eq!(product.env.mails_with("パスワードが変更され"), 1);
}

#[tokio::test]
async fn everybody_who_asks_for_a_link_gets_the_same_answer_after_the_same_calls() {
    let (product, places) = Places::set_up().await;
    product.browser_of(Actor::OtherWorkspace).await;
    product.add_user("usr_actor", Role::Member).await;
    product.add_user("usr_sso", Role::Member).await;
    let to_sso = |user: &mut User| user.login_method = LoginMethod::Sso;
    product.env.change_user("usr_sso", to_sso).await;
    let invited = places.invited[0].email.as_ref().unwrap().to_string();
    let mut answers = Vec::new();
    // The third and fourth mail to one account: the last one is refused.
    for email in [
        EMAIL,
        "nobody@example.jp",
        "usr-sso@example.jp",
        &invited,
        ACTOR_EMAIL,
        EMAIL,
        EMAIL,
    ] {
        let before = product.env.proxy.by_operation();
        let fields = [("email", email)];
        let answer = product.browser().form("/forgot-password", &fields).await;
        let mut calls = product.env.proxy.by_operation();
        for (operation, count) in &before {
            *calls.get_mut(operation).unwrap() -= count;
        }
        calls.retain(|_, count| *count > 0);
        answers.push((email, answer.status, answer.location().to_owned(), calls));
    }
    let (_, status, location, calls) = answers[0].clone();
    for answer in &answers {
        assert_eq!(answer, &(answer.0, status, location.clone(), calls.clone()));
    }
    product.env.deliver_queued_mails().await;
    assert_eq!(product.env.mails_with("/password-resets/"), 2);
    assert_eq!(product.env.tables_with("link_seed").await, [""; 0]);
}

#[tokio::test]
async fn a_password_from_before_a_move_to_sso_is_dead_after_it() {
    let (product, _) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let path = format!("/api/v1/users/{FORGETFUL}");
    for method in ["sso", "password"] {
        let body = json!({"login_method": method});
        admin.patch(&path, body).await.ok();
    }
    let id = UserId::new(FORGETFUL);
    let store = &product.env.store;
    let stored = store.user_with_hashes(&product.env.workspace.workspace_id, &id);
    let (user, hashes) = stored.await.unwrap().unwrap();
    assert_eq!(hashes.password_hash, None);
    assert!(user.invitation.is_some(), "a link to set another one");
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let old = product.browser().post("/api/v1/sign-in", body).await;
    assert_eq!(old.status, 401);
}
