//! Who walks: an admin of 株式会社テスト, whose SmartHR is that of 株式会社あおぞら商事.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Person, Story};
use serde_json::json;

/// Folder of the pictures.
pub(crate) const STORY: &str = "manual";

/// The walk so far.
pub(crate) struct Walk {
    pub(crate) story: Story,
    pub(crate) admin: Chrome,
}

/// メールアドレス情報がある+パスワードログイン
pub(crate) fn sato() -> Person {
    Person::new(1, "佐藤").email("sato@example.jp").code("S-1")
}

/// メールアドレス情報がない(=従業員コードのみ)
pub(crate) fn tanaka() -> Person {
    Person::new(2, "田中").code("00123")
}

/// メールアドレス情報がある+SSOログイン
pub(crate) fn takahashi() -> Person {
    Person::new(3, "高橋").email("takahashi@example.jp")
}

impl Walk {
    /// A workspace on its first day, and an admin who has just signed in to it.
    pub(crate) async fn begin() -> Self {
        let workspace = json!({ "sso_configured": true, "allowed_domains": ["example.jp"] });
        let story = Story::begin_with("browser-manual", workspace).await;
        story.put_people(&[sato(), tanaka(), takahashi()]).await;
        let admin = Chrome::open(STORY, story.stack.base_url()).await;
        let walk = Self { story, admin };
        walk.admin.go("/").await;
        walk.admin.says("ログイン").await;
        walk.admin.look("00-ログイン").await;
        walk.sign_in().await;
        walk
    }

    /// Makes these the people in SmartHR; 高橋 keeps signing in through SSO.
    pub(crate) async fn people(&self, people: &[Person]) {
        self.story.put_people(people).await;
        self.choose_sso_for_takahashi().await;
    }

    /// What the company's HR people set in SmartHR: 認証方法 of 高橋 is SSO.
    pub(crate) async fn choose_sso_for_takahashi(&self) {
        let choice = json!({
            "company": "aozora", "crew_id": takahashi().id(), "item": "認証方法", "value": "SSO",
        });
        self.story.at_smarthr("POST", "choices", choice).await;
    }

    /// The admin signs in: sessions do not outlive a night.
    pub(crate) async fn sign_in(&self) {
        self.admin.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
        self.admin.says("ログインしました").await;
    }

    /// Somebody else's browser.
    pub(crate) async fn other_browser(&self) -> Chrome {
        Chrome::open(STORY, self.story.stack.base_url()).await
    }
}
