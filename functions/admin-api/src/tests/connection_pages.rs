//! The pages of ワークスペース設定 → 外部サービス連携 → SmartHR.

use domain::{
    Company, Connection, ConnectionState, CustomItems, InvitationTexts, LoginMethodSetting,
    PasswordCsv, SyncTarget, TenantId, Webhook,
};

use jiff::SignedDuration;

use super::console::{Browser, Console, administrator, crews, system_administrator};

const PAGE: &str = "/settings/smarthr";
const DISCONNECT: &str = "/settings/smarthr/disconnect";

/// SmartHR refuses the tokens of a connection.
fn is_refused(connection: &mut Connection) {
    connection.state = ConnectionState::ReconnectNeeded;
}

#[tokio::test]
async fn the_way_of_the_manual_leads_from_the_settings_to_smarthr() {
    let (_console, browser) = administrator().await;
    browser.get("/settings").await.shows(&[
        "ワークスペース設定",
        "href=\"/settings/integrations\">外部サービス連携",
    ]);
    let services = browser.get("/settings/integrations").await;
    services.shows(&["href=\"/settings/smarthr\">SmartHR"]);
    let page = browser.get(PAGE).await;
    page.shows(&["株式会社テスト", "管理者", "ユーザー管理", "ログアウト"]);
}

#[tokio::test]
async fn a_connected_company_is_shown_with_every_setting_and_button_of_the_manual() {
    let (_console, browser) = system_administrator().await;
    let page = browser.get(PAGE).await.ok();
    page.shows(&[
        "SmartHR企業アカウント&#60;株式会社あおぞら商事&#62;と連携中",
        "ユーザー同期設定",
        ">有効にする</label>",
        "<legend>同期対象 ",
        ">全てのユーザー</label>",
        ">従業員コードのみのユーザーも同期する</label>",
        ">特定のユーザー</label>",
        "<legend>認証方法 ",
        ">パスワード</label>",
        ">SSO</label>",
        ">個別設定</label>",
        ">デフォルトグループ</label>",
        "編集権限グループ",
        "閲覧権限グループ",
        ">設定を保存</button>",
        ">解除する</a>",
        ">プレビュー</button>",
        ">今すぐ同期</a>",
        "毎日午前2時",
        ">ユーザー同期履歴</a>",
    ]);
    page.shows_no(&[
        "連携する</button>",
        "SmartHR PlusからKiteRaの連携機能をインストール",
    ]);
}

#[tokio::test]
async fn no_page_has_an_inline_script_or_style() {
    let (console, browser) = administrator().await;
    console.env.nightly_run().await;
    for path in ["/settings", PAGE, "/settings/smarthr/history", "/users"] {
        let page = browser.get(path).await;
        page.shows_no(&["<script>", "<script type", "style=", "<style", "onclick"]);
        page.shows(&["<html lang=\"ja\">"]);
    }
}

#[tokio::test]
async fn the_form_saves_and_answers_in_the_words_of_the_manual() {
    let (console, browser) = system_administrator().await;
    let fields = [
        ("enabled", "on"),
        ("target", "everyone"),
        ("code_only", "on"),
        ("login_method", "sso"),
        ("default_group", "editors"),
        ("password_csv", "not_attached"),
        ("invitation_contact", " 人事部 内線1234 "),
    ];
    browser.submit(PAGE, &fields).await.shows(&[
        "role=\"status\">SmartHRの設定を保存しました",
        "value=\"sso\" checked",
        "value=\"editors\" selected",
        "value=\"not_attached\" aria-describedby=\"csv-hint\" checked",
        "name=\"invitation_contact\" value=\"人事部 内線1234\"",
    ]);
    let saved = console.env.connection().await.settings;
    assert!(saved.enabled);
    assert_eq!(saved.target, SyncTarget::EveryoneAndCodeOnly);
    assert_eq!(saved.login_method, LoginMethodSetting::Sso);
    assert_eq!(saved.password_csv, PasswordCsv::NotAttached);
    let texts = saved.invitation_texts;
    assert_eq!(texts, InvitationTexts::new("人事部 内線1234", ""));
    let long = "長".repeat(InvitationTexts::LONGEST + 1);
    let too_long = [("enabled", "on"), ("invitation_message", &*long)];
    let answer = browser.form(PAGE, &too_long).await;
    answer.shows(&["それぞれ100文字以内で入力してください", &long]);
    assert_eq!(
        console.env.connection().await.settings.invitation_texts,
        texts
    );
    browser.get(PAGE).await.shows_no(&["保存しました"]);
}

