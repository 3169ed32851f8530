//! A browser window of one person.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use end_to_end::Story;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::chromedriver::ChromeDriver;
use crate::files::folder;

/// How long a page may take to show something.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The size of a laptop's window, in pixels.
pub(crate) const WINDOW: (u32, u32) = (1200, 900);

/// A window of a browser with its own profile, without cookies or cache.
#[derive(Debug)]
pub struct Chrome {
    pub(crate) client: Client,
    /// The folder of its screenshots, below `target/screenshots`.
    pub(crate) screenshots: String,
    base_url: String,
    downloads: PathBuf,
    pub(crate) driver: ChromeDriver,
}

impl Chrome {
    /// Opens a window for the product that a story drives. Its screenshots are in this folder below
    /// `target/screenshots`.
    pub async fn open(story: &Story, screenshots: &str) -> Self {
        let mut driver = ChromeDriver::start();
        let downloads = folder(format!("downloads/{screenshots}"));
        for old in std::fs::read_dir(&downloads).unwrap() {
            std::fs::remove_file(old.unwrap().path()).unwrap();
        }
        let (width, height) = WINDOW;
        let capabilities = json!({
            "goog:chromeOptions": {
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                    "--lang=ja", format!("--window-size={width},{height}"),
                ],
                "prefs": {
                    "download.default_directory": downloads,
                    "credentials_enable_service": false,
                },
            },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&driver.url())
            .await
            .expect("chromium is installed: `infra/tools/install.sh browser`");
        driver.session = client.session_id().await.unwrap();
        Self {
            client,
            screenshots: screenshots.to_owned(),
            base_url: story.stack.base_url().to_owned(),
            downloads,
            driver,
        }
    }

    /// As [`Chrome::open`], and signs the admin of the story in.
    pub async fn open_as_admin(story: &Story, screenshots: &str) -> Self {
        let admin = Self::open(story, screenshots).await;
        admin.sign_in_as_admin().await;
        admin
    }

    /// Opens `address`: a path of the product, or an absolute URL.
    pub async fn go(&self, address: &str) {
        let base_url = if address.starts_with('/') {
            &*self.base_url
        } else {
            ""
        };
        let url = format!("{base_url}{address}");
        self.client.goto(&url).await.unwrap();
    }

    /// Opens the HTML of a mail, as a mail program shows it.
    pub async fn open_mail(&self, html: &str) {
        let html = STANDARD.encode(html);
        let address = format!("data:text/html;charset=utf-8;base64,{html}");
        self.go(&address).await;
    }

    /// Returns the text that the page shows, in one line.
    pub async fn text(&self) -> String {
        // The next page may be about to replace this one.
        let text = match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until the page shows `words`; white space counts as one blank.
    pub async fn shows(&self, words: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            if Instant::now() > until {
                self.screenshot("失敗").await;
                let at = self.client.current_url().await.unwrap();
                panic!("{at} does not show {words}: {text}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Asserts that the present page does not show `words`.
    pub async fn does_not_show(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.contains(words), "{text}");
    }

    /// Returns how many elements match a CSS selector.
    pub async fn count(&self, selector: &str) -> usize {
        let found = self.client.find_all(Locator::Css(selector)).await;
        found.unwrap().len()
    }

    /// Waits for a download, and returns its bytes.
    pub async fn downloaded(&self) -> Vec<u8> {
        let until = Instant::now() + PATIENCE;
        loop {
            let files = std::fs::read_dir(&self.downloads).unwrap();
            let whole = files.map(|file| file.unwrap().path()).find(|path| {
                let name = path.file_name().unwrap().to_string_lossy();
                !name.ends_with(".crdownload") && !name.starts_with('.')
            });
            if let Some(path) = whole {
                let bytes = std::fs::read(&path).unwrap();
                std::fs::remove_file(path).unwrap();
                return bytes;
            }
            assert!(Instant::now() < until, "nothing was downloaded");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
