//! The authenticator app on somebody's phone.

use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use crate::browser::Browser;

/// An authenticator app with one account.
pub struct AuthenticatorApp(Totp);

impl AuthenticatorApp {
    /// Takes the key that stands on the page: eight groups of four.
    pub fn reading(page: &str) -> Self {
        let words = page.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let is_group = |word: &&str| {
            word.len() == 4
                && word
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        let mut groups = words.windows(8);
        let groups = groups.find(|words| words.iter().all(is_group));
        let secret = Secret::try_from_base32(groups.unwrap().concat()).unwrap();
        Self(Builder::new().with_secret(secret).build_noncompliant())
    }

    /// Sets the app up on [アカウント] for the person who is signed in.
    pub async fn set_up(browser: &Browser, now: Timestamp) -> Self {
        const PAGE: &str = "/account/second-factor";
        let page = browser.get(PAGE).await.ok();
        let app = Self::reading(page.html());
        let hidden = |name: &str| {
            let field = format!(r#"name="{name}" value=""#);
            let (_, value) = page.html().split_once(&field).unwrap();
            value.split('"').next().unwrap()
        };
        let code = app.code_at(now);
        let fields = [
            ("seed", hidden("seed")),
            ("key", hidden("key")),
            ("code", &code),
        ];
        let codes = browser.form(PAGE, &fields).await;
        codes.shows(&["一度しか表示されません"]);
        app
    }

    /// Returns the code that the app shows at this time.
    pub fn code_at(&self, now: Timestamp) -> String {
        let seconds = u64::try_from(now.as_second()).unwrap();
        self.0.generate(seconds).to_string()
    }
}