#[tokio::test]
async fn immediate_sync_is_switched_off_and_on_and_stays_as_it_is_in_a_form_without_it() {
    let (console, browser) = system_administrator().await;
    let page = browser.get(PAGE).await;
    page.shows(&[
        "<legend>即時反映</legend>",
        "name=\"immediate\" value=\"on\" checked",
    ]);
    for (sent, is_on) in [
        (vec![("immediate", "off")], false),
        (vec![], false),
        (vec![("immediate", "on")], true),
        (vec![], true),
    ] {
        let mut fields = vec![("enabled", "on")];
        fields.extend(sent);
        browser.submit(PAGE, &fields).await;
        let settings = console.env.connection().await.settings;
        assert_eq!(settings.immediate, is_on, "{fields:?}");
    }
}

#[tokio::test]
async fn without_the_right_to_webhooks_the_page_says_what_to_do() {
    let (console, browser) = administrator().await;
    let unavailable = [
        "即時反映は利用できません。",
        "SmartHRでKiteRaアプリにWebhookの権限を付与すると",
    ];
    browser.get(PAGE).await.shows_no(&unavailable);
    let forbidden = |it: &mut Connection| it.webhook = Some(Webhook::Forbidden);
    console.env.change_connection(forbidden).await;
    browser.get(PAGE).await.shows(&unavailable);
    let off = |it: &mut Connection| it.settings.immediate = false;
    console.env.change_connection(off).await;
    browser.get(PAGE).await.shows_no(&unavailable);
}

#[tokio::test]
async fn boxes_that_are_not_ticked_are_off_and_the_sub_choice_belongs_to_everybody() {
    let (console, browser) = system_administrator().await;
    let fields = [
        ("target", "chosen"),
        ("code_only", "on"),
        ("login_method", "individual"),
        ("default_group", "viewers"),
    ];
    browser.form(PAGE, &fields).await.location();
    let saved = console.env.connection().await.settings;
    assert!(!saved.enabled);
    assert_eq!(saved.target, SyncTarget::Chosen);
    assert_eq!(saved.login_method, LoginMethodSetting::Individual);
}

#[tokio::test]
async fn what_cannot_be_saved_stays_in_the_form_with_the_reason() {
    let (console, browser) = administrator().await;
    let before = console.env.connection().await;
    let fields = [
        ("target", "chosen"),
        ("login_method", "password"),
        ("default_group", "nowhere"),
    ];
    let answer = browser.form(PAGE, &fields).await;
    assert_eq!(answer.status, 409);
    answer.shows(&[
        "role=\"alert\">選択したデフォルトグループは存在しません。",
        "value=\"chosen\" aria-describedby=\"chosen-hint\" checked",
        "選択してください",
    ]);
    assert_eq!(console.env.connection().await, before);
}

#[tokio::test]
async fn sso_cannot_be_chosen_and_the_reason_stands_beside_it_while_it_is_not_configured() {
    let (console, browser) = administrator().await;
    let (store, workspace) = (&console.env.store, &console.env.workspace);
    store
        .put_single_sign_on(workspace, None, &[])
        .await
        .unwrap();
    let page = browser.get(PAGE).await;
    assert_eq!(page.html().matches(" disabled>").count(), 2);
    page.shows(&["SSOが設定されていないため"]);
    let fields = [("login_method", "sso"), ("default_group", "viewers")];
    let answer = browser.form(PAGE, &fields).await;
    assert_eq!(answer.status, 409);
    answer.shows(&["全員がログインできなくなるおそれ"]);
}

#[tokio::test]
async fn disconnecting_asks_first_and_happens_only_on_the_second_click() {
    let (console, browser) = administrator().await;
    browser.get(DISCONNECT).await.shows(&[
        "連携を解除しますか?",
        ">解除する</button>",
        ">キャンセル</a>",
    ]);
    let asked = console.env.connection().await.state;
    assert_eq!(asked, ConnectionState::Connected);
    let page = browser.submit(DISCONNECT, &[]).await;
    page.shows(&[
        "連携を解除しました",
        "SmartHRと連携されていません",
        ">連携する</button>",
    ]);
    page.shows_no(&["設定を保存"]);
    let answered = console.env.connection().await.state;
    assert_eq!(answered, ConnectionState::Disconnected);
    let again = browser.get(DISCONNECT).await;
    assert_eq!(again.location(), PAGE, "there is nothing to ask about");
}

