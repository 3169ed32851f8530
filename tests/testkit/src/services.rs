//! As much of SQS, S3, Secrets Manager and SES as the product calls. Tests can look at what they hold.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::sent_mail::SentMail;

/// The secret that links and initial passwords are derived from.
pub(crate) const DERIVATION_KEY: &str = "0123456789abcdef0123456789abcdef0123456789a";

/// The operation by which the fault proxy knows a call to SES.
pub(crate) const SEND_MAIL: &str = "SES.SendRawEmail";

/// What the services hold.
#[derive(Debug, Default)]
struct Contents {
    messages: VecDeque<(String, String)>,
    objects: BTreeMap<String, Bytes>,
    secrets: BTreeMap<String, String>,
    mails: Vec<SentMail>,
    rejected_addresses: Vec<String>,
    most_mails: Option<usize>,
    visibility_timeouts: Vec<(String, u64)>,
}

/// SQS, S3, Secrets Manager and SES.
#[derive(Debug, Default)]
pub struct Services(Mutex<Contents>);

impl Services {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the oldest message; returns it with the name of its queue.
    pub fn take_message(&self) -> Option<(String, String)> {
        self.contents().messages.pop_front()
    }

    /// Puts a message back, as SQS does with one that failed.
    pub fn put_message(&self, queue: &str, body: &str) {
        let message = (queue.to_owned(), body.to_owned());
        self.contents().messages.push_back(message);
    }

    /// Returns the receipt handle and the seconds of each `ChangeMessageVisibility`: how long a message that failed has
    /// to wait.
    pub fn visibility_timeouts(&self) -> Vec<(String, u64)> {
        self.contents().visibility_timeouts.clone()
    }

    /// Returns an object by `bucket/key`.
    pub fn object(&self, path: &str) -> Option<Bytes> {
        self.contents().objects.get(path).cloned()
    }

    /// Returns all objects, by `bucket/key`.
    pub fn objects(&self) -> BTreeMap<String, Bytes> {
        self.contents().objects.clone()
    }

    /// Makes these all objects.
    pub fn set_objects(&self, objects: BTreeMap<String, Bytes>) {
        self.contents().objects = objects;
    }

    /// Returns the `bucket/key` of each object that contains `text`.
    pub fn objects_with(&self, text: &str) -> Vec<String> {
        let contents = self.contents();
        let contain = |object: &Bytes| String::from_utf8_lossy(object).contains(text);
        let found = contents
            .objects
            .iter()
            .filter(|(_, object)| contain(object));
        found.map(|(path, _)| path.clone()).collect()
    }

    /// Sets a secret.
    pub fn set_secret(&self, id: &str, value: &str) {
        self.contents()
            .secrets
            .insert(id.to_owned(), value.to_owned());
    }

    /// Returns every mail that SES accepted so far.
    pub fn mails(&self) -> Vec<SentMail> {
        self.contents().mails.clone()
    }

    /// Returns the only mail that SES accepted so far.
    pub fn only_mail(&self) -> SentMail {
        let mut mails = self.mails();
        assert_eq!(mails.len(), 1, "{mails:#?}");
        mails.remove(0)
    }

    /// Makes SES take so many mails altogether, and no more.
    pub fn take_at_most(&self, mails: usize) {
        self.contents().most_mails = Some(mails);
    }

    /// Makes SES reject every mail to this address.
    pub fn reject_mails_to(&self, address: &str) {
        self.contents().rejected_addresses.push(address.to_owned());
    }

    /// Answers a call to one of the services.
    pub(crate) fn answer(
        &self,
        target: Option<&str>,
        method: &Method,
        uri: &Uri,
        body: &Bytes,
    ) -> Response {
        let Some(target) = target else {
            return match (method, uri.path()) {
                (&Method::POST, "/") => self.ses(body),
                (&Method::GET, _) if is_list(uri) => self.list_objects(uri),
                (method, path) => self.s3(method, path, body),
            };
        };
        let request: Value = serde_json::from_slice(body).unwrap();
        match target.rsplit_once('.') {
            Some(("AmazonSQS", operation)) => self.sqs(operation, &request),
            Some(("secretsmanager", operation)) => self.secrets_manager(operation, &request),
            _ => panic!("{target} is not here"),
        }
    }

