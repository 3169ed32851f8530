//! Clicking, typing and choosing. Elements are found by the words that people read, never by ids.

use std::time::{Duration, Instant};

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};

use crate::chrome::{Chrome, PATIENCE};
use crate::files::folder;

impl Chrome {
    /// Clicks the first link or button with this label.
    pub async fn click(&self, label: &str) {
        let target = format!(
            "//*[self::a or self::button or self::summary]\
             [normalize-space()='{label}' or @aria-label='{label}']"
        );
        let target = self.shown(&target, label).await;
        target.click().await.unwrap();
    }

    /// Signs the admin of a story in.
    pub async fn sign_in_as_admin(&self) {
        self.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
        self.shows("企業コード:").await;
    }

    /// Chooses the first password on the page of an invitation or of an initial password.
    pub async fn choose_password(&self, password: &str, button: &str) {
        self.fill("新しいパスワード", password).await;
        self.fill("新しいパスワード(確認)", password).await;
        self.click(button).await;
    }

    /// Submits the form of the sign-in with an e-mail address.
    pub async fn try_sign_in(&self, email: &str, password: &str) {
        self.go("/sign-in").await;
        self.fill("メールアドレス", email).await;
        self.fill("パスワード", password).await;
        self.click("ログイン").await;
    }

    /// Makes the forms of the present page look as if they came from an earlier session.
    pub async fn keep_form_of_another_session(&self) {
        let script = "for (const field of document.getElementsByName('csrf')) field.value = 'old'";
        self.client.execute(script, Vec::new()).await.unwrap();
    }

    /// Presses the tab key, and returns the text of the element that has the focus then.
    pub async fn tab(&self) -> String {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys("\u{e004}").await.unwrap();
        let focused = self.client.active_element().await.unwrap();
        focused.text().await.unwrap()
    }

    /// Returns the width of the outline of the focused element, as in CSS.
    pub async fn outline(&self) -> String {
        let focused = self.client.active_element().await.unwrap();
        focused.css_value("outline-width").await.unwrap()
    }

    /// Types into the first field that matches a CSS selector, on a page of somebody else's.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let wait = self.client.wait().at_most(PATIENCE);
        let field = wait.for_element(Locator::Css(selector)).await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Clicks the first element that matches a CSS selector, where its words are not known.
    pub async fn click_first(&self, selector: &str) {
        let link = self.client.find(Locator::Css(selector)).await.unwrap();
        link.click().await.unwrap();
    }

    /// Replaces the text of the field `label`.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file with this name and content in the field `label`.
    pub async fn choose_file(&self, label: &str, name: &str, content: &[u8]) {
        let path = folder("uploads").join(name);
        std::fs::write(&path, content).unwrap();
        let field = self.field(label).await;
        field.send_keys(path.to_str().unwrap()).await.unwrap();
    }

    /// Ticks the check box or radio button `label`.
    pub async fn tick(&self, label: &str) {
        let field = self.field(label).await;
        if !field.is_selected().await.unwrap() {
            field.click().await.unwrap();
        }
    }

    /// Returns whether the check box or radio button `label` is ticked.
    pub async fn is_ticked(&self, label: &str) -> bool {
        self.field(label).await.is_selected().await.unwrap()
    }

    /// Returns whether the field `label` is enabled.
    pub async fn is_enabled(&self, label: &str) -> bool {
        self.field(label).await.is_enabled().await.unwrap()
    }

    /// Chooses `option` from the list `label`.
    pub async fn choose(&self, label: &str, option: &str) {
        let list = self.field(label).await;
        list.select_by_label(option).await.unwrap();
    }

    /// Returns whether there is a link or button `label`.
    pub async fn has_button(&self, label: &str) -> bool {
        let target = format!("//*[self::a or self::button][normalize-space()='{label}']");
        let found = self.client.find_all(Locator::XPath(&target)).await;
        !found.unwrap().is_empty()
    }

    /// Returns the field that a label refers to or surrounds, or that has the label itself.
    async fn field(&self, label: &str) -> Element {
        let field = format!(
            "//*[@id=//label[normalize-space()='{label}']/@for] \
             | //label[normalize-space()='{label}']//input \
             | //*[@aria-label='{label}']"
        );
        self.shown(&field, label).await
    }

    /// Waits for the first visible element of an XPath, since a click may still be loading the next page.
    async fn shown(&self, xpath: &str, label: &str) -> Element {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(element) = first_shown(&self.client, xpath).await {
                return element;
            }
            if Instant::now() > until {
                self.screenshot("失敗").await;
                let at = self.client.current_url().await.unwrap();
                panic!("{at} has no {label}: {}", self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn first_shown(client: &Client, xpath: &str) -> Option<Element> {
    for element in client.find_all(Locator::XPath(xpath)).await.ok()? {
        if element.is_displayed().await.ok()? {
            return Some(element);
        }
    }
    None
}
