//! The evening that most stories begin on.

use jiff::SignedDuration;

use crate::clock::advance;
use crate::company::{first_night, second_night};
use crate::test_env::TestEnv;

impl TestEnv {
    /// A env after its first night, with every mail of that night delivered and the company
    /// changed: `joiners` and many others have something to be done tonight.
    pub async fn second_evening(joiners: u32) -> Self {
        let env = Self::new(500, None).await;
        env.people(&first_night()).await;
        env.night().await;
        env.deliver_mails().await;
        env.drop_messages();
        env.people(&second_night(joiners)).await;
        advance(SignedDuration::from_hours(24));
        env.tap.restart(None);
        env
    }

    /// Empties the queues.
    pub fn drop_messages(&self) {
        while self.services.take_message().is_some() {}
    }

    /// Takes the messages of the queue for runs out of it, and drops the others.
    pub fn asked_runs(&self) -> Vec<storage::queues::RunMessage> {
        std::iter::from_fn(|| self.services.take_message())
            .filter(|(queue, _)| queue == "sync")
            .map(|(_, body)| serde_json::from_str(&body).unwrap())
            .collect()
    }
}
