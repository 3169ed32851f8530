//! グループ: created, renamed, filled and deleted by admins.

use domain::{GroupId, Role};
use serde_json::{Value, json};
use testkit::users::member;

use super::console::{Browser, Console, administrator, system_administrator};

const PATH: &str = "/settings/groups";
const API: &str = "/api/v1/groups";

/// Returns the id of the group with this name, as the API lists it.
async fn id_of(browser: &Browser, name: &str) -> String {
    let listed = browser.get(API).await.ok().json();
    let groups = listed["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["name"] == name);
    group.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn groups_of(console: &Console, user: &str) -> Vec<String> {
    let user = console.env.user(user).await;
    user.groups.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn an_admin_creates_a_group_fills_it_renames_it_and_deletes_it_when_it_is_empty() {
    let (console, admin) = administrator().await;
    for id in ["usr_hanako", "usr_taro"] {
        console.env.add_user(member(id)).await;
    }
    admin.submit(PATH, &[("name", " 総務部 ")]).await.shows(&[
        "グループを作成しました。",
        ">総務部</a>",
        ">0名</a>",
    ]);
    let id = id_of(&admin, "総務部").await;
    let page = format!("{PATH}/{id}");
    let people = "USR-hanako@example.jp\r\n\r\nusr-taro@example.jp";
    admin
        .submit(&format!("{page}/members/add"), &[("people", people)])
        .await
        .shows(&[
            "メンバーを追加しました。",
            "メンバー(2名)",
            "メンバーがいるため(2名)、削除できません",
        ]);
    assert!(groups_of(&console, "usr_taro").await.contains(&id));
    let found = admin.get(&format!("/users?group={id}")).await.ok();
    found.shows(&["グループ「総務部」の2名を表示しています。", "usr-taro"]);
    found.shows_no(&["administrator@"]);
    let listed = admin.get(&format!("/api/v1/users?group={id}")).await.ok();
    assert_eq!(listed.json()["users"].as_array().unwrap().len(), 2);

    let refused = admin.delete(&format!("{API}/{id}")).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.problem(), "group_has_members");
    admin
        .submit(&page, &[("name", "人事総務部")])
        .await
        .shows(&["グループ名を変更しました。", "<h1>人事総務部</h1>"]);
    let removed = [("user_ids", "usr_hanako"), ("user_ids", "usr_taro")];
    admin
        .submit(&format!("{page}/members/remove"), &removed)
        .await
        .shows(&["メンバーから外しました。", "メンバーはいません。"]);
    assert!(!groups_of(&console, "usr_taro").await.contains(&id));
    admin
        .submit(&format!("{page}/delete"), &[])
        .await
        .shows(&["グループを削除しました。"]);
    assert_eq!(admin.get(&page).await.status, 404);

    let boss = console.browser(Role::SystemAdministrator).await;
    let events = boss.get("/api/v1/audit-events").await.ok().json();
    let change = |action: &str| -> Value {
        let events = events["events"].as_array().unwrap().iter();
        let mut found = events.filter(|event| event["action"] == action);
        found.next().unwrap()["changes"][0].clone()
    };
    assert_eq!(change("group_created")["new"], "総務部");
    assert_eq!(change("group_renamed")["old"], "総務部");
    assert_eq!(change("group_renamed")["new"], "人事総務部");
    assert_eq!(change("group_deleted")["old"], "人事総務部");
    assert_eq!(change("user_edited")["field"], "グループ");
}

#[tokio::test]
async fn the_default_group_stays_and_the_page_says_why() {
    let (console, admin) = administrator().await;
    let connection = console.env.connection().await;
    let default = connection.settings.default_group.to_string();
    let page = format!("{PATH}/{default}");
    let reason = "ユーザー同期設定のデフォルトグループのため、削除できません";
    let shown = admin.get(&page).await.ok();
    shown.shows(&[reason]);
    shown.shows_no(&["削除する"]);
    let refused = admin.form(&format!("{page}/delete"), &[]).await;
    assert_eq!(refused.status, 409);
    refused.shows(&[reason]);
    let refused = admin.delete(&format!("{API}/{default}")).await;
    assert_eq!(refused.problem(), "default_group");
    // Where another group is the default, it may go.
    let id = admin.post(API, json!({"name": "新人"})).await;
    assert_eq!(id.status, 201);
    let other = GroupId::new(id.json()["id"].as_str().unwrap());
    console
        .env
        .change_connection(|it| it.settings.default_group = other.clone())
        .await;
    admin.delete(&format!("{API}/{default}")).await.ok();
}

#[tokio::test]
async fn each_line_that_names_nobody_is_said_and_the_others_are_added() {
    let (console, admin) = administrator().await;
    console.env.add_user(member("usr_hanako")).await;
    let people = "usr-hanako@example.jp\nnobody@example.jp\nX-99";
    let path = format!("{PATH}/editors/members/add");
    let page = admin.form(&path, &[("people", people)]).await;
    assert_eq!(page.status, 400);
    page.shows(&[
        "nobody@example.jp: このワークスペースにユーザーが見つかりません。",
        "X-99: このワークスペースに",
        "nobody@example.jp\nX-99</textarea>",
        "メンバー(1名)",
    ]);
    let groups = groups_of(&console, "usr_hanako").await;
    assert!(groups.contains(&"editors".to_owned()));
    let many = "x@example.jp\n".repeat(51);
    let page = admin.form(&path, &[("people", &many)]).await;
    page.shows(&["一度に追加できるのは50名までです。"]);
}

#[tokio::test]
async fn a_name_that_another_group_has_is_refused_and_stays_in_the_form() {
    let (_console, admin) = administrator().await;
    let page = admin.form(PATH, &[("name", "閲覧権限グループ")]).await;
    assert_eq!(page.status, 409);
    page.shows(&["同じ名前のグループがあります", "value=\"閲覧権限グループ\""]);
    let refused = admin.post(API, json!({"name": " "})).await;
    assert_eq!(refused.problem(), "invalid_name");
    let name = json!({"name": "閲覧権限グループ"});
    let refused = admin.patch(&format!("{API}/editors"), name).await;
    assert_eq!(refused.problem(), "name_taken");
}

#[tokio::test]
async fn somebody_restored_is_in_the_groups_that_are_still_there() {
    let (console, boss) = system_administrator().await;
    console.env.add_user(member("usr_hanako")).await;
    let created = boss.post(API, json!({"name": "総務部"})).await.json();
    let id = created["id"].as_str().unwrap();
    let groups = json!({"groups": ["editors", id]});
    let person = "/api/v1/users/usr_hanako";
    boss.patch(person, groups).await.ok();
    boss.delete(person).await.ok();
    boss.delete(&format!("{API}/{id}")).await.ok();
    let restored = boss.post("/api/v1/deleted-users/usr_hanako/restore", json!({}));
    restored.await.ok();
    assert_eq!(groups_of(&console, "usr_hanako").await, ["editors"]);
}
