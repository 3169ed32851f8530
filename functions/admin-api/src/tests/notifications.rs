//! [通知]: who gets the mails about the sync.

use domain::{Notifications, Recipients, Role, UserId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use storage::secrets::CustomerSecret;
use testkit::users::member;

use super::console::{Console, administrator};

const PATH: &str = "/settings/notifications";
const API: &str = "/api/v1/notifications";

async fn stored(console: &Console) -> Notifications {
    console.env.stored_workspace().await.notifications
}

/// Returns the body that chooses for failures, and leaves the others as they are by default.
fn of_failures(choice: &Value) -> Value {
    json!({
        "failure": choice, "held": {"to": "admins"}, "reconnect": {"to": "admins"},
        "seats": {"to": "nobody"}, "certificate": {"to": "admins"}, "weekly_summary": {"to": "nobody"},
    })
}

#[tokio::test]
async fn an_administrator_chooses_who_gets_each_kind_and_the_trail_says_so_without_addresses() {
    let (console, admin) = administrator().await;
    let chosen = console.env.add_user(member("usr_chosen")).await;
    let first = admin.get(API).await.ok().json();
    assert_eq!(first, of_failures(&json!({"to": "admins"})));

    let address = chosen.email.as_ref().unwrap().to_string();
    let saved = admin
        .submit(
            PATH,
            &[
                ("failure_to", "users"),
                ("failure_addresses", &address),
                ("reconnect_to", "address"),
                ("reconnect_addresses", " it@partner.example\n"),
                ("held_to", "admins"),
                ("certificate_to", "admins"),
                ("seats_to", "admins"),
                ("weekly_summary_to", "nobody"),
            ],
        )
        .await;
    saved.shows(&[
        "通知の送信先を保存しました",
        &format!("{address}</textarea>"),
        "it@partner.example</textarea>",
    ]);
    let stored = stored(&console).await;
    let user_ids = vec![chosen.user_id.clone()];
    assert_eq!(stored.failure, Recipients::Users { user_ids });
    assert_eq!(stored.seats, Recipients::Admins);
    assert_eq!(stored.weekly_summary, Recipients::Nobody);
    let answer = admin.get(API).await.ok().json();
    assert_eq!(answer["reconnect"]["email"], "it@partner.example");

    let boss = console.browser(Role::SystemAdministrator).await;
    let trail = boss.get("/settings/audit-events").await;
    trail.shows(&[
        "通知の送信先を保存",
        "通知の送信先: 同期の失敗",
        "選択したユーザー(1名)",
        "指定したメールアドレス",
    ]);
    trail.shows_no(&["it@partner.example", &address]);
}

#[tokio::test]
async fn what_is_no_recipient_is_refused_with_the_reason_and_stays_in_the_form() {
    let (console, admin) = administrator().await;
    for (to, typed, said) in [
        ("users", "", "1名以上選択してください"),
        (
            "users",
            "nobody@example.jp",
            "というユーザーは見つかりません",
        ),
        ("address", "it", "メールアドレスが正しくありません"),
        (
            "address",
            "a@example.jp b@example.jp",
            "1件だけ入力してください",
        ),
        ("nobody", "", "送信しないことを選択できません"),
    ] {
        let fields = [("failure_to", to), ("failure_addresses", typed)];
        let page = admin.form(PATH, &fields).await;
        assert_eq!(page.status, 400, "{to} {typed}");
        page.shows(&[said, &format!("{typed}</textarea>"), "aria-invalid"]);
    }
    let choices = [
        json!({"to": "nobody"}),
        json!({"to": "users", "user_ids": []}),
        json!({"to": "users", "user_ids": ["usr_of_another_workspace"]}),
        json!({"to": "address", "email": "it"}),
    ];
    for choice in choices {
        let answer = admin.put(API, of_failures(&choice)).await;
        assert_eq!(answer.status, 400, "{choice}");
        assert_eq!(answer.problem(), "invalid_recipients");
    }
    assert_eq!(stored(&console).await, Notifications::default());
}

#[tokio::test]
async fn somebody_who_was_invited_and_has_not_come_in_cannot_be_chosen() {
    let (console, admin) = administrator().await;
    let invited = domain::User {
        status: domain::Status::Invited,
        ..member("usr_invited")
    };
    let invited = console.env.add_user(invited).await;
    let choice = json!({"to": "users", "user_ids": [invited.user_id]});
    let answer = admin.put(API, of_failures(&choice)).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn the_page_says_when_chosen_users_are_gone_and_the_admins_get_their_mails() {
    let (console, admin) = administrator().await;
    let before = console.env.stored_workspace().await;
    let mut after = before.clone();
    let user_ids = vec![UserId::new("usr_gone")];
    after.notifications.failure = Recipients::Users { user_ids };
    let action = domain::AuditAction::NotificationsSaved;
    let event = domain::AuditEvent::by_operator("request".into(), action, testkit::now());
    let saved = console.env.store.change_workspace(&before, &after, &event);
    saved.await.unwrap();
    let page = admin.get(PATH).await.ok();
    page.shows(&["管理者全員に送信されます"]);
}

const CHAT: &str = "/api/v1/notifications/chat-webhook";
const CHAT_FORM: &str = "/settings/notifications/chat-webhook";
const SLACK: &str = "https://hooks.slack.com/services/T0/B0/secret";

#[tokio::test]
async fn a_chat_webhook_is_registered_tried_and_removed_and_its_address_is_never_shown() {
    let (console, admin) = administrator().await;
    let page = admin.submit(CHAT_FORM, &[("url", SLACK)]).await;
    page.shows(&[
        "チャット通知を登録しました",
        "<dd>Slack</dd>",
        "まだありません",
    ]);
    page.shows_no(&["hooks.slack.com/services/T0"]);
    let chat = stored(&console).await.chat.unwrap();
    let (secrets, id) = (console.env.secrets(), console.id());
    let kept = secrets
        .customer_secret(id, CustomerSecret::ChatAddress(&chat.secret_id))
        .await
        .unwrap();
    assert_eq!(kept.unwrap().expose_secret(), SLACK);

    let page = admin.submit(&format!("{CHAT_FORM}/test"), &[]).await;
    page.shows(&["テスト送信を受け付けました"]);
    let asked = console.env.next_mail().unwrap();
    assert!(domain::is_chat_post(&asked.mail_id));
    let result = domain::ChatResult {
        secret_id: chat.secret_id.clone(),
        at: testkit::now(),
        problem: Some(domain::ChatProblem::Refused(404)),
    };
    console
        .env
        .store
        .put_chat_result(id, &result)
        .await
        .unwrap();
    let page = admin.get(PATH).await.ok();
    page.shows(&["失敗", "チャットが投稿を拒否しました(HTTP 404)"]);

    // Another address: what became of posts to the one before says nothing about it.
    let teams = json!({"url": "https://prod-1.japaneast.logic.azure.com/workflows/1?sig=x"});
    admin.put(CHAT, teams).await.ok();
    let answer = admin.get(CHAT).await.ok().json();
    assert_eq!(
        (&answer["service"], &answer["problem"]),
        (&json!("teams"), &json!(null))
    );
    let gone = secrets
        .customer_secret(id, CustomerSecret::ChatAddress(&chat.secret_id))
        .await
        .unwrap();
    assert!(gone.is_none());

    admin.submit(&format!("{CHAT_FORM}/remove"), &[]).await;
    assert_eq!(stored(&console).await.chat, None);
    let boss = console.browser(Role::SystemAdministrator).await;
    let trail = boss.get("/settings/audit-events").await;
    trail.shows(&[
        "チャット通知を登録",
        "チャット通知を解除",
        "チャット通知のテスト送信",
    ]);
    trail.shows_no(&["hooks.slack.com", "logic.azure.com"]);
}

#[tokio::test]
async fn other_hosts_are_refused_and_nothing_is_tried_without_a_webhook() {
    let (console, admin) = administrator().await;
    for url in [
        "https://chat.example/services/1",
        "http://hooks.slack.com/services/1",
        "",
    ] {
        let page = admin.form(CHAT_FORM, &[("url", url)]).await;
        assert_eq!(page.status, 400, "{url}");
        page.shows(&["URL"]);
        let answer = admin.put(CHAT, json!({ "url": url })).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (400, "invalid_webhook")
        );
    }
    let answer = admin.post(&format!("{CHAT}/test"), json!({})).await;
    assert_eq!(answer.status, 409);
    assert_eq!(stored(&console).await, Notifications::default());
}
