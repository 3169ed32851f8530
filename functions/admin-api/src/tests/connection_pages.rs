//! The pages of ワークスペース設定 → 外部サービス連携 → SmartHR.

use axum::http::StatusCode;
use domain::{Company, Connection, ConnectionState, LoginMethodSetting, SyncTarget, TenantId};

use super::console::{Console, administrator, contains, system_administrator};

const PAGE: &str = "/settings/smarthr";

/// Changes the stored connection.
async fn with_link(console: &Console, change: impl FnOnce(&mut Connection)) {
    let store = &console.env.store;
    let mut link = store.connection(console.id()).await.unwrap().unwrap();
    change(&mut link);
    store.put_connection(console.id(), &mut link).await.unwrap();
}

async fn link(console: &Console) -> Connection {
    let link = console.env.store.connection(console.id()).await;
    link.unwrap().unwrap()
}

#[tokio::test]
async fn the_way_of_the_manual_leads_from_the_settings_to_smarthr() {
    let (_console, browser) = administrator().await;
    let menu = browser.get("/settings").await;
    contains(
        menu.html(),
        &[
            "ワークスペース設定",
            "href=\"/settings/integrations\">外部サービス連携",
        ],
    );
    let services = browser.get("/settings/integrations").await;
    contains(services.html(), &["href=\"/settings/smarthr\">SmartHR"]);
    contains(
        browser.get(PAGE).await.html(),
        &["株式会社テスト", "管理者", "ユーザー管理", "ログアウト"],
    );
}

#[tokio::test]
async fn a_linked_company_is_shown_with_every_setting_and_button_of_the_manual() {
    let (_console, browser) = system_administrator().await;
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    contains(
        page.html(),
        &[
            "SmartHR企業アカウント&#60;株式会社あおぞら商事&#62;と連携中",
            "ユーザー同期設定",
            ">有効にする</label>",
            "<legend>同期対象</legend>",
            ">全てのユーザー</label>",
            ">従業員コードのみのユーザーも同期する</label>",
            ">特定のユーザー</label>",
            "<legend>認証方法</legend>",
            ">パスワード</label>",
            ">SSO</label>",
            ">個別設定</label>",
            ">デフォルトグループ</label>",
            "編集権限グループ",
            "閲覧権限グループ",
            ">設定を保存</button>",
            ">解除する</a>",
            ">プレビュー</button>",
            ">今すぐ同期</button>",
            "毎日午前2時",
            ">ユーザー同期履歴</a>",
        ],
    );
    assert!(!page.html().contains("連携する</button>"));
}

#[tokio::test]
async fn no_page_needs_a_script_or_an_inline_style() {
    let (console, browser) = administrator().await;
    console.env.nightly_run().await;
    for path in ["/settings", PAGE, "/settings/smarthr/history", "/users"] {
        let page = browser.get(path).await;
        for inline in ["<script", "style=", "<style", "onclick"] {
            assert!(!page.html().contains(inline), "{path} {inline}");
        }
        assert!(page.html().contains("<html lang=\"ja\">"));
    }
}

#[tokio::test]
async fn the_form_saves_and_says_so_in_the_words_of_the_manual() {
    let (console, browser) = administrator().await;
    let fields = [
        ("enabled", "on"),
        ("target", "everyone"),
        ("code_only", "on"),
        ("login_method", "sso"),
        ("default_group", "editors"),
    ];
    let answer = browser.form(PAGE, &fields).await;
    let page = browser.get(answer.location()).await;
    contains(
        page.html(),
        &[
            "role=\"status\">SmartHRの設定を保存しました",
            "value=\"sso\" checked",
            "value=\"editors\" selected",
        ],
    );
    let saved = link(&console).await.settings;
    assert!(saved.enabled);
    assert_eq!(saved.target, SyncTarget::EveryoneAndCodeOnly);
    assert_eq!(saved.login_method, LoginMethodSetting::Sso);
    let page = browser.get(PAGE).await;
    assert!(!page.html().contains("保存しました"));
}

#[tokio::test]
async fn boxes_that_are_not_ticked_are_off_and_the_sub_choice_belongs_to_everybody() {
    let (console, browser) = administrator().await;
    let fields = [
        ("target", "chosen"),
        ("code_only", "on"),
        ("login_method", "individual"),
        ("default_group", "viewers"),
    ];
    browser.form(PAGE, &fields).await.location();
    let saved = link(&console).await.settings;
    assert!(!saved.enabled);
    assert_eq!(saved.target, SyncTarget::Chosen);
    assert_eq!(saved.login_method, LoginMethodSetting::Individual);
}

