//! A mail as a mail program shows it.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::chrome::Chrome;

impl Chrome {
    /// Opens the HTML of a mail.
    pub async fn open_mail(&self, html: &str) {
        let html = STANDARD.encode(html);
        self.go(&format!("data:text/html;charset=utf-8;base64,{html}"))
            .await;
    }
}
