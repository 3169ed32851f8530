//! Every quarter of an hour: redelivers mails whose message was lost, became a dead letter, or was
//! never sent because its sender crashed.

use std::cmp::Reverse;

use domain::is_invitation;
use jiff::SignedDuration;
use lambda::metrics::Metrics;
use storage::StoreError;
use storage::outbox::WaitingMail;
use tokio::time::Instant;

use crate::watch::{RoundReport, Watch};

/// The time between two rounds.
const ROUND: SignedDuration = SignedDuration::from_mins(15);

/// How many mails are asked for before it is looked whether there is time for more.
const MAILS_AT_ONCE: usize = 1_000;

impl Watch {
    /// Sends all due mails to the queue again, other mails before invitations and the oldest first, as far as the time
    /// allows, and measures how long the oldest has waited (`OldestWaitingMail`, in seconds). What is left is asked for
    /// at its next age, while the queue holds fewer messages than mails wait.
    ///
    /// While the queue holds as many messages as mails wait, none was lost: then only mails are asked for whose
    /// postponement is over, so that a long queue does not grow by messages for mails that are in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer.
    pub(crate) async fn redeliver_waiting_mails(&self) -> Result<RoundReport, StoreError> {
        let now = (self.clock)();
        let mut mails = self.store.all_waiting_mails().await?;
        mails.retain(|mail| !mail.age(now).is_negative());
        mails.sort_by_key(|mail| (is_invitation(&mail.mail_id), Reverse(mail.age(now))));
        let waiting = mails.len();
        let ages = mails.iter().map(|mail| mail.age(now));
        let oldest = ages.clone().max().unwrap_or_default();
        let asked_for = ages.filter(|age| *age >= ROUND).count() as u64;
        let may_be_lost = asked_for > 0 && self.queues.mail_messages().await? < asked_for;
        Metrics::new(now)
            .count("WaitingMails", waiting as u64)
            .seconds("OldestWaitingMail", oldest.as_secs_f64())
            .print();
        let due: Vec<_> = mails
            .into_iter()
            .filter(|mail| {
                let was_postponed = mail.postponed_until.is_some();
                is_due(mail.age(now), was_postponed, may_be_lost)
            })
            .map(WaitingMail::message)
            .collect();
        let begun = Instant::now();
        let mut asked_again = 0;
        for some in due.chunks(MAILS_AT_ONCE) {
            self.queues.send_mail_messages(some).await?;
            asked_again += some.len();
            if begun.elapsed() >= self.time_for_mails {
                break;
            }
        }
        if !due.is_empty() {
            let left = due.len() - asked_again;
            tracing::warn!(
                asked_again,
                left,
                "waiting mails were sent to the queue again"
            );
        }
        Ok(RoundReport::Mails {
            waiting,
            asked_again,
            oldest_seconds: oldest.as_secs(),
        })
    }
}

/// Returns whether a mail of this age is redelivered in this round: at a quarter of an hour, half an hour, one hour,
/// two, four and so on, so that a mail that cannot be delivered is tried less and less often, as long as its message
/// may be lost. One that was postponed is redelivered in the first round besides: nothing asked for it yet.
fn is_due(age: SignedDuration, was_postponed: bool, may_be_lost: bool) -> bool {
    let rounds = age.as_secs() / ROUND.as_secs();
    // Each age between n and n + 1 rounds is seen by one round; it is due if n is a power of two.
    if rounds == 0 {
        return was_postponed;
    }
    may_be_lost && rounds & (rounds - 1) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_waits_is_asked_for_less_and_less_often() {
        let due: Vec<i64> = (0..24 * 60)
            .step_by(15)
            .filter(|minutes| is_due(SignedDuration::from_mins(minutes + 7), false, true))
            .collect();
        assert_eq!(due, [15, 30, 60, 120, 240, 480, 960]);
    }
}
