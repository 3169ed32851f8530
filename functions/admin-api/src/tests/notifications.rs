//! [通知]: who gets the mails about the sync.

use domain::{Notifications, Recipients, Role, UserId};
use serde_json::{Value, json};
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
