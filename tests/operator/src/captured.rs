//! The messages of the tested functions, captured in dead-letter queues, which no function reads.

use local::Stack;
use serde_json::Value;

use crate::sample_event::sample_event;
use crate::tools::aws;

/// A queue that replaces another one for the functions of `sam local invoke`.
pub struct CapturedMessages<'a> {
    stack: &'a Stack,
    /// The output of the template that is the queue's URL.
    output: &'static str,
}

impl<'a> CapturedMessages<'a> {
    /// Returns the replacement of the mail queue.
    pub fn mails(stack: &'a Stack) -> Self {
        let output = "MailDeadLettersUrl";
        Self { stack, output }
    }

    /// Returns the replacement of the sync queue.
    pub fn runs(stack: &'a Stack) -> Self {
        let output = "SyncDeadLettersUrl";
        Self { stack, output }
    }

    /// Returns the queue's URL.
    pub(crate) fn url(&self) -> &str {
        self.stack.output(self.output).unwrap()
    }

    /// Receives the waiting messages, and returns the sample event of this name with one record for each.
    pub async fn event(&self, sample: &str) -> Value {
        let sample = sample_event(sample, &[]);
        let url = self.url();
        let receive = format!(
            "sqs receive-message --queue-url {url} --max-number-of-messages 10 --visibility-timeout 3600"
        );
        let received = aws(self.stack.aws_endpoint(), &receive).await;
        let messages = received["Messages"].as_array();
        let messages = messages.expect("messages are waiting").iter();
        let records = messages.map(|message| {
            let mut record = sample["Records"][0].clone();
            record["messageId"] = message["MessageId"].clone();
            record["body"] = message["Body"].clone();
            record
        });
        serde_json::json!({ "Records": records.collect::<Vec<_>>() })
    }
}
