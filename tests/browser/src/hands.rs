//! What hands do on a page: things are found by the words that people read, never by ids.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, Locator};

use crate::chrome::{Chrome, PATIENCE};

impl Chrome {
    /// Clicks the link or button that reads `label`; the first, should there be several.
    pub async fn click(&self, label: &str) {
        let target = format!(
            "//*[self::a or self::button or self::summary]\
             [normalize-space()='{label}' or @aria-label='{label}']"
        );
        let target = self.shown(&target, label).await;
        target.click().await.unwrap();
    }

    /// Signs in with an e-mail address; whether that worked is for the page to say.
    pub async fn sign_in(&self, email: &str, password: &str) {
        self.go("/sign-in").await;
        self.fill("メールアドレス", email).await;
        self.fill("パスワード", password).await;
        self.click("ログイン").await;
    }

    /// Makes the forms of the page that is there look as if they came from an earlier session.
    pub async fn keep_form_of_another_session(&self) {
        let script = "for (const field of document.getElementsByName('csrf')) field.value = 'old'";
        self.client.execute(script, Vec::new()).await.unwrap();
    }

    /// Presses the tabulator key and gives the words of what has the focus then.
    pub async fn tab(&self) -> String {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys("\u{e004}").await.unwrap();
        let focused = self.client.active_element().await.unwrap();
        focused.text().await.unwrap()
    }

    /// How wide the outline is of what has the focus, as CSS says it.
    pub async fn outline(&self) -> String {
        let focused = self.client.active_element().await.unwrap();
        focused.css_value("outline-width").await.unwrap()
    }

    /// Clicks the first link that a CSS selector finds, where its words are not known before.
    pub async fn open_first(&self, selector: &str) {
        let link = self.client.find(Locator::Css(selector)).await.unwrap();
        link.click().await.unwrap();
    }

    /// Replaces what stands in the field `label`.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Ticks the box, or picks the choice, `label`.
    pub async fn tick(&self, label: &str) {
        let field = self.field(label).await;
        if !field.is_selected().await.unwrap() {
            field.click().await.unwrap();
        }
    }

    /// Whether the box `label` is ticked.
    pub async fn is_ticked(&self, label: &str) -> bool {
        self.field(label).await.is_selected().await.unwrap()
    }

    /// Whether the field `label` can be used.
    pub async fn is_enabled(&self, label: &str) -> bool {
        self.field(label).await.is_enabled().await.unwrap()
    }

    /// Chooses `option` from the list `label`.
    pub async fn choose(&self, label: &str, option: &str) {
        let list = self.field(label).await;
        list.select_by_label(option).await.unwrap();
    }

    /// Whether there is a link or button `label`.
    pub async fn offers(&self, label: &str) -> bool {
        let target = format!("//*[self::a or self::button][normalize-space()='{label}']");
        let found = self.client.find_all(Locator::XPath(&target)).await;
        !found.unwrap().is_empty()
    }

    /// The field that a label stands for, or stands around, or that carries the label itself.
    async fn field(&self, label: &str) -> Element {
        let field = format!(
            "//*[@id=//label[normalize-space()='{label}']/@for] \
             | //label[normalize-space()='{label}']//input \
             | //*[@aria-label='{label}']"
        );
        self.shown(&field, label).await
    }

    /// The first such element that is shown, once there is one: a click may be on its way to the next
    /// page.
    async fn shown(&self, xpath: &str, label: &str) -> Element {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(element) = first_shown(&self.client, xpath).await {
                return element;
            }
            if Instant::now() > until {
                self.picture("失敗").await;
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
