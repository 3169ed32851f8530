//! Idempotent requests and their responses, kept for 24 hours, in the table `sessions`.
//!
//! `key` = "request#", the workspace's id, "#", the user's id, "#" and the hash of the idempotency key;
//! the fields of [`IdempotentRequest`]; `ttl`.

use domain::{UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, expire_at, key, number, text, to_item};

/// How long a request and its response are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a request may take: an HTTP function ends after 30 seconds.
const BUSY: SignedDuration = SignedDuration::from_secs(35);

/// The idempotency key of one user.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Creates the key of a user from the hash of the key that the client chose.
    pub fn new(workspace_id: &WorkspaceId, user_id: &UserId, hash: &str) -> Self {
        Self(format!("request#{workspace_id}#{user_id}#{hash}"))
    }

    fn item(&self) -> Item {
        key([("key", &self.0)])
    }
}

/// The recorded response to an idempotent request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResponse {
    /// The HTTP status code.
    pub status: u16,
    /// The body, which is JSON.
    pub body: String,
}

/// An idempotent request as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotentRequest {
    /// A fingerprint that distinguishes requests which use the same key.
    pub fingerprint: String,
    /// The time of the first attempt. A later attempt uses it as its own time, so that it finds what
    /// the first one has done.
    pub at: Timestamp,
    /// The time until which an attempt may be in progress.
    pub busy_until: Timestamp,
    /// The response; `None` until an attempt ended.
    #[serde(default)]
    pub answer: Option<RecordedResponse>,
}

/// How an idempotent request starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestStart {
    /// This is the first attempt.
    First(IdempotentRequest),
    /// An earlier attempt did not end; this one takes it over.
    Again(IdempotentRequest),
    /// Another attempt is in progress.
    InProgress,
    /// An earlier attempt ended with this response.
    Answered(RecordedResponse),
    /// The key was used for a different request.
    KeyReused,
}

impl Store {
    /// Starts a request, unless it was answered, is in progress, or its key was used for another one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn begin_request(
        &self,
        key: &IdempotencyKey,
        fingerprint: String,
        now: Timestamp,
    ) -> Result<RequestStart, StoreError> {
        let first = IdempotentRequest {
            fingerprint,
            at: now,
            busy_until: now + BUSY,
            answer: None,
        };
        if self.put_request(key, &first, None).await? {
            return Ok(RequestStart::First(first));
        }
        let stored: Option<IdempotentRequest> = self
            .record(&self.tables.sessions, key.item(), "session")
            .await?;
        let Some(stored) = stored else {
            // The other attempt was forgotten between the write and the read.
            return Ok(RequestStart::InProgress);
        };
        if stored.fingerprint != first.fingerprint {
            return Ok(RequestStart::KeyReused);
        }
        if let Some(answer) = stored.answer {
            return Ok(RequestStart::Answered(answer));
        }
        if now < stored.busy_until {
            return Ok(RequestStart::InProgress);
        }
        let again = IdempotentRequest {
            at: stored.at,
            ..first
        };
        let seen = Some(stored.busy_until);
        Ok(if self.put_request(key, &again, seen).await? {
            RequestStart::Again(again)
        } else {
            RequestStart::InProgress
        })
    }

    /// Records the response. Without one the request can be attempted again at once. If another
    /// attempt has taken over, its response counts and nothing is written.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn end_request(
        &self,
        key: &IdempotencyKey,
        mut request: IdempotentRequest,
        answer: Option<RecordedResponse>,
    ) -> Result<(), StoreError> {
        let seen = request.busy_until;
        request.busy_until = request.at;
        request.answer = answer;
        let put = self.put_request(key, &request, Some(seen)).await;
        put.map(|_| ())
    }

    /// Forgets a request that changed nothing: the next one with its key is a first one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_request(&self, key: &IdempotencyKey) -> Result<(), StoreError> {
        self.delete_short_lived(key.item()).await.map(|_| ())
    }

    /// Writes a request over nothing, or over the attempt that is busy until `seen`. Returns whether
    /// it was written.
    async fn put_request(
        &self,
        key: &IdempotencyKey,
        request: &IdempotentRequest,
        seen: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let mut item = to_item(request, "request")?;
        item.extend(key.item());
        expire_at(&mut item, request.at + KEPT);
        let put = self
            .db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        let put = match seen {
            // DynamoDB may take days to delete an item after its ttl.
            None => put
                .condition_expression("attribute_not_exists(#key) OR #ttl < :now")
                .expression_attribute_names("#key", "key")
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":now", number(request.at.as_second())),
            Some(seen) => put
                .condition_expression("busy_until = :seen")
                .expression_attribute_values(":seen", text(seen.to_string())),
        };
        Ok(if_condition_held("PutItem", put.send().await)?.is_some())
    }
}
