//! Pictures of whole pages, and what else is looked at on the way.

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::chrome::{Chrome, WINDOW};
use crate::files::folder;

/// A telephone's width.
const NARROW: u32 = 390;

impl Chrome {
    /// Leaves `target/screenshots/STORY/NAME.png`, the same in `telephone/`, and makes sure that everybody can use
    /// the page: no serious finding of axe, nothing that our own Content-Security-Policy blocked, nothing wider
    /// than a telephone.
    pub async fn look(&self, name: &str) {
        self.picture(name).await;
        self.check_accessibility(name).await;
        self.check_nothing_was_blocked(name).await;
        self.look_on_a_telephone(name).await;
    }

    /// Leaves the picture only: for pages that are not ours.
    pub async fn picture(&self, name: &str) {
        let (width, height) = WINDOW;
        let whole = self
            .number("return document.documentElement.scrollHeight")
            .await;
        self.client
            .set_window_size(width, height.max(whole + 200))
            .await
            .unwrap();
        let png = self.client.screenshot().await.unwrap();
        self.client.set_window_size(width, height).await.unwrap();
        let folder = folder(format!("screenshots/{}", self.story));
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }

    async fn look_on_a_telephone(&self, name: &str) {
        let (width, height) = WINDOW;
        self.client.set_window_size(NARROW, height).await.unwrap();
        self.check_accessibility(&format!("{name} on a telephone"))
            .await;
        let wide = self
            .number("return document.documentElement.scrollWidth")
            .await;
        let room = self
            .number("return document.documentElement.clientWidth")
            .await;
        let whole = self
            .number("return document.documentElement.scrollHeight")
            .await;
        self.client
            .set_window_size(NARROW, height.max(whole + 200))
            .await
            .unwrap();
        let png = self.client.screenshot().await.unwrap();
        let folder = folder(format!("screenshots/{}/telephone", self.story));
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
        self.client.set_window_size(width, height).await.unwrap();
        assert!(
            wide <= room,
            "{name} is {wide} pixels wide on a telephone of {room}"
        );
    }

    /// Chromium tells of blocked styles, scripts and redirects in its console only.
    async fn check_nothing_was_blocked(&self, name: &str) {
        let session = self.client.session_id().await.unwrap().unwrap();
        let log = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(format!("{}/session/{session}/se/log", self.driver.url()))
            .json(&json!({ "type": "browser" }))
            .send()
            .await
            .unwrap();
        let log: Value = log.json().await.unwrap();
        for entry in log["value"].as_array().unwrap() {
            let message = entry["message"].as_str().unwrap();
            assert!(
                !message.contains("Content Security Policy"),
                "{name}: {message}"
            );
        }
    }

    async fn number(&self, script: &str) -> u32 {
        // A page that is just being left has no size.
        self.client.find(Locator::Css("body")).await.unwrap();
        let number = self.client.execute(script, Vec::new()).await.unwrap();
        u32::try_from(number.as_u64().unwrap()).unwrap()
    }
}
