//! 「この人を今すぐ同期」: how far the immediate run has come with one person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::report::{Action, Outcome};
use crate::{CrewId, UserId};

/// What an immediate run has done with one person, each with its time; `None` while it is still to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonProgress {
    /// The person's id in SmartHR.
    pub crew_id: CrewId,
    /// The person was read from SmartHR, or SmartHR does not have them.
    pub read_at: Timestamp,
    /// Whether SmartHR has them.
    pub is_found: bool,
    /// The person's user was looked for among all users.
    pub matched_at: Timestamp,
    /// The user; `None` if there is none, or none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// What is to be done was decided.
    pub decided_at: Timestamp,
    /// 処理 and 結果; `None` if the person does not concern us: they have no user and get none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<(Action, Outcome)>,
    /// 原因, or what the person waits for; "" when there is none.
    #[serde(default)]
    pub cause: String,
    /// The change was written; stays `None` when nothing changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
    /// The mails of the change were handed to mail-delivery; stays `None` when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_at: Option<Timestamp>,
    /// The batch ended, and nothing more comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}
