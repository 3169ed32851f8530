//! The evening that most stories begin on.

use jiff::SignedDuration;

use crate::clock::advance;
use crate::company::{first_night, second_night};
use crate::world::World;

impl World {
    /// A world after its first night, with every mail of that night delivered and the company
    /// changed: `joiners` and many others have something to be done tonight.
    pub async fn second_evening(joiners: u32) -> Self {
        let world = Self::new(500, None).await;
        world.people(&first_night()).await;
        world.night().await;
        world.deliver_mails().await;
        world.drop_messages();
        world.people(&second_night(joiners)).await;
        advance(SignedDuration::from_hours(24));
        world.tap.restart(None);
        world
    }

    /// Empties the queues.
    pub fn drop_messages(&self) {
        while self.services.take_message().is_some() {}
    }

    /// Takes the messages of the queue for runs out of it, and drops the others.
    pub fn asked_runs(&self) -> Vec<aws::queues::RunMessage> {
        std::iter::from_fn(|| self.services.take_message())
            .filter(|(queue, _)| queue == "sync")
            .map(|(_, body)| serde_json::from_str(&body).unwrap())
            .collect()
    }
}
