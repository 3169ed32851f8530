//! Screenshots of whole pages, and the checks that every page must pass.

use fantoccini::Locator;
use fantoccini::wd::PrintConfiguration;
use serde_json::{Value, json};

use crate::chrome::{Chrome, PATIENCE, WINDOW};
use crate::files::folder;

/// The width of a phone, in pixels.
const NARROW: u32 = 390;

impl Chrome {
    /// Saves `target/screenshots/STORY/NAME.png`, the same as on a phone in `telephone/` and in dark colours in
    /// `dark/`, and asserts that everybody can use the page: no finding of axe, nothing blocked by our own
    /// Content-Security-Policy, nothing wider than a phone.
    pub async fn inspect(&self, name: &str) {
        self.screenshot(name).await;
        self.check_accessibility(name).await;
        self.check_nothing_was_blocked(name).await;
        self.inspect_on_a_phone(name).await;
        self.inspect_in_dark_colours(name).await;
    }

    /// Saves the screenshot only, for pages that are not ours.
    pub async fn screenshot(&self, name: &str) {
        self.save_whole_page(WINDOW.0, "", name).await;
        self.resize(WINDOW.0, WINDOW.1).await;
    }

    /// Prints the page on A4, saves it as `target/screenshots/STORY/NAME.pdf`, and returns the number of its pages.
    pub async fn printed_pages(&self, name: &str) -> usize {
        let a4 = PrintConfiguration::builder().build().unwrap();
        let pdf = self.client.print(a4).await.unwrap();
        let folder = folder(format!("screenshots/{}", self.screenshots));
        std::fs::write(folder.join(format!("{name}.pdf")), &pdf).unwrap();
        self.check_nothing_was_blocked(name).await;
        let pdf = String::from_utf8_lossy(&pdf);
        let pages = pdf.split("/Type /Page").skip(1);
        pages.filter(|rest| !rest.starts_with('s')).count()
    }

    async fn save_whole_page(&self, width: u32, subfolder: &str, name: &str) {
        let height = self.size("scrollHeight").await;
        self.resize(width, WINDOW.1.max(height + 200)).await;
        let png = self.client.screenshot().await.unwrap();
        let folder = folder(format!("screenshots/{}/{subfolder}", self.screenshots));
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }

    async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.unwrap();
    }

    async fn inspect_on_a_phone(&self, name: &str) {
        self.resize(NARROW, WINDOW.1).await;
        self.check_accessibility(&format!("{name} on a phone"))
            .await;
        let page = self.size("scrollWidth").await;
        let phone = self.size("clientWidth").await;
        self.save_whole_page(NARROW, "telephone", name).await;
        self.resize(WINDOW.0, WINDOW.1).await;
        assert!(page <= phone, "{name} is {page} pixels wide, not {phone}");
    }

    async fn inspect_in_dark_colours(&self, name: &str) {
        self.prefer_colours("dark").await;
        self.check_accessibility(&format!("{name} in dark colours"))
            .await;
        self.save_whole_page(WINDOW.0, "dark", name).await;
        self.resize(WINDOW.0, WINDOW.1).await;
        self.prefer_colours("light").await;
    }

    /// Lets the page think that the person prefers these colours: `light` or `dark`.
    async fn prefer_colours(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        let command =
            json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": [feature] } });
        self.driver_command("goog/cdp/execute", command).await;
    }

    /// Chromium reports blocked styles, scripts and redirects only in its console.
    async fn check_nothing_was_blocked(&self, name: &str) {
        let log = self
            .driver_command("se/log", json!({ "type": "browser" }))
            .await;
        for entry in log["value"].as_array().unwrap() {
            let message = entry["message"].as_str().unwrap();
            let blocked = message.contains("Content Security Policy");
            assert!(!blocked, "{name}: {message}");
        }
    }

    /// Sends a command that chromedriver has beyond WebDriver's, and returns its answer.
    async fn driver_command(&self, command: &str, parameters: Value) -> Value {
        let session = self.client.session_id().await.unwrap().unwrap();
        let url = format!("{}/session/{session}/{command}", self.driver.url());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = http.post(url).json(&parameters).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// Returns a size of the document in pixels, such as `scrollHeight`.
    async fn size(&self, property: &str) -> u32 {
        // A page that is being left has no size.
        let wait = self.client.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css("body")).await.unwrap();
        let script = format!("return document.documentElement.{property}");
        let number = self.client.execute(&script, Vec::new()).await.unwrap();
        u32::try_from(number.as_u64().unwrap()).unwrap()
    }
}
