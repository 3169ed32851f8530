//! The manual, read from top to bottom with a browser: what it says to click is clicked, what it says
//! is shown must be shown. A file per heading.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a walk that cannot go on has failed"
)]

mod disconnect;
mod first_login;
mod history;
mod link;
mod settings;
mod walk;

use walk::Walk;

#[tokio::test]
async fn everything_in_the_manual_is_there_from_top_to_bottom() {
    let mut walk = Walk::begin().await;
    link::smarthrと連携を設定する(&walk).await;
    settings::ユーザー同期設定を行う(&walk).await;
    let mails = history::同期履歴について(&mut walk).await;
    first_login::初回のユーザーログインについて(&mut walk, mails).await;
    disconnect::smarthrと連携を解除する(&walk).await;
}