#[tokio::test]
async fn who_has_no_connection_reads_to_install_the_app_first_and_can_start_nothing() {
    let (_console, browser) = administrator().await;
    browser.submit(DISCONNECT, &[]).await.shows(&[
        "連携を行うためには、SmartHR PlusからKiteRaの連携機能をインストールする必要があります。",
        ">連携する</button>",
    ]);
    for path in ["/settings/smarthr/runs", "/settings/smarthr/previews"] {
        let answer = browser.form(path, &[]).await;
        assert_eq!(answer.status, 409);
        answer.shows(&["role=\"alert\">SmartHRと連携されていません。"]);
    }
}

#[tokio::test]
async fn connecting_leads_to_smarthr_by_a_page_so_that_no_policy_of_ours_stops_it_on_the_way() {
    let (console, browser) = administrator().await;
    let answer = browser.form("/settings/smarthr/connect", &[]).await;
    assert_eq!(answer.status, 200);
    let smarthr = console.env.smarthr_proxy_url();
    let address = format!("url={smarthr}/oauth/authorization?");
    answer.shows(&["SmartHRに移動します", &address, "state="]);
    let wrong = [("subdomain", "evil.example/")];
    let answer = browser.form("/settings/smarthr/connect", &wrong).await;
    assert_eq!(answer.status, 400);
    answer.shows(&["サブドメインが正しくありません"]);
}

#[tokio::test]
async fn who_disconnects_while_smarthr_refuses_us_reads_what_stays_there() {
    let (console, browser) = administrator().await;
    let stays = "カスタム項目グループ「KiteRa連携」を削除してください";
    let being_made = |it: &mut Connection| it.items = Some(CustomItems::BEING_MADE);
    console.env.change_connection(being_made).await;
    browser.get(DISCONNECT).await.shows_no(&[stays]);
    console.env.change_connection(is_refused).await;
    browser.get(DISCONNECT).await.shows(&[stays]);
}

#[tokio::test]
async fn a_connection_that_smarthr_refuses_says_what_to_do() {
    let (console, browser) = administrator().await;
    console.env.change_connection(is_refused).await;
    let page = browser.get(PAGE).await;
    page.shows(&[
        "再連携が必要です",
        ">連携する</button>",
        ">解除する</a>",
        ">設定を保存</button>",
    ]);
    page.shows_no(&["今すぐ同期</a>"]);
}

#[tokio::test]
async fn another_company_is_asked_about_and_its_name_is_no_markup() {
    let (console, browser) = administrator().await;
    let other = Company {
        tenant_id: TenantId::new("22222222-2222-4222-8222-222222222222"),
        name: "<script>alert('みどり')</script>".into(),
        subdomain: None,
    };
    let waits = |it: &mut Connection| it.pending = Some(other);
    console.env.change_connection(waits).await;
    let page = browser.get(PAGE).await;
    page.shows(&[
        "連携先を切り替えますか?",
        "株式会社あおぞら商事",
        ">切り替えない</button>",
    ]);
    page.shows_no(&["<script"]);
    let refuse = [("answer", "refuse")];
    let page = browser.submit("/settings/smarthr/relink", &refuse).await;
    page.shows(&["連携先の切り替えを取り消しました。"]);
    assert!(console.env.connection().await.pending.is_none());
    let answer = browser.form("/settings/smarthr/relink", &refuse).await;
    assert_eq!(answer.status, 409);
    answer.shows(&["確認待ちの企業アカウントはありません。"]);
}

/// Saves the form in a company with two people, and returns the address of the preview that it leads to, which has
/// ended.
async fn previewed(console: &Console, browser: &Browser, fields: &[(&str, &str)]) -> String {
    console.env.set_crews(&crews()).await;
    console.env.nightly_run().await;
    let before = console.env.connection().await.settings;
    console.env.clear_queues();
    let preview = browser.form(PAGE, fields).await.location().to_owned();
    let message = console.env.queued_runs().remove(0);
    browser
        .get(&preview)
        .await
        .shows(&["プレビューを作成しています"]);
    console.env.run(&message).await.unwrap();
    assert_eq!(console.env.connection().await.settings, before);
    preview
}

/// Returns the form's fields as the page of a preview sends them.
fn on_page_of<'a>(
    preview: &'a str,
    fields: &[(&'static str, &'a str)],
) -> Vec<(&'static str, &'a str)> {
    let id = preview.rsplit('/').next().unwrap();
    let id = id.split('?').next().unwrap();
    [fields, &[("preview", id)]].concat()
}

