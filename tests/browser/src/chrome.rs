//! A browser of one person.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::driver::Driver;
use crate::files::folder;

/// How long a page may take to say something.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Where the window begins, and what a laptop shows.
pub(crate) const WINDOW: (u32, u32) = (1200, 900);

/// A window of a browser that has seen nothing yet: no cookies, no cache.
#[derive(Debug)]
pub struct Chrome {
    pub(crate) client: Client,
    /// Names the folder of its pictures.
    pub(crate) story: String,
    base_url: String,
    downloads: PathBuf,
    pub(crate) driver: Driver,
}

impl Chrome {
    /// Opens a window for the product at `base_url`. `story` names the folder of its pictures below
    /// `target/screenshots`.
    pub async fn open(story: &str, base_url: &str) -> Self {
        let mut driver = Driver::start();
        let downloads = folder(format!("downloads/{story}"));
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
            story: story.to_owned(),
            base_url: base_url.to_owned(),
            downloads,
            driver,
        }
    }

    /// Opens an address, relative to the product's or absolute.
    pub async fn go(&self, address: &str) {
        let url = if address.starts_with("http") || address.starts_with("data:") {
            address.to_owned()
        } else {
            format!("{}{address}", self.base_url)
        };
        self.client.goto(&url).await.unwrap();
    }

    /// The text that the page shows, in one line.
    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await;
        let text = match body {
            Ok(body) => body.text().await,
            Err(error) => Err(error),
        };
        // The page may just be giving way to the next one.
        let text = text.unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until the page says `words`; blanks count as one.
    pub async fn says(&self, words: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            if Instant::now() > until {
                self.picture("失敗").await;
                let at = self.client.current_url().await.unwrap();
                panic!("{at} does not say {words}: {text}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Makes sure that the page that is there does not say `words`.
    pub async fn does_not_say(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.contains(words), "{text}");
    }

    /// How many elements a CSS selector finds.
    pub async fn count(&self, selector: &str) -> usize {
        let found = self.client.find_all(Locator::Css(selector)).await;
        found.unwrap().len()
    }

    /// Waits for a file to be downloaded, and gives its bytes.
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
