//! Every quarter of an hour: redelivers mails whose message was lost, became a dead letter, or was
//! never sent because its sender crashed.

use std::cmp::Reverse;

use jiff::SignedDuration;
use lambda::metrics::Metrics;
use storage::StoreError;
use storage::outbox::WaitingMail;

use crate::watch::{RoundReport, Watch};

/// The time between two rounds.
const ROUND: SignedDuration = SignedDuration::from_mins(15);

/// The largest number of mails that one round redelivers: a thousand requests to SQS.
const MOST: usize = 10_000;

impl Watch {
    /// Sends the due mails to the queue again, oldest first, and measures how long the oldest has
    /// waited (`OldestWaitingMail`, in seconds).
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer.
    pub(crate) async fn redeliver_waiting_mails(&self) -> Result<RoundReport, StoreError> {
        let now = (self.clock)();
        let mut mails = self.store.all_waiting_mails().await?;
        mails.retain(|mail| !mail.age(now).is_negative());
        mails.sort_by_key(|mail| Reverse(mail.age(now)));
        let waiting = mails.len();
        let oldest = mails
            .first()
            .map_or(SignedDuration::ZERO, |mail| mail.age(now));
        Metrics::new(now)
            .count("WaitingMails", waiting as u64)
            .seconds("OldestWaitingMail", oldest.as_secs_f64())
            .print();
        let due: Vec<_> = mails
            .into_iter()
            .filter(|mail| is_due(mail.age(now), mail.postponed_until.is_some()))
            .take(MOST)
            .map(WaitingMail::message)
            .collect();
        self.queues.send_mail_messages(&due).await?;
        if !due.is_empty() {
            tracing::warn!(
                asked_again = due.len(),
                "waiting mails were sent to the queue again"
            );
        }
        Ok(RoundReport::Mails {
            waiting,
            asked_again: due.len(),
            oldest_seconds: oldest.as_secs(),
        })
    }
}

/// Returns whether a mail of this age is redelivered in this round: at a quarter of an hour, half an
/// hour, one hour, two, four and so on, so that a mail that cannot be delivered is tried less and less
/// often. One that was postponed is redelivered in the first round besides: nothing asked for it yet.
fn is_due(age: SignedDuration, was_postponed: bool) -> bool {
    let rounds = age.as_secs() / ROUND.as_secs();
    // Each age between n and n + 1 rounds is seen by one round; it is due if n is a power of two.
    if rounds == 0 {
        return was_postponed;
    }
    rounds & (rounds - 1) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_waits_is_asked_for_less_and_less_often() {
        let due: Vec<i64> = (0..24 * 60)
            .step_by(15)
            .filter(|minutes| is_due(SignedDuration::from_mins(minutes + 7), false))
            .collect();
        assert_eq!(due, [15, 30, 60, 120, 240, 480, 960]);
    }
}
