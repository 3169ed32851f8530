//! The walk through the manual: an admin of 株式会社テスト, whose SmartHR is that of 株式会社あおぞら商事.

use browser::{Chrome, IdentityProvider};
use end_to_end::{Person, Story};
use serde_json::json;

/// The folder of the screenshots.
const STORY: &str = "manual";

/// The workspace and its admin's browser, as far as the walk has come.
pub(crate) struct Walkthrough {
    pub(crate) story: Story,
    pub(crate) admin: Chrome,
    /// The identity provider of the company.
    pub(crate) provider: IdentityProvider,
}

/// Returns the person of メールアドレス情報がある+パスワードログイン.
pub(crate) fn sato() -> Person {
    Person::new(1, "佐藤").email("sato@example.jp").code("S-1")
}

/// Returns the person of メールアドレス情報がない(=従業員コードのみ).
pub(crate) fn tanaka() -> Person {
    Person::new(2, "田中").code("00123")
}

/// Returns the person of メールアドレス情報がある+SSOログイン.
pub(crate) fn takahashi() -> Person {
    Person::new(3, "高橋").email("takahashi@example.jp")
}

impl Walkthrough {
    /// Starts with a new workspace, and an admin who has just signed in.
    pub(crate) async fn begin() -> Self {
        let workspace = json!({ "allowed_domains": ["example.jp"] });
        let story = Story::begin_with("browser-manual", workspace).await;
        story.put_people(&[sato(), tanaka(), takahashi()]).await;
        let admin = Chrome::open(&story, STORY).await;
        let provider = IdentityProvider::start(&story);
        let walkthrough = Self {
            story,
            admin,
            provider,
        };
        walkthrough.admin.go("/").await;
        walkthrough.admin.shows("ログイン").await;
        walkthrough.admin.inspect("00-ログイン").await;
        walkthrough.sign_in().await;
        walkthrough
    }

    /// Makes these the people in SmartHR; 高橋 keeps signing in through SSO.
    pub(crate) async fn put_people(&self, people: &[Person]) {
        self.story.put_people(people).await;
        self.choose_sso_for_takahashi().await;
    }

    /// Sets 認証方法 of 高橋 to SSO in SmartHR.
    pub(crate) async fn choose_sso_for_takahashi(&self) {
        self.story.choose(&takahashi(), "認証方法", "SSO").await;
    }

    /// Signs the admin in, whose session ends before the next night.
    pub(crate) async fn sign_in(&self) {
        self.admin.sign_in_as_admin().await;
    }

    /// Opens the browser of somebody else.
    pub(crate) async fn other_browser(&self) -> Chrome {
        Chrome::open(&self.story, STORY).await
    }
}