    fn sqs(&self, operation: &str, request: &Value) -> Response {
        let queue = request["QueueUrl"].as_str().unwrap();
        let queue = queue.rsplit('/').next().unwrap();
        let put = |body: &Value| self.put_message(queue, body.as_str().unwrap());
        let answer = match operation {
            "SendMessage" => {
                put(&request["MessageBody"]);
                json!({ "MessageId": "m", "MD5OfMessageBody": "" })
            }
            "SendMessageBatch" => {
                let entries = request["Entries"].as_array().unwrap();
                let sent: Vec<Value> = entries
                    .iter()
                    .map(|entry| {
                        put(&entry["MessageBody"]);
                        json!({ "Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "" })
                    })
                    .collect();
                json!({ "Successful": sent, "Failed": [] })
            }
            "GetQueueAttributes" => {
                let contents = self.contents();
                let mine = contents.messages.iter().filter(|(name, _)| name == queue);
                json!({ "Attributes": { "ApproximateNumberOfMessages": mine.count().to_string() } })
            }
            "ChangeMessageVisibility" => {
                let seconds = request["VisibilityTimeout"].as_u64().unwrap();
                let message = request["ReceiptHandle"].as_str().unwrap().to_owned();
                self.contents().visibility_timeouts.push((message, seconds));
                json!({})
            }
            _ => panic!("SQS {operation} is not here"),
        };
        Json(answer).into_response()
    }

    fn secrets_manager(&self, operation: &str, request: &Value) -> Response {
        let id = request["SecretId"].as_str().or(request["Name"].as_str());
        let id = id.unwrap().to_owned();
        let mut contents = self.contents();
        if operation != "CreateSecret" && !contents.secrets.contains_key(&id) {
            let error = json!({ "__type": "ResourceNotFoundException", "message": "gone" });
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        }
        let mut answer = json!({ "ARN": id, "Name": id });
        match operation {
            "GetSecretValue" => answer["SecretString"] = json!(contents.secrets[&id]),
            "PutSecretValue" | "CreateSecret" => {
                let value = request["SecretString"].as_str().unwrap().to_owned();
                contents.secrets.insert(id, value);
            }
            "DeleteSecret" => {
                contents.secrets.remove(&id);
            }
            _ => panic!("Secrets Manager {operation} is not here"),
        }
        Json(answer).into_response()
    }

    fn s3(&self, method: &Method, path: &str, body: &Bytes) -> Response {
        let path = path.trim_start_matches('/').to_owned();
        let mut contents = self.contents();
        match *method {
            Method::PUT => {
                contents.objects.insert(path, body.clone());
                StatusCode::OK.into_response()
            }
            Method::GET => match contents.objects.get(&path) {
                Some(object) => object.clone().into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            },
            Method::DELETE => {
                contents.objects.remove(&path);
                StatusCode::NO_CONTENT.into_response()
            }
            _ => panic!("S3 {method} is not here"),
        }
    }

    fn list_objects(&self, uri: &Uri) -> Response {
        let url = reqwest::Url::parse("http://s3/").unwrap();
        let url = url.join(&uri.to_string()).unwrap();
        let mut query = url.query_pairs();
        let (_, prefix) = query.find(|(name, _)| name == "prefix").unwrap();
        let bucket = uri.path().trim_matches('/');
        let contents = self.contents();
        let keys = contents.objects.keys().filter_map(|path| {
            let key = path.strip_prefix(bucket)?.strip_prefix('/')?;
            key.starts_with(prefix.as_ref())
                .then(|| format!("<Contents><Key>{key}</Key></Contents>"))
        });
        let list: String = keys.collect();
        format!("<ListBucketResult><IsTruncated>false</IsTruncated>{list}</ListBucketResult>")
            .into_response()
    }

    fn quota(&self) -> Response {
        let contents = self.contents();
        let most = contents
            .most_mails
            .map_or("-1".to_owned(), |most| most.to_string());
        let sent = contents.mails.len();
        format!(
            "<GetSendQuotaResponse><GetSendQuotaResult><Max24HourSend>{most}</Max24HourSend>\
             <MaxSendRate>14</MaxSendRate><SentLast24Hours>{sent}</SentLast24Hours></GetSendQuotaResult>\
             <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetSendQuotaResponse>"
        )
        .into_response()
    }

    fn ses(&self, body: &Bytes) -> Response {
        let mut url = reqwest::Url::parse("http://ses/").unwrap();
        url.set_query(std::str::from_utf8(body).ok());
        if asks_for_quota(body) {
            return self.quota();
        }
        let mut mail = SentMail::default();
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "Action" => assert_eq!(value, "SendRawEmail"),
                "RawMessage.Data" => mail.raw = STANDARD.decode(value.as_bytes()).unwrap(),
                name if name.starts_with("Destinations.") => mail.to.push(value.into_owned()),
                name if name.starts_with("Tags.") => mail.tags.push(value.into_owned()),
                _ => {}
            }
        }
        let mut contents = self.contents();
        let rejected = |to| contents.rejected_addresses.contains(to);
        let is_malformed = |to: &&String| {
            let local = to.rsplit_once('@').map_or("", |(local, _)| local);
            !local.starts_with('"') && local.split('.').any(str::is_empty)
        };
        if mail.to.iter().find(is_malformed).is_some() {
            return ses_refusal(
                "InvalidParameterValue",
                "Local address contains dots in a row.",
            );
        }
        if let Some(to) = mail.to.iter().find(|to| rejected(to)) {
            return ses_refusal("MessageRejected", &format!("Address blacklisted: {to}"));
        }
        if contents
            .most_mails
            .is_some_and(|most| contents.mails.len() >= most)
        {
            return ses_refusal("Throttling", "Daily message quota exceeded.");
        }
        contents.mails.push(mail);
        "<SendRawEmailResponse><SendRawEmailResult><MessageId>m</MessageId></SendRawEmailResult>\
         <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></SendRawEmailResponse>"
            .into_response()
    }
}

/// Returns whether a request to SES asks how many mails it takes.
pub(crate) fn asks_for_quota(body: &[u8]) -> bool {
    body.starts_with(b"Action=GetSendQuota")
}

fn is_list(uri: &Uri) -> bool {
    uri.query()
        .is_some_and(|query| query.contains("list-type=2"))
}

/// Returns the answer with which SES refuses a mail.
pub(crate) fn ses_refusal(code: &str, message: &str) -> Response {
    let error = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>r</RequestId></ErrorResponse>"
    );
    (StatusCode::BAD_REQUEST, error).into_response()
}
