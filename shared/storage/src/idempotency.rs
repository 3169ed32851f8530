//! Requests that carry an idempotency key: what was asked for, and what was answered, for 24 hours. In the table
//! of the sessions, as they are as short-lived.

use domain::{UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Store, number, text, to_item};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After this nobody is at work on a request any more: an HTTP function has 30 seconds.
const AT_WORK: SignedDuration = SignedDuration::from_secs(35);

/// Whose request, and under which key.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// `hash` is the hash of the key that the client chose: keys of two people never meet.
    pub fn new(workspace_id: &WorkspaceId, user_id: &UserId, hash: &str) -> Self {
        Self(format!("request#{workspace_id}#{user_id}#{hash}"))
    }
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResponse {
    /// The HTTP status.
    pub status: u16,
    /// The JSON.
    pub body: String,
}

/// A request as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotentRequest {
    /// Tells two requests under one key apart.
    pub fingerprint: String,
    /// When it was first made. Whoever does it once more does it as of then, and finds what is done already.
    pub at: Timestamp,
    /// Until then somebody may be at work on it.
    pub busy_until: Timestamp,
    /// Once there is one.
    #[serde(default)]
    pub answer: Option<RecordedResponse>,
}

/// What a request finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestStart {
    /// It is ours to do.
    Ours(IdempotentRequest),
    /// It is ours to do, and somebody who was at it before did not get to its end.
    Again(IdempotentRequest),
    /// Somebody else is doing it right now.
    UnderWay,
    /// It was done, and this was the answer.
    Answered(RecordedResponse),
    /// The key was used for something else.
    Other,
}

impl Store {
    /// Takes a request on, unless it was done, is being done, or the key stands for another one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn begin_request(
        &self,
        key: &IdempotencyKey,
        fingerprint: String,
        now: Timestamp,
    ) -> Result<RequestStart, StoreError> {
        let fresh = IdempotentRequest {
            fingerprint,
            at: now,
            busy_until: now + AT_WORK,
            answer: None,
        };
        if self.put_request(key, &fresh, None).await? {
            return Ok(RequestStart::Ours(fresh));
        }
        let Some(kept) = self.short_lived::<IdempotentRequest>(&key.0).await? else {
            // It was given up at this moment.
            return Ok(RequestStart::UnderWay);
        };
        if kept.fingerprint != fresh.fingerprint {
            return Ok(RequestStart::Other);
        }
        if let Some(answer) = kept.answer {
            return Ok(RequestStart::Answered(answer));
        }
        if now < kept.busy_until {
            return Ok(RequestStart::UnderWay);
        }
        let ours = IdempotentRequest {
            at: kept.at,
            ..fresh
        };
        if self.put_request(key, &ours, Some(kept.busy_until)).await? {
            return Ok(RequestStart::Again(ours));
        }
        Ok(RequestStart::UnderWay)
    }

    /// Keeps the answer; or, without one, lets the request be tried again at once.
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
        // Where somebody took it over meanwhile, their answer counts.
        self.put_request(key, &request, Some(seen))
            .await
            .map(|_| ())
    }

    /// Forgets a request that came to nothing: the next one under its key is a new one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_request(&self, key: &IdempotencyKey) -> Result<(), StoreError> {
        self.take_item(&key.0).await.map(|_| ())
    }

    /// Whether it was written: not where another one is there, nor where `seen` is not what stands there.
    async fn put_request(
        &self,
        key: &IdempotencyKey,
        request: &IdempotentRequest,
        seen: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let mut item = to_item(request, "request")?;
        item.insert("key".into(), text(&key.0));
        item.insert("ttl".into(), number((request.at + KEPT).as_second()));
        let put = self
            .db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        let put = match seen {
            // What ran out may lie there for a while: DynamoDB deletes it when it has time.
            None => put
                .condition_expression("attribute_not_exists(#key) OR #ttl < :now")
                .expression_attribute_names("#key", "key")
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":now", number(request.at.as_second())),
            Some(seen) => put
                .condition_expression("busy_until = :seen")
                .expression_attribute_values(":seen", text(seen.to_string())),
        };
        match put.send().await.map_err(StoreError::from_sdk("PutItem")) {
            Ok(_) => Ok(true),
            Err(error) if error.is_condition() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
