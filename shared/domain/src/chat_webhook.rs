//! チャット通知: the incoming webhook of Slack or Microsoft Teams that gets what admins are mailed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The service that a webhook belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(description = "The chat that notifications are posted to")
)]
pub enum ChatService {
    /// Slack
    Slack,
    /// Microsoft Teams
    Teams,
}

impl ChatService {
    /// Returns its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Slack => "Slack",
            Self::Teams => "Microsoft Teams",
        }
    }
}

/// An incoming webhook, as the workspace remembers it. Everybody who knows its address can post there: it is a secret,
/// kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatWebhook {
    /// The service.
    pub service: ChatService,
    /// The random id in the name of the secret with the address. Another address has another one.
    pub secret_id: String,
}

/// Why a post did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatProblem {
    /// The secret with the address is gone, or the address is not one that posts go to.
    NoAddress,
    /// Nobody answered in time.
    NoAnswer,
    /// The service answered with this HTTP status.
    Refused(u16),
}

impl ChatProblem {
    /// Returns whether the same post may arrive later.
    pub fn may_pass(self) -> bool {
        match self {
            Self::NoAddress => false,
            Self::NoAnswer => true,
            Self::Refused(status) => status == 429 || status >= 500,
        }
    }

    /// Returns what the admin reads, with what to do.
    pub fn sentence(self) -> String {
        match self {
            Self::NoAddress => "Webhook URLを読み取れません。もう一度登録してください。".to_owned(),
            Self::NoAnswer => {
                "チャットから応答がありません。しばらくしてから[テスト送信]をお試しください。"
                    .to_owned()
            }
            Self::Refused(status) if self.may_pass() => format!(
                "チャットが一時的に投稿を受け付けませんでした(HTTP {status})。しばらくしてから[テスト送信]をお試しください。"
            ),
            Self::Refused(status) => format!(
                "チャットが投稿を拒否しました(HTTP {status})。Webhookが削除または無効にされていないかご確認のうえ、もう一度登録してください。"
            ),
        }
    }
}

/// What became of the last post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatResult {
    /// The webhook that it went to.
    pub secret_id: String,
    /// When it was posted.
    pub at: Timestamp,
    /// Why it did not arrive; `None` if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<ChatProblem>,
}
