//! SES's quota of 24 hours: invitations leave a part of it to other mails, those to admins among them. What finds no
//! room waits in the outbox, where nothing uses up its deliveries, until night-watch asks for it again.
//!
//! In the queue other mails are of another group than the invitations of their workspace, behind which they would
//! wait for hours.

use std::sync::{Mutex, PoisonError};

use domain::time::later;
use domain::{OutboxMail, is_invitation};
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use storage::mailer::SendingQuota;

use crate::deliver_once::Delivery;

/// The part of the quota, in percent, that invitations may use.
const INVITATIONS_SHARE: u32 = 90;

/// How long an invitation waits that finds no room.
const INVITATIONS_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// How long another mail waits that finds no room: until the next round of night-watch.
const OTHERS_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// How long SES's answer is believed. All invocations together send less than a hundredth of a quota meanwhile.
const BELIEVED: SignedDuration = SignedDuration::from_mins(1);

/// What SES last said about its quota.
#[derive(Debug, Default)]
pub struct KnownQuota(Mutex<Option<(SendingQuota, Timestamp)>>);

impl KnownQuota {
    /// Returns what SES said at `now`.
    pub fn learned(quota: SendingQuota, now: Timestamp) -> Self {
        Self(Mutex::new(Some((quota, now))))
    }

    fn learn(&self, quota: SendingQuota, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((quota, now));
    }

    fn known(&self, now: Timestamp) -> Option<SendingQuota> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (quota, at) = known?;
        (now.duration_since(at) < BELIEVED).then_some(quota)
    }
}

/// Returns until when a mail waits for which there is no room.
pub(crate) fn no_room_until(mail: &OutboxMail, now: Timestamp) -> Timestamp {
    let wait = if is_invitation(&mail.mail_id) {
        INVITATIONS_WAIT
    } else {
        OTHERS_WAIT
    };
    later(now, wait)
}

impl Delivery {
    /// Returns whether SES has room for a mail, as far as it is known: invitations may use a part of the quota only.
    /// Where SES does not say, it has.
    pub(crate) async fn has_room_for(&self, mail: &OutboxMail, now: Timestamp) -> bool {
        if !is_invitation(&mail.mail_id) {
            return true;
        }
        let quota = match self.quota.known(now) {
            Some(quota) => quota,
            // The future of a call is large, so it lives on the heap.
            None => match Box::pin(self.mailer.quota()).await {
                Ok(quota) => {
                    let measured = Metrics::new(now).percent("SesQuotaUsed", quota.percent_used());
                    measured.print();
                    self.quota.learn(quota, now);
                    quota
                }
                Err(error) => {
                    tracing::warn!(%error, "SES does not say how many mails it takes");
                    return true;
                }
            },
        };
        quota.percent_used() < f64::from(INVITATIONS_SHARE)
    }
}
