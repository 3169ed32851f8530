//! A stand-in for SES that implements `SendRawEmail` (Amazon SES API Reference, version 2010-12-01).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{MessageParser, MimeHeaders};

/// The address that refusals quote, as SES does.
pub(super) const REFUSED_BY_NAME: &str = "hanako@example.com";

/// A mail that SES accepted.
#[derive(Clone, Debug)]
pub(super) struct AcceptedMail {
    pub(super) to: Vec<String>,
    /// The tags that SES repeats with a bounce: alternating names and values.
    pub(super) tags: Vec<String>,
    raw: Vec<u8>,
}

impl AcceptedMail {
    pub(super) fn subject(&self) -> String {
        let message = MessageParser::default().parse(&self.raw).unwrap();
        message.subject().unwrap().to_owned()
    }

    pub(super) fn message_id(&self) -> String {
        let message = MessageParser::default().parse(&self.raw).unwrap();
        message.message_id().unwrap().to_owned()
    }

    pub(super) fn text(&self) -> String {
        let message = MessageParser::default().parse(&self.raw).unwrap();
        message.body_text(0).unwrap().into_owned()
    }

    /// Returns the lines of the attached CSV below its header.
    pub(super) fn csv_rows(&self) -> Vec<String> {
        let message = MessageParser::default().parse(&self.raw).unwrap();
        let file = message.attachments().next().unwrap();
        assert_eq!(file.content_type().unwrap().ctype(), "text");
        let text = std::str::from_utf8(file.contents()).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }
}

#[derive(Default)]
struct Inner {
    accepted: Vec<AcceptedMail>,
    refusals: VecDeque<&'static str>,
    /// The number of mails to accept before the first refusal.
    accepted_before: usize,
    refused_addresses: Vec<String>,
}

/// A stand-in for SES.
#[derive(Clone, Default)]
pub(super) struct SesStandIn(Arc<Mutex<Inner>>);

impl SesStandIn {
    /// Serves on a free port and returns the address.
    pub(super) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/", post(send_raw_email))
            .with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    pub(super) fn accepted(&self) -> Vec<AcceptedMail> {
        self.with(|state| state.accepted.clone())
    }

    /// Returns the only mail accepted so far.
    pub(super) fn only(&self) -> AcceptedMail {
        let accepted = self.accepted();
        assert_eq!(accepted.len(), 1);
        accepted[0].clone()
    }

    /// Answers the next requests with these error codes, one code per request.
    pub(super) fn refuse_next(&self, codes: &[&'static str]) {
        self.with(|state| state.refusals.extend(codes));
    }

    /// Accepts this many mails, then answers the next requests with these error codes. Replaces
    /// earlier instructions.
    pub(super) fn refuse_after(&self, mails: usize, codes: &[&'static str]) {
        self.with(|state| {
            state.accepted_before = mails;
            state.refusals = codes.iter().copied().collect();
        });
    }

    /// Rejects every mail to this address.
    pub(super) fn refuse_address(&self, address: &str) {
        self.with(|state| state.refused_addresses.push(address.to_owned()));
    }

    fn with<T>(&self, look: impl FnOnce(&mut Inner) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn accept(&self, mail: AcceptedMail) -> Result<usize, &'static str> {
        self.with(|state| {
            match state.accepted_before.checked_sub(1) {
                Some(left) => state.accepted_before = left,
                None => {
                    if let Some(code) = state.refusals.pop_front() {
                        return Err(code);
                    }
                }
            }
            if mail
                .to
                .iter()
                .any(|to| state.refused_addresses.contains(to))
            {
                return Err("MessageRejected");
            }
            state.accepted.push(mail);
            Ok(state.accepted.len())
        })
    }
}

async fn send_raw_email(State(ses): State<SesStandIn>, body: String) -> Response {
    let mut mail = AcceptedMail {
        to: Vec::new(),
        tags: Vec::new(),
        raw: Vec::new(),
    };
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        match name.as_ref() {
            "Action" => assert_eq!(value, "SendRawEmail"),
            "RawMessage.Data" => mail.raw = STANDARD.decode(value.as_bytes()).unwrap(),
            name if name.starts_with("Destinations.member.") => mail.to.push(value.into_owned()),
            name if name.starts_with("Tags.member.") => mail.tags.push(value.into_owned()),
            _ => {}
        }
    }
    let xml = [(header::CONTENT_TYPE, "text/xml")];
    match ses.accept(mail) {
        Ok(number) => (
            xml,
            format!(
                "<SendRawEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\">\
                 <SendRawEmailResult><MessageId>{number}</MessageId></SendRawEmailResult>\
                 <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\
                 </SendRawEmailResponse>"
            ),
        )
            .into_response(),
        Err(code) => (
            StatusCode::BAD_REQUEST,
            xml,
            format!(
                "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error>\
                 <Type>Sender</Type><Code>{code}</Code>\
                 <Message>Address blacklisted: {REFUSED_BY_NAME}</Message></Error>\
                 <RequestId>r</RequestId></ErrorResponse>"
            ),
        )
            .into_response(),
    }
}
