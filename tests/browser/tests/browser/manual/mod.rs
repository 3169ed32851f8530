//! The manual in a browser, from top to bottom: what it says to click is clicked, and what it says is shown must be
//! shown. Each heading has a file.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a walk-through that cannot go on has failed"
)]

mod connect;
mod disconnect;
mod first_login;
mod history;
mod settings;
mod single_sign_on;
mod walkthrough;

use self::walkthrough::Walkthrough;

#[tokio::test]
async fn everything_in_the_manual_is_there_from_top_to_bottom() {
    let mut walkthrough = Walkthrough::begin().await;
    connect::smarthrと連携を設定する(&walkthrough).await;
    single_sign_on::シングルサインオンを設定する(&walkthrough).await;
    settings::ユーザー同期設定を行う(&walkthrough).await;
    let mails = history::同期履歴について(&mut walkthrough).await;
    first_login::初回のユーザーログインについて(&mut walkthrough, mails).await;
    disconnect::smarthrと連携を解除する(&walkthrough).await;
}
