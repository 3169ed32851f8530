//! Messages that the tested functions send: parked in dead-letter queues, from which no other function
//! takes them.

use local::Stack;
use serde_json::Value;

use crate::tools::aws;

/// Where a function of `sam local invoke` sends its messages instead.
pub struct Parked<'a> {
    stack: &'a Stack,
    /// The template's output that names the queue.
    output: &'static str,
}

impl<'a> Parked<'a> {
    /// Instead of the queue of mails.
    pub fn mails(stack: &'a Stack) -> Self {
        let output = "MailDeadLettersUrl";
        Self { stack, output }
    }

    /// Instead of the queue of runs.
    pub fn runs(stack: &'a Stack) -> Self {
        let output = "SyncDeadLettersUrl";
        Self { stack, output }
    }

    /// The queue's address.
    pub(crate) fn url(&self) -> &str {
        self.stack.output(self.output).unwrap()
    }

    /// The event of `sample` with one record for each of the waiting messages, which are taken away.
    pub async fn event(&self, sample: &Value) -> Value {
        let arguments = [
            "sqs",
            "receive-message",
            "--queue-url",
            self.url(),
            "--max-number-of-messages",
            "10",
            "--visibility-timeout",
            "3600",
        ];
        let received = aws(self.stack, &arguments).await;
        let records = received["Messages"]
            .as_array()
            .expect("messages are waiting")
            .iter();
        let records = records.map(|message| {
            let mut record = sample["Records"][0].clone();
            record["messageId"] = message["MessageId"].clone();
            record["body"] = message["Body"].clone();
            record
        });
        serde_json::json!({ "Records": records.collect::<Vec<_>>() })
    }
}
