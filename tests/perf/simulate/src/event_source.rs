//! The two event sources: which messages wait, how many batches Lambda processes at the same time, and when a message
//! comes again.

use crate::deployed::Receiver;
use crate::measured::COLD_START;
use crate::night::{Event, Night};
use crate::queue::{Message, Queue};
use crate::quotas::{FIRST_BATCHES, MORE_BATCHES_A_MINUTE, MOST_BATCHES};
use crate::time::{MINUTE, SECOND, Time};

/// Which of the two queues, with its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Runs,
    Mails,
}

/// An event source with its function's environments.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) queue: Queue,
    pub(crate) receiver: Receiver,
    active_since: Option<Time>,
    pub(crate) grows: bool,
    pub(crate) running: u64,
    environments: u64,
    /// Milliseconds in which places were occupied.
    pub(crate) busy: Time,
    /// The places that were occupied at most.
    pub(crate) most_running: u64,
    pub(crate) throttles: u64,
    pub(crate) first: Option<Time>,
    pub(crate) last: Time,
}

impl Source {
    pub(crate) fn new(receiver: Receiver) -> Self {
        Self {
            queue: Queue::new(receiver.receives),
            receiver,
            active_since: None,
            grows: false,
            running: 0,
            environments: 0,
            busy: 0,
            most_running: 0,
            throttles: 0,
            first: None,
            last: 0,
        }
    }

    /// Returns how many batches may be processed at the same time.
    fn may_run(&mut self, now: Time) -> u64 {
        let since = *self.active_since.get_or_insert(now);
        let more = (now - since) * MORE_BATCHES_A_MINUTE / MINUTE;
        let most = self.receiver.places.min(MOST_BATCHES);
        (FIRST_BATCHES + more).min(most)
    }
}

impl Night<'_> {
    pub(crate) fn source(&self, stage: Stage) -> &Source {
        match stage {
            Stage::Runs => &self.sources[0],
            Stage::Mails => &self.sources[1],
        }
    }

    pub(crate) fn source_mut(&mut self, stage: Stage) -> &mut Source {
        match stage {
            Stage::Runs => &mut self.sources[0],
            Stage::Mails => &mut self.sources[1],
        }
    }

    /// Sends a message that becomes visible after a delay.
    pub(crate) fn send(&mut self, stage: Stage, message: Message, delay: Time) {
        self.source_mut(stage).queue.hide();
        self.show_after(stage, message, delay);
    }

    /// Shows a hidden message after a delay.
    pub(crate) fn show_after(&mut self, stage: Stage, message: Message, delay: Time) {
        let index = self.free.pop().unwrap_or(self.to_come.len());
        if index == self.to_come.len() {
            self.to_come.push(message);
        }
        self.to_come[index] = message;
        self.after(delay, Event::Arrive(stage, index));
    }

    /// Starts the invocations that messages wait for, as many as may run.
    pub(crate) fn start(&mut self, stage: Stage) {
        let now = self.now;
        let source = self.source_mut(stage);
        loop {
            if source.queue.visible() == 0 {
                if source.running == 0 {
                    source.active_since = None;
                }
                return;
            }
            let may_run = source.may_run(now);
            if source.running >= may_run {
                let grows = may_run < source.receiver.places.min(MOST_BATCHES);
                if grows && !source.grows {
                    source.grows = true;
                    self.after(MINUTE / MORE_BATCHES_A_MINUTE, Event::Grow(stage));
                }
                return;
            }
            let mut messages = Vec::new();
            while (messages.len() as u64) < source.receiver.batch
                && let Some(message) = source.queue.receive()
            {
                messages.push(message);
            }
            if messages.is_empty() {
                continue;
            }
            if source.running >= source.receiver.reserved {
                // Lambda refuses to start it, and the messages come again.
                source.throttles += 1;
                let hidden = source.receiver.visibility;
                for message in messages {
                    self.source_mut(stage).queue.release(message, true);
                    self.show_after(stage, message, hidden);
                }
                return;
            }
            source.running += 1;
            source.most_running = source.most_running.max(source.running);
            source.first.get_or_insert(now);
            let is_cold = source.running > source.environments;
            source.environments = source.environments.max(source.running);
            let cold = if is_cold { COLD_START } else { 0 };
            let dies = self.random.in_a_thousand(self.scenario.dying);
            let dies_at = dies.then(|| now + self.random.between(0, 5 * SECOND));
            match stage {
                Stage::Runs => self.begin_run(messages[0], cold, dies_at),
                Stage::Mails => self.begin_batch(messages, cold, dies_at),
            }
            return self.start(stage);
        }
    }

    /// Frees the place of an invocation that began at `began`.
    pub(crate) fn finish(&mut self, stage: Stage, began: Time) {
        let now = self.now;
        let source = self.source_mut(stage);
        source.running -= 1;
        source.busy += now - began;
        source.last = now;
        self.start(stage);
    }

    /// Lets a failed message come again, later after each failure.
    pub(crate) fn deliver_again(&mut self, stage: Stage, message: Message) {
        let (first, longest) = self.deployed.again;
        let failures = u32::try_from(message.receives.saturating_sub(1)).unwrap_or(u32::MAX);
        let wait = first.saturating_mul(4_u64.saturating_pow(failures));
        self.source_mut(stage).queue.release(message, true);
        self.show_after(stage, message, wait.min(longest));
    }
}