#[tokio::test]
async fn sso_for_many_people_is_saved_after_a_preview_that_says_for_how_many() {
    let (console, browser) = system_administrator().await;
    let fields = [
        ("enabled", "on"),
        ("target", "everyone"),
        ("login_method", "sso"),
        ("default_group", "editors"),
    ];
    let preview = previewed(&console, &browser, &fields).await;
    let page = browser.get(&preview).await;
    page.shows(&[
        "この設定を保存しますか?",
        "2名の認証方法がSSOに変わり",
        "次回の同期(2026/11/24 02:00)",
        "name=\"login_method\" value=\"sso\"",
        "登録 <b>2</b>",
        ">保存する</button>",
    ]);
    page.shows_no(&["対象外になり", "この内容で同期する"]);
    browser
        .submit(PAGE, &on_page_of(&preview, &fields))
        .await
        .shows(&["SmartHRの設定を保存しました"]);
    let saved = console.env.connection().await.settings;
    assert_eq!(saved.login_method, LoginMethodSetting::Sso);
    // Saving the same again changes nobody, and [今すぐ同期] shows no counts of settings that were not saved then.
    browser.form(PAGE, &fields).await.location();
    assert!(console.env.queued_runs().is_empty());
    browser
        .get("/settings/smarthr/runs")
        .await
        .shows(&["プレビューはまだありません。"]);
}

#[tokio::test]
async fn whom_特定のユーザー_leaves_out_is_counted_before_smarthr_gets_an_item() {
    let (console, browser) = system_administrator().await;
    let fields = [("enabled", "on"), ("target", "chosen")];
    let preview = previewed(&console, &browser, &fields).await;
    let page = browser.get(&preview).await;
    page.shows(&[
        "2名は、SmartHRの項目「連携対象」が「連携する」ではないため同期対象外になり",
        "対象外 <b>2</b>",
    ]);
    assert!(console.env.connection().await.items.is_none());
    browser.submit(PAGE, &on_page_of(&preview, &fields)).await;
    let saved = console.env.connection().await;
    assert_eq!(saved.settings.target, SyncTarget::Chosen);
    assert!(saved.items.is_some());
}

#[tokio::test]
async fn settings_can_be_saved_although_smarthr_does_not_say_whom_they_change() {
    let (console, browser) = system_administrator().await;
    let fields = [("enabled", "on"), ("login_method", "sso")];
    console.env.set_crews(&crews()).await;
    console.env.nightly_run().await;
    console.env.clear_queues();
    let preview = browser.form(PAGE, &fields).await.location().to_owned();
    console.env.change_connection(is_refused).await;
    let message = console.env.queued_runs().remove(0);
    console.env.run(&message).await.unwrap();
    browser.get(&preview).await.shows(&[
        "この設定を保存した場合の人数を確認できませんでした。",
        ">確認せずに保存する</button>",
    ]);
}

#[tokio::test]
async fn settings_that_cannot_be_saved_are_refused_before_a_preview() {
    let (console, browser) = system_administrator().await;
    console.env.set_crews(&crews()).await;
    console.env.nightly_run().await;
    console.env.clear_queues();
    let fields = [
        ("enabled", "on"),
        ("target", "chosen"),
        ("default_group", "gone"),
    ];
    let page = browser.form(PAGE, &fields).await;
    assert_eq!(page.status, 409);
    page.shows(&["選択したデフォルトグループは存在しません。"]);
    assert!(console.env.queued_runs().is_empty());
}

#[tokio::test]
async fn a_preview_saves_nothing_once_other_settings_were_saved() {
    let (console, browser) = system_administrator().await;
    let fields = [
        ("enabled", "on"),
        ("target", "chosen"),
        ("default_group", "editors"),
    ];
    let preview = previewed(&console, &browser, &fields).await;
    let off = |it: &mut Connection| it.settings.enabled = false;
    console.env.change_connection(off).await;
    let page = browser.get(&preview).await;
    page.shows(&["プレビューの後に、別の設定が保存されました。"]);
    page.shows_no(&[">保存する</button>"]);
    testkit::advance(SignedDuration::from_mins(1));
    let again = browser.form(PAGE, &on_page_of(&preview, &fields)).await;
    assert_ne!(again.location(), preview, "another preview");
    assert!(!console.env.connection().await.settings.enabled);
}

#[tokio::test]
async fn a_sync_that_is_switched_on_with_sso_is_previewed() {
    let (console, browser) = system_administrator().await;
    console.env.set_crews(&crews()).await;
    console.env.nightly_run().await;
    let paused = |it: &mut Connection| {
        it.settings.enabled = false;
        it.settings.login_method = LoginMethodSetting::Sso;
    };
    console.env.change_connection(paused).await;
    console.env.clear_queues();
    let on = browser.form(PAGE, &[("enabled", "on")]).await;
    assert!(on.location().contains("/previews/"), "{}", on.location());
    assert!(!console.env.connection().await.settings.enabled);
}
