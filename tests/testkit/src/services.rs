//! The little that is needed of SQS, S3, Secrets Manager and SES. What they were given can be looked
//! at.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// What links and initial passwords are derived from.
pub(crate) const DERIVATION_KEY: &str = "0123456789abcdef0123456789abcdef0123456789a";

/// What the services hold.
#[derive(Debug, Default)]
struct Held {
    messages: VecDeque<(String, String)>,
    objects: BTreeMap<String, Bytes>,
    secrets: BTreeMap<String, String>,
    mails: Vec<Vec<u8>>,
    put_off: Vec<u64>,
}

/// SQS, S3, Secrets Manager and SES.
#[derive(Debug, Default)]
pub struct Services(Mutex<Held>);

impl Services {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the oldest message, with the name of its queue.
    pub fn take_message(&self) -> Option<(String, String)> {
        self.held().messages.pop_front()
    }

    /// Puts a message back, as SQS does when it was not dealt with.
    pub fn put_message(&self, queue: &str, body: &str) {
        let message = (queue.to_owned(), body.to_owned());
        self.held().messages.push_back(message);
    }

    /// For how many seconds each message was put off that could not be dealt with.
    pub fn put_off(&self) -> Vec<u64> {
        self.held().put_off.clone()
    }

    /// An object, by bucket and key.
    pub fn object(&self, path: &str) -> Option<Bytes> {
        self.held().objects.get(path).cloned()
    }

    /// Sets a secret.
    pub fn set_secret(&self, id: &str, value: &str) {
        self.held().secrets.insert(id.to_owned(), value.to_owned());
    }

    /// Every raw mail so far.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        self.held().mails.clone()
    }

    /// Answers a call to any of them.
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
            "ChangeMessageVisibility" => {
                let seconds = request["VisibilityTimeout"].as_u64().unwrap();
                self.held().put_off.push(seconds);
                json!({})
            }
            _ => panic!("SQS {operation} is not here"),
        };
        Json(answer).into_response()
    }

    fn secrets_manager(&self, operation: &str, request: &Value) -> Response {
        let id = request["SecretId"].as_str().or(request["Name"].as_str());
        let id = id.unwrap().to_owned();
        let mut held = self.held();
        let known = held.secrets.contains_key(&id);
        match operation {
            "CreateSecret" => {}
            _ if known => {}
            _ => {
                let error = json!({ "__type": "ResourceNotFoundException", "message": "gone" });
                return (StatusCode::BAD_REQUEST, Json(error)).into_response();
            }
        }
        let mut answer = json!({ "ARN": id, "Name": id });
        match operation {
            "GetSecretValue" => answer["SecretString"] = json!(held.secrets[&id]),
            "PutSecretValue" | "CreateSecret" => {
                let value = request["SecretString"].as_str().unwrap().to_owned();
                held.secrets.insert(id, value);
            }
            "DeleteSecret" => {
                held.secrets.remove(&id);
            }
            _ => panic!("Secrets Manager {operation} is not here"),
        }
        Json(answer).into_response()
    }

    fn s3(&self, method: &Method, path: &str, body: &Bytes) -> Response {
        let path = path.trim_start_matches('/').to_owned();
        let mut held = self.held();
        match *method {
            Method::PUT => {
                held.objects.insert(path, body.clone());
                StatusCode::OK.into_response()
            }
            Method::GET => match held.objects.get(&path) {
                Some(object) => object.clone().into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            },
            _ => panic!("S3 {method} is not here"),
        }
    }

    fn ses(&self, body: &Bytes) -> Response {
        let fields: BTreeMap<String, String> = reqwest::Url::parse("http://ses/")
            .map(|mut url| {
                url.set_query(std::str::from_utf8(body).ok());
                url.query_pairs().into_owned().collect()
            })
            .unwrap();
        assert_eq!(fields["Action"], "SendRawEmail");
        let mail = STANDARD.decode(&fields["RawMessage.Data"]).unwrap();
        self.held().mails.push(mail);
        "<SendRawEmailResponse><SendRawEmailResult><MessageId>m</MessageId></SendRawEmailResult>\
         <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></SendRawEmailResponse>"
            .into_response()
    }
}
