//! A post to a chat: what a mail to the admins is about, in a sentence that names nobody.

use domain::ChatService;
use serde_json::{Value, json};

use crate::mail_name::MailName;

/// A post to a chat.
#[derive(Clone, Debug)]
pub struct ChatPost {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// What happened, with numbers and without names.
    pub sentence: String,
    /// The URL of the page of the console that shows more.
    pub url: String,
}

impl ChatPost {
    /// Returns the body of the request to the webhook.
    pub fn body(&self, service: ChatService) -> Value {
        let text = format!("【KiteRa】{}: {}", self.workspace_name, self.sentence);
        match service {
            // https://docs.slack.dev/messaging/formatting-message-text: three characters are escaped.
            ChatService::Slack => {
                let text = text.replace('&', "&amp;");
                let text = text.replace('<', "&lt;").replace('>', "&gt;");
                json!({ "text": format!("{text}\n{}", self.url) })
            }
            ChatService::Teams => json!({
                "type": "message",
                "attachments": [{
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": {
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard",
                        "version": "1.4",
                        "body": [{ "type": "TextBlock", "text": text, "wrap": true }],
                        "actions": [
                            { "type": "Action.OpenUrl", "title": "KiteRaで確認", "url": self.url },
                        ],
                    },
                }],
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_has_the_company_the_sentence_and_the_link_in_the_form_of_its_service() {
        let post = ChatPost {
            workspace_name: MailName::new("みどり<&商事"),
            sentence: "3名を同期できませんでした。".into(),
            url: "https://app.kitera.example/history".into(),
        };
        let slack = post.body(ChatService::Slack);
        let text = slack["text"].as_str().unwrap();
        assert!(text.contains("&lt;&amp;") && !text.contains('<'), "{text}");
        assert!(text.ends_with(&post.url), "{text}");
        let teams = post.body(ChatService::Teams);
        let card = &teams["attachments"][0]["content"];
        assert!(card["body"][0]["text"].as_str().unwrap().contains("3名"));
        assert_eq!(card["actions"][0]["url"], post.url);
    }
}
