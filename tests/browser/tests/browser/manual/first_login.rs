//! 初回のユーザーログインについて

use end_to_end::{ADMIN_EMAIL, Person, csv_of, invitation_link};
use local::Mail;

use super::single_sign_on::sign_in_at_provider;
use super::walkthrough::{Walkthrough, sato, takahashi, tanaka};

const PASSWORD: &str = "kawa-no-nagare-2026";

fn mail_to<'a>(address: &str, mails: &'a [Mail]) -> &'a Mail {
    let mut mails = mails.iter();
    mails.find(|mail| mail.to == [address]).expect(address)
}

/// `mails` are those of the first night.
pub(crate) async fn 初回のユーザーログインについて(
    walkthrough: &mut Walkthrough,
    mails: Vec<Mail>,
) {
    with_an_address(walkthrough, &mails).await;
    with_a_code_only(walkthrough, &mails).await;
    through_sso(walkthrough, &mails).await;
    invited_again_after_72_hours(walkthrough).await;
}

/// 【メールアドレス情報がある+パスワードログインのユーザーの場合】
async fn with_an_address(walkthrough: &Walkthrough, mails: &[Mail]) {
    // 各ユーザーに招待メールが届きます。…メールに記載されたURLから初回ログインを依頼してください。
    let link = invitation_link(mail_to("sato@example.jp", mails));
    let sato = walkthrough.other_browser().await;
    // 必要に応じて、以下のページを併せて共有ください。【招待メールが届いた方へ】初回ログイン方法
    sato.go("/help/first-login-by-mail").await;
    sato.shows("招待から72時間です").await;
    sato.inspect("48-招待メールが届いた方へ").await;
    sato.go(&link).await;
    sato.shows("佐藤 太郎 様").await;
    sato.inspect("41-招待メールのリンク").await;
    sato.choose_password(PASSWORD, "登録する").await;
    sato.shows("登録が完了しました").await;
    sato.inspect("42-登録が完了").await;
    sato.click("ログアウト").await;
    sato.shows("メールアドレスでログイン").await;
}

/// 【メールアドレス情報がない(=従業員コードのみ)のユーザーの場合】
async fn with_a_code_only(walkthrough: &Walkthrough, mails: &[Mail]) {
    // システム管理者のメールアドレスに、該当ユーザーの初期パスワードが記載されたCSVファイルが届きます。
    let csv = csv_of(mail_to(ADMIN_EMAIL, mails));
    let [_, code, initial_password, _, _, address] = &csv[0][..] else {
        panic!("{csv:?}");
    };
    // 従業員に、ログインURLとログイン情報をお伝えし、初回ログインを依頼してください。
    let tanaka = walkthrough.other_browser().await;
    // 必要に応じて、以下のページを併せて共有ください。【従業員コードで招待された方へ】初回ログイン方法
    tanaka.go("/help/first-login-by-code").await;
    tanaka
        .shows("企業コード・従業員コード・初期パスワード")
        .await;
    tanaka.inspect("49-従業員コードで招待された方へ").await;
    tanaka.go(address).await;
    tanaka.shows("従業員コードでログイン").await;
    tanaka.inspect("43-従業員コードでログイン").await;
    tanaka.fill("従業員コード", code.trim()).await;
    tanaka
        .fill("パスワード(初回は初期パスワード)", initial_password)
        .await;
    tanaka.click("ログイン").await;
    tanaka.shows("新しいパスワードの設定").await;
    tanaka.inspect("44-新しいパスワードの設定").await;
    tanaka.choose_password(PASSWORD, "設定する").await;
    tanaka.shows("登録が完了しました").await;
}

/// 【メールアドレス情報がある+SSOログインのユーザーの場合】
async fn through_sso(walkthrough: &Walkthrough, mails: &[Mail]) {
    // SSOの場合は、自動登録されるため、招待メールは届きません。初回ログイン時の操作も不要です。
    assert!(mails.iter().all(|mail| mail.to != ["takahashi@example.jp"]));
    let admin = &walkthrough.admin;
    admin.go("/users?q=takahashi&state=invited").await;
    admin.shows("該当するユーザーはいません。").await;
    admin.go("/users?q=takahashi&state=active").await;
    admin.shows("高橋 太郎").await;
    admin.inspect("45-SSOのユーザー").await;
    // 従業員に、SSOからログインできる旨をお伝えください。
    let takahashi = walkthrough.other_browser().await;
    takahashi.go("/sign-in").await;
    let account = "企業コードまたはメールアドレス";
    takahashi.fill(account, "takahashi@example.jp").await;
    takahashi.click("SSOでログイン").await;
    sign_in_at_provider(&takahashi, "takahashi@example.jp").await;
    takahashi.shows("企業コード:").await;
    takahashi.shows("高橋 太郎 様").await;
    takahashi.inspect("47-SSOでログイン").await;
}

async fn invited_again_after_72_hours(walkthrough: &mut Walkthrough) {
    // <注意事項>・招待メールから72時間超えても登録されない場合はリンクが無効になり、午前2時の同期の際に自動で
    // 再招待メールが送信されます。
    let suzuki = Person::new(7, "鈴木").email("suzuki@example.jp");
    walkthrough
        .put_people(&[sato(), tanaka(), takahashi(), suzuki])
        .await;
    walkthrough.story.next_night().await;
    let mails = walkthrough.story.new_mails().await;
    let first = invitation_link(mail_to("suzuki@example.jp", &mails));
    walkthrough.story.hours_pass(73).await;
    let suzuki = walkthrough.other_browser().await;
    suzuki.go(&first).await;
    suzuki
        .shows("午前2時の同期の際に、自動で再招待メールが送信されます。")
        .await;
    suzuki.inspect("46-72時間を過ぎたリンク").await;
    walkthrough.story.night().await;
    let mails = walkthrough.story.new_mails().await;
    let again = invitation_link(mail_to("suzuki@example.jp", &mails));
    suzuki.go(&again).await;
    suzuki.shows("鈴木 太郎 様").await;
}
