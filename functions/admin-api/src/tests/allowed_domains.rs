//! [セキュリティ] → ドメイン制限.

use domain::{Role, Workspace};
use jiff::SignedDuration;
use serde_json::json;

use super::console::{Console, administrator, crews, system_administrator};

const PATH: &str = "/settings/allowed-domains";
const API: &str = "/api/v1/allowed-domains";

async fn workspace(console: &Console) -> Workspace {
    let found = console.env.store.workspace(console.id()).await;
    found.unwrap().unwrap()
}

#[tokio::test]
async fn a_system_administrator_limits_the_domains_of_new_addresses_and_the_trail_says_which() {
    let (console, boss) = system_administrator().await;
    let typed = "@Example.JP\r\nsub.example.jp、日本語.jp\r\nexample.jp";
    let fields = [("limited", "yes"), ("domains", typed)];
    let saved = boss.submit(PATH, &fields).await;
    saved.shows(&[
        "ドメイン制限を保存しました",
        "checked",
        "example.jp\nsub.example.jp\n日本語.jp</textarea>",
    ]);
    let stored = workspace(&console).await.allowed_domains;
    assert_eq!(
        stored,
        ["example.jp", "sub.example.jp", "xn--wgv71a119e.jp"]
    );
    let answer = boss.get(API).await.ok().json();
    assert_eq!(answer["domains"], json!(stored));
    let trail = boss.get("/settings/audit-events").await;
    trail.shows(&[
        "ドメイン制限を保存",
        "許可ドメイン",
        "example.jp、sub.example.jp",
    ]);

    // The box decides, whatever stands in the list.
    let saved = boss.submit(PATH, &[("domains", typed)]).await;
    saved.shows(&["ドメイン制限を無効にしました"]);
    assert!(workspace(&console).await.allowed_domains.is_empty());
}

#[tokio::test]
async fn what_is_no_domain_is_refused_with_the_reason_and_stays_in_the_form() {
    let (console, boss) = system_administrator().await;
    for (typed, said) in [
        ("", "許可ドメインを1件以上入力してください"),
        ("taro@example.jp", "はメールアドレスです"),
        ("*.example.jp", "サブドメインは1件ずつ入力してください"),
        ("example", "ドメインとして正しくありません"),
    ] {
        let page = boss
            .form(PATH, &[("limited", "yes"), ("domains", typed)])
            .await;
        assert_eq!(page.status, 400, "{typed}");
        page.shows(&[said, &format!("{typed}</textarea>"), "checked"]);
    }
    let eleven: Vec<String> = (0..11).map(|it| format!("d{it}.example")).collect();
    let answer = boss.put(API, json!({ "domains": eleven })).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.problem(), "invalid_domains");
    let detail = answer.json()["detail"].to_string();
    assert!(detail.contains("10件まで登録できます(11件"), "{detail}");
    assert!(workspace(&console).await.allowed_domains.is_empty());
}

#[tokio::test]
async fn an_administrator_reads_the_domains_and_changes_nothing() {
    let (console, admin) = administrator().await;
    let boss = console.browser(Role::SystemAdministrator).await;
    boss.put(API, json!({"domains": ["example.jp"]})).await.ok();
    let page = admin.get(PATH).await.ok();
    page.shows(&["example.jp", "「システム管理者」のユーザーのみ"]);
    page.shows_no(&["設定を保存"]);
    assert_eq!(admin.form(PATH, &[]).await.status, 403);
    let refused = admin.put(API, json!({"domains": []})).await;
    assert_eq!(refused.status, 403);
    assert_eq!(workspace(&console).await.allowed_domains, ["example.jp"]);
}

#[tokio::test]
async fn somebody_whose_domain_is_not_allowed_fails_with_a_link_to_where_it_is_added() {
    let (console, boss) = system_administrator().await;
    console.env.set_crews(&crews()).await;
    boss.put(API, json!({"domains": ["other.example"]}))
        .await
        .ok();
    let run = console.env.nightly_run().await;
    for path in [
        "/settings/smarthr/failures".to_owned(),
        format!("/settings/smarthr/history/{}", run.run_id),
    ] {
        let page = boss.get(&path).await.ok();
        page.shows(&[
            "ドメインがKiteRaの設定で許可されていません",
            "<a href=\"/settings/allowed-domains\">ドメイン制限</a>",
        ]);
    }
    boss.put(API, json!({"domains": ["example.jp"]})).await.ok();
    testkit::advance(SignedDuration::from_mins(1));
    let run = console.env.nightly_run().await;
    assert_eq!((run.counts.invited, run.counts.failed), (2, 1));
}
