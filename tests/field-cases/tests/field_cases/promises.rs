//! Every promise has its condition: what is said is true in the state in which it is shown.

use domain::{Connection, ConnectionState, LoginMethod, Role};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use security::{PASSWORD, Product, sign_in_body};
use serde_json::json;
use testkit::http::Request;
use testkit::{TestEnv, advance, code_only, person};

use crate::case::{Case, case};

/// What page and mail say to whom the night sends a new link.
const AT_TWO: &str = "午前2時の同期の際に";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(a_new_link_at_two_is_promised_while_the_sync_runs),
        case(no_new_link_is_promised_while_the_sync_is_off),
        case(no_new_link_is_promised_after_the_connection_ended),
        case(no_new_link_is_promised_while_an_admin_has_to_connect_again),
        case(no_new_link_is_promised_to_somebody_who_is_out_of_scope),
        case(no_new_link_is_promised_to_somebody_who_moves_to_sso),
        case(a_full_network_is_not_told_as_a_locked_account),
        case(the_blanks_before_codes_are_explained_beside_the_download),
    ]
}

/// Returns how many of the two, the mail of an invitation and its page once it ended, promise a new link at 02:00 in a
/// state that `change` leads to.
async fn promises(change: impl AsyncFnOnce(&TestEnv)) -> usize {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1)]).await;
    env.nightly_run().await;
    let user = env.users().await.remove(0);
    let link = env.open_invitation(&user).await;
    let path = format!("/invitations/{}", link.token().expose_secret());
    change(&env).await;
    let product = Product::of(env);
    product.env.deliver_queued_mails().await;
    let mails = product.env.mail_texts();
    let mail = mails
        .iter()
        .find(|text| text.contains("/invitations/"))
        .unwrap();
    advance(SignedDuration::from_hours(73));
    let page = product.browser().get(&path).await;
    assert_eq!(page.status, 410);
    usize::from(mail.contains(AT_TWO)) + usize::from(page.text.contains(AT_TWO))
}

async fn promises_while(change: fn(&mut Connection)) -> usize {
    promises(async |env: &TestEnv| env.change_connection(change).await).await
}

async fn a_new_link_at_two_is_promised_while_the_sync_runs() {
    assert_eq!(promises_while(|_| {}).await, 2);
}

async fn no_new_link_is_promised_while_the_sync_is_off() {
    assert_eq!(promises_while(|it| it.settings.enabled = false).await, 0);
}

async fn no_new_link_is_promised_after_the_connection_ended() {
    assert_eq!(
        promises_while(|it| it.state = ConnectionState::Disconnected).await,
        0
    );
}

async fn no_new_link_is_promised_while_an_admin_has_to_connect_again() {
    assert_eq!(
        promises_while(|it| it.state = ConnectionState::ReconnectNeeded).await,
        0
    );
}

async fn no_new_link_is_promised_to_somebody_who_is_out_of_scope() {
    let left_out = async |env: &TestEnv| {
        env.set_crews(&[person(2)]).await;
        advance(SignedDuration::from_hours(1));
        let run = env.run_to_end(&env.manual_message()).await;
        assert_eq!(run.counts.out_of_scope, 1);
        env.clear_queues();
        env.services
            .put_message("mail", &mail_of_first_person(env).await);
    };
    assert_eq!(promises(left_out).await, 0);
}

/// Returns the message for the mail of the person who was invited first.
async fn mail_of_first_person(env: &TestEnv) -> String {
    let users = env.users().await;
    let first = users.iter().find(|user| user.name == "社員1").unwrap();
    let mail_id = domain::invitation_mail_id(&first.user_id, first.serial);
    json!({ "workspace_id": env.workspace.workspace_id, "mail_id": mail_id }).to_string()
}

async fn no_new_link_is_promised_to_somebody_who_moves_to_sso() {
    let moved = async |env: &TestEnv| {
        let id = env.users().await.remove(0).user_id;
        env.change_user(id.as_str(), |user| user.login_method = LoginMethod::Sso)
            .await;
    };
    assert_eq!(promises(moved).await, 0);
}

async fn a_full_network_is_not_told_as_a_locked_account() {
    let product = Product::of(TestEnv::new(20, None).await);
    product.add_user("usr_a", Role::Member).await;
    let browser = product.browser();
    let mut answer = None;
    for stranger in 0..60 {
        let guess = json!({ "email": format!("{stranger}@example.jp"), "password": "x" });
        let refused = browser.post("/api/v1/sign-in", guess).await;
        if refused.status == 429 {
            answer = Some(refused);
            break;
        }
    }
    assert!(answer.is_some(), "the network is braked in the end");
    let own = Request::post("/api/v1/sign-in").json(&sign_in_body("usr-a@example.jp"));
    let own = browser.send(own).await;
    assert_eq!(own.status, 429, "{PASSWORD} is right");
    let detail = own.json()["detail"].to_string();
    assert!(detail.contains("お使いのネットワーク"), "{detail}");
    assert!(
        detail.contains("アカウントが制限されているわけではありません"),
        "{detail}"
    );
}

async fn the_blanks_before_codes_are_explained_beside_the_download() {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[code_only(1)]).await;
    let run = env.nightly_run().await;
    let product = Product::of(env);
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    let page = admin
        .get(&format!("/settings/smarthr/history/{}", run.run_id))
        .await;
    page.shows(&["同期ログをダウンロード", "CSVの値の先頭に空白が付く"]);
}