#[tokio::test]
async fn what_cannot_be_saved_stays_in_the_form_with_the_reason() {
    let (console, browser) = administrator().await;
    let before = link(&console).await;
    let fields = [
        ("target", "chosen"),
        ("login_method", "password"),
        ("default_group", "nowhere"),
    ];
    let answer = browser.form(PAGE, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    contains(
        answer.html(),
        &[
            "role=\"alert\">選択したデフォルトグループは存在しません。",
            "value=\"chosen\" aria-describedby=\"chosen-hint\" checked",
            "選択してください",
        ],
    );
    assert_eq!(link(&console).await, before);
}

#[tokio::test]
async fn sso_cannot_be_chosen_and_the_reason_stands_beside_it_while_it_is_not_configured() {
    let (console, browser) = administrator().await;
    let mut workspace = console.env.workspace.clone();
    workspace.sso_configured = false;
    let store = &console.env.store;
    store.put_workspace(&workspace).await.unwrap();
    let page = browser.get(PAGE).await;
    assert_eq!(page.html().matches(" disabled>").count(), 2);
    contains(page.html(), &["SSOが設定されていないため"]);
    let fields = [("login_method", "sso"), ("default_group", "viewers")];
    let answer = browser.form(PAGE, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    contains(answer.html(), &["全員がログインできなくなるおそれ"]);
}

#[tokio::test]
async fn disconnecting_asks_first_and_happens_only_on_the_second_click() {
    let (console, browser) = administrator().await;
    let question = browser.get("/settings/smarthr/disconnect").await;
    contains(
        question.html(),
        &[
            "連携を解除しますか?",
            ">解除する</button>",
            ">キャンセル</a>",
        ],
    );
    assert_eq!(link(&console).await.state, ConnectionState::Connected);
    let answer = browser.form("/settings/smarthr/disconnect", &[]).await;
    let page = browser.get(answer.location()).await;
    contains(
        page.html(),
        &[
            "連携を解除しました",
            "SmartHRと連携されていません",
            ">連携する</button>",
        ],
    );
    assert!(!page.html().contains("設定を保存"));
    assert_eq!(link(&console).await.state, ConnectionState::Disconnected);
    let again = browser.get("/settings/smarthr/disconnect").await;
    assert_eq!(again.location(), PAGE, "there is nothing to ask about");
}

#[tokio::test]
async fn whoever_is_not_linked_is_told_to_install_the_app_first() {
    let (console, browser) = administrator().await;
    let told =
        "連携を行うためには、SmartHR PlusからKiteRaの連携機能をインストールする必要があります。";
    assert!(!browser.get(PAGE).await.html().contains(told));
    with_link(&console, |link| link.state = ConnectionState::Disconnected).await;
    let page = browser.get(PAGE).await;
    contains(page.html(), &[told, ">連携する</button>"]);
}

#[tokio::test]
async fn connecting_leads_to_smarthr_and_the_policy_of_the_page_lets_it() {
    let (console, browser) = administrator().await;
    let answer = browser.form("/settings/smarthr/connect", &[]).await;
    let target = answer.location();
    assert!(target.contains("/oauth/authorization?") && target.contains("state="));
    let page = browser.get(PAGE).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let origin = console.env.runner().connections.smarthr.oauth_origin();
    assert!(target.starts_with(&origin));
    assert!(policy.contains(&format!("form-action 'self' {origin};")));
    let wrong = [("subdomain", "evil.example/")];
    let answer = browser.form("/settings/smarthr/connect", &wrong).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    contains(answer.html(), &["サブドメインが正しくありません"]);
}

#[tokio::test]
async fn who_disconnects_while_smarthr_refuses_us_is_told_what_stays_there() {
    let (console, browser) = administrator().await;
    let stays = "カスタム項目グループ「KiteRa連携」を削除してください";
    with_link(&console, |link| {
        link.items = Some(domain::CustomItems::BEING_MADE);
    })
    .await;
    let question = browser.get("/settings/smarthr/disconnect").await;
    assert!(!question.html().contains(stays));
    with_link(&console, |link| {
        link.state = ConnectionState::ReconnectNeeded;
    })
    .await;
    let question = browser.get("/settings/smarthr/disconnect").await;
    contains(question.html(), &[stays]);
}

#[tokio::test]
async fn a_link_that_smarthr_refuses_says_what_to_do() {
    let (console, browser) = administrator().await;
    with_link(&console, |link| {
        link.state = ConnectionState::ReconnectNeeded;
    })
    .await;
    let page = browser.get(PAGE).await;
    contains(
        page.html(),
        &[
            "再連携が必要です",
            ">連携する</button>",
            ">解除する</a>",
            ">設定を保存</button>",
        ],
    );
    assert!(!page.html().contains("今すぐ同期</button>"));
}

#[tokio::test]
async fn another_company_is_asked_about_and_its_name_is_no_markup() {
    let (console, browser) = administrator().await;
    let other = Company {
        tenant_id: TenantId::new("22222222-2222-4222-8222-222222222222"),
        name: "<script>alert('みどり')</script>".into(),
        subdomain: None,
    };
    with_link(&console, |link| link.pending = Some(other)).await;
    let page = browser.get(PAGE).await;
    contains(
        page.html(),
        &[
            "連携先を切り替えますか?",
            "株式会社あおぞら商事",
            ">切り替えない</button>",
        ],
    );
    assert!(!page.html().contains("<script"));
    let refuse = [("answer", "refuse")];
    let answer = browser.form("/settings/smarthr/relink", &refuse).await;
    let page = browser.get(answer.location()).await;
    contains(page.html(), &["連携先の切り替えを取り消しました。"]);
    assert!(link(&console).await.pending.is_none());
    let answer = browser.form("/settings/smarthr/relink", &refuse).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    contains(answer.html(), &["確認待ちの企業アカウントはありません。"]);
}
