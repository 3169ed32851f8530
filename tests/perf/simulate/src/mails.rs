//! mail-delivery: batches of mails, one after the other, as far as SES lets them.

use crate::event_source::Stage;
use crate::measured::{
    AWS_CALL, CALLS_OF_A_MAIL, CALLS_OF_A_POSTPONED_MAIL, MAIL_MICROS, SES_ANSWER, at_its_share,
};
use crate::night::{Event, Night};
use crate::queue::Message;
use crate::time::{SECOND, Time};

/// How long a claim keeps another delivery from a mail (`storage::outbox::CLAIM`).
const CLAIM: Time = 60 * SECOND;

/// The first bound of the waits for SES.
const FIRST_WAIT: Time = 300;

/// A mail of the outbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mail {
    run: usize,
    /// Whether it is to admins, and no invitation.
    pub(crate) is_admins: bool,
    pub(crate) created: Time,
    pub(crate) postponed_until: Time,
    claimed_until: Time,
    pub(crate) sent: Option<Time>,
}

impl Mail {
    /// Returns since when it has waited for its delivery; later than now while it is postponed.
    pub(crate) fn waits_since(&self) -> Time {
        self.created.max(self.postponed_until)
    }
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Begin,
    Send { since: Time, repeated: u32 },
    Settled,
    NotSent,
}

/// An invocation with its messages.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    messages: Vec<Message>,
    /// The message that is being processed.
    at: usize,
    began: Time,
    dies_at: Option<Time>,
    phase: Phase,
    throttled: bool,
}

impl Night<'_> {
    /// Writes a mail into the outbox and asks for its delivery.
    pub(crate) fn order_mail(&mut self, run: usize, is_admins: bool) {
        self.mails.push(Mail {
            run,
            is_admins,
            created: self.now,
            postponed_until: 0,
            claimed_until: 0,
            sent: None,
        });
        self.unsent += 1;
        self.ask_for(self.mails.len() - 1, AWS_CALL);
    }

    /// Sends the message that asks for a mail. Those to admins have a group of their own.
    pub(crate) fn ask_for(&mut self, mail: usize, delay: Time) {
        let Mail { run, is_admins, .. } = self.mails[mail];
        let message = Message {
            about: mail,
            group: 2 * run + usize::from(is_admins),
            sent: self.now + delay,
            receives: 0,
            hops: 0,
            not_before: 0,
        };
        self.send(Stage::Mails, message, delay);
    }

    pub(crate) fn begin_batch(&mut self, messages: Vec<Message>, cold: Time, dies: Option<Time>) {
        let batch = Batch {
            messages,
            at: 0,
            began: self.now,
            dies_at: dies,
            phase: Phase::Begin,
            throttled: false,
        };
        let free = self.batches.iter().position(Option::is_none);
        let index = free.unwrap_or_else(|| {
            self.batches.push(None);
            self.batches.len() - 1
        });
        self.batches[index] = Some(batch);
        self.after(cold, Event::Deliver(index));
    }

    pub(crate) fn go_on_with_batch(&mut self, index: usize) {
        let Some(mut it) = self.batches[index].take() else {
            return;
        };
        let now = self.now;
        if it.dies_at.is_some_and(|at| at <= now) {
            // Those that were answered for come again as well: Lambda answers for a batch at its end.
            let hidden = (it.began + self.deployed.mail.visibility).saturating_sub(now);
            for message in it.messages {
                self.source_mut(Stage::Mails).queue.release(message, true);
                self.show_after(Stage::Mails, message, hidden);
            }
            return self.finish(Stage::Mails, it.began);
        }
        if it.at == it.messages.len() {
            for message in it.messages {
                let queue = &mut self.source_mut(Stage::Mails).queue;
                queue.release(message, false);
            }
            return self.finish(Stage::Mails, it.began);
        }
        let (wait, phase) = self.next_of(&mut it);
        it.phase = phase;
        self.batches[index] = Some(it);
        self.after(wait, Event::Deliver(index));
    }

    /// Does what is next for a batch, and returns what comes then, and after which time.
    fn next_of(&mut self, it: &mut Batch) -> (Time, Phase) {
        let now = self.now;
        let message = it.messages[it.at];
        let about = message.about;
        let Mail {
            sent,
            claimed_until,
            ..
        } = self.mails[about];
        match it.phase {
            Phase::Begin if it.throttled || now - it.began > self.deployed.last_beginning => {
                (AWS_CALL, Phase::NotSent)
            }
            Phase::Begin if sent.is_some() => (2 * AWS_CALL, Phase::Settled),
            Phase::Begin if claimed_until > now => (2 * AWS_CALL, Phase::NotSent),
            Phase::Begin => {
                self.mails[about].claimed_until = now + CLAIM;
                let processor = at_its_share(MAIL_MICROS, self.deployed.mail.memory);
                let calls = (CALLS_OF_A_MAIL - 2) * AWS_CALL + processor;
                let (since, repeated) = (now + calls, 0);
                (calls, Phase::Send { since, repeated })
            }
            Phase::Send { since, repeated } => self.hand_to_ses(it, since, repeated),
            Phase::Settled => {
                self.mails[about].claimed_until = 0;
                it.at += 1;
                (0, Phase::Begin)
            }
            Phase::NotSent => {
                // Out of the batch: its message comes again.
                it.messages.remove(it.at);
                self.deliver_again(Stage::Mails, message);
                (0, Phase::Begin)
            }
        }
    }

    fn hand_to_ses(&mut self, it: &mut Batch, since: Time, repeated: u32) -> (Time, Phase) {
        let now = self.now;
        let about = it.messages[it.at].about;
        let (used, most) = (self.quota.used(now), self.quota.most);
        let (invitations, others) = self.deployed.postponed;
        let is_admins = self.mails[about].is_admins;
        let share = if is_admins {
            100
        } else {
            self.deployed.invitations_share
        };
        if used * 100 >= most * share {
            self.quota_was_full = true;
            let wait = if is_admins { others } else { invitations };
            self.mails[about].postponed_until = now + wait;
            let calls = CALLS_OF_A_POSTPONED_MAIL * AWS_CALL;
            return (calls, Phase::Settled);
        }
        if self.ses.take(now, 1) {
            self.quota.count(now);
            self.mails[about].sent = Some(now + SES_ANSWER);
            self.unsent -= 1;
            return (SES_ANSWER + 2 * AWS_CALL, Phase::Settled);
        }
        let (patience, longest) = self.deployed.ses_patience;
        if now - since >= patience {
            it.throttled = true;
            self.mails[about].claimed_until = 0;
            return (2 * AWS_CALL, Phase::NotSent);
        }
        let wait = AWS_CALL + self.wait(repeated, FIRST_WAIT, longest);
        let repeated = repeated + 1;
        (wait, Phase::Send { since, repeated })
    }
}
