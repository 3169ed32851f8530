//! 初回のユーザーログインについて

use end_to_end::{ADMIN_EMAIL, Person, csv_of, invitation_link};
use local::Mail;

use crate::walk::{Walk, sato, takahashi, tanaka};

const PASSWORD: &str = "kawa-no-nagare-2026";

/// `mails` are those of the first night.
pub(crate) async fn 初回のユーザーログインについて(
    walk: &mut Walk,
    mails: Vec<Mail>,
) {
    with_an_address(walk, &mails).await;
    with_a_code_only(walk, &mails).await;
    through_sso(walk, &mails).await;
    invited_again_after_72_hours(walk).await;
}

/// 【メールアドレス情報がある+パスワードログインのユーザーの場合】
async fn with_an_address(walk: &Walk, mails: &[Mail]) {
    // 各ユーザーに招待メールが届きます。…メールに記載されたURLから初回ログインを依頼してください。
    let mail = mails.iter().find(|mail| mail.to == ["sato@example.jp"]);
    let link = invitation_link(mail.expect("an invitation"));
    let sato = walk.other_browser().await;
    sato.go(&link).await;
    sato.says("佐藤 太郎 様").await;
    sato.look("41-招待メールのリンク").await;
    sato.fill("新しいパスワード", PASSWORD).await;
    sato.fill("新しいパスワード(確認)", PASSWORD).await;
    sato.click("登録する").await;
    sato.says("登録が完了しました").await;
    sato.look("42-登録が完了").await;
    sato.click("ログアウト").await;
    sato.says("メールアドレスでログイン").await;
}

/// 【メールアドレス情報がない(=従業員コードのみ)のユーザーの場合】
async fn with_a_code_only(walk: &Walk, mails: &[Mail]) {
    // システム管理者のメールアドレスに、該当ユーザーの初期パスワードが記載されたCSVファイルが届きます。
    let mail = mails.iter().find(|mail| mail.to == [ADMIN_EMAIL]);
    let csv = csv_of(mail.expect("a CSV"));
    let [_, code, initial_password, address] = &csv[0][..] else {
        panic!("{csv:?}");
    };
    // 従業員に、ログインURLとログイン情報をお伝えし、初回ログインを依頼してください。
    let tanaka = walk.other_browser().await;
    tanaka.go(address).await;
    tanaka.says("従業員コードでログイン").await;
    tanaka.look("43-従業員コードでログイン").await;
    tanaka.fill("従業員コード", code.trim()).await;
    tanaka
        .fill("パスワード(初回は初期パスワード)", initial_password)
        .await;
    tanaka.click("ログイン").await;
    tanaka.says("新しいパスワードの設定").await;
    tanaka.look("44-新しいパスワードの設定").await;
    tanaka.fill("新しいパスワード", PASSWORD).await;
    tanaka.fill("新しいパスワード(確認)", PASSWORD).await;
    tanaka.click("設定する").await;
    tanaka.says("登録が完了しました").await;
}

/// 【メールアドレス情報がある+SSOログインのユーザーの場合】
async fn through_sso(walk: &Walk, mails: &[Mail]) {
    // SSOの場合は、自動登録されるため、招待メールは届きません。初回ログイン時の操作も不要です。
    assert!(mails.iter().all(|mail| mail.to != ["takahashi@example.jp"]));
    let admin = &walk.admin;
    admin.go("/users?q=takahashi&status=invited").await;
    admin.says("該当するユーザーはいません。").await;
    admin.go("/users?q=takahashi&status=active").await;
    admin.says("高橋 太郎").await;
    admin.look("45-SSOのユーザー").await;
}

async fn invited_again_after_72_hours(walk: &mut Walk) {
    // <注意事項>・招待メールから72時間超えても登録されない場合はリンクが無効になり、午前2時の同期の際に自動で
    // 再招待メールが送信されます。
    let suzuki = Person::new(7, "鈴木").email("suzuki@example.jp");
    walk.people(&[sato(), tanaka(), takahashi(), suzuki]).await;
    walk.story.next_night().await;
    let mails = walk.story.new_mails().await;
    let first = mails.iter().find(|mail| mail.to == ["suzuki@example.jp"]);
    let first = invitation_link(first.expect("an invitation"));
    walk.story.hours_pass(73).await;
    let suzuki = walk.other_browser().await;
    suzuki.go(&first).await;
    suzuki
        .says("午前2時の同期の際に、自動で再招待メールが送信されます。")
        .await;
    suzuki.look("46-72時間を過ぎたリンク").await;
    walk.story.night().await;
    let mails = walk.story.new_mails().await;
    let again = mails.iter().find(|mail| mail.to == ["suzuki@example.jp"]);
    suzuki
        .go(&invitation_link(again.expect("another one")))
        .await;
    suzuki.says("鈴木 太郎 様").await;
}
