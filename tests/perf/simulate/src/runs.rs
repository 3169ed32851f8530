//! workspace-sync: one run of one company, from its message to its end.

use crate::event_source::Stage;
use crate::measured::{
    AWS_CALL, CALLS_AFTER, CALLS_BEFORE, CALLS_OF_A_REFRESH, PAGE, PERSON_MICROS, SMARTHR_ANSWER,
    SMARTHR_PAGES_A_SECOND, START_MICROS, STEP, TRANSACTION, WRITTEN_PERSON_MICROS, at_its_share,
};
use crate::night::{Event, Night};
use crate::queue::Message;
use crate::quotas::RECURSIONS;
use crate::scenario::Companies;
use crate::time::{HOUR, SECOND, Time};

/// How long an access token of SmartHR works (`Tuning::default_token_life`).
const TOKEN_LIFE: Time = HOUR;

/// A run.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    company: Companies,
    /// The people who are still to be invited.
    pub(crate) to_write: u64,
    /// When its first message was sent.
    pub(crate) asked_at: Time,
    pub(crate) begun: Option<Time>,
    /// When it ended, and whether as a failure.
    pub(crate) ended: Option<(Time, bool)>,
    token_until: Time,
}

impl Run {
    pub(crate) fn new(company: Companies) -> Self {
        Self {
            company,
            to_write: company.invited,
            asked_at: 0,
            begun: None,
            ended: None,
            token_until: 0,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Token,
    /// SmartHR has rotated the refresh token, which is to be stored.
    Store {
        since: Time,
        repeated: u32,
    },
    Read,
    Write {
        since: Time,
        repeated: u32,
    },
    /// The step was written, for so many people.
    Written(u64),
    End,
    SendOn(Time),
    Outage,
}

/// An invocation.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    message: Message,
    began: Time,
    dies_at: Option<Time>,
    phase: Phase,
}

impl Night<'_> {
    /// Returns the number of runs that ended.
    pub(crate) fn ended(&self) -> usize {
        self.runs_ended
    }

    pub(crate) fn begin_run(&mut self, message: Message, cold: Time, dies_at: Option<Time>) {
        let began = self.now;
        if message.hops >= RECURSIONS && !self.deployed.may_recurse {
            let queue = &mut self.source_mut(Stage::Runs).queue;
            queue.give_up(message);
            return self.finish(Stage::Runs, began);
        }
        let is_early = message.not_before > began;
        let phase = if is_early {
            Phase::SendOn(message.not_before)
        } else {
            Phase::Token
        };
        let start = at_its_share(START_MICROS, self.deployed.sync.memory);
        let calls = if is_early { 1 } else { CALLS_BEFORE };
        let invocation = Invocation {
            message,
            began,
            dies_at,
            phase,
        };
        let free = self.invocations.iter().position(Option::is_none);
        let index = free.unwrap_or_else(|| {
            self.invocations.push(None);
            self.invocations.len() - 1
        });
        self.invocations[index] = Some(invocation);
        self.after(cold + start + calls * AWS_CALL, Event::Run(index));
    }

    pub(crate) fn go_on_with_run(&mut self, index: usize) {
        let Some(mut it) = self.invocations[index].take() else {
            return;
        };
        let now = self.now;
        if it.dies_at.is_some_and(|at| at <= now) {
            // Nobody answers for its message, which comes again when its time is over.
            let hidden = (it.began + self.deployed.sync.visibility).saturating_sub(now);
            self.source_mut(Stage::Runs).queue.release(it.message, true);
            self.show_after(Stage::Runs, it.message, hidden);
            return self.finish(Stage::Runs, it.began);
        }
        match self.next(&it) {
            Some((wait, phase)) => {
                it.phase = phase;
                self.invocations[index] = Some(it);
                self.after(wait, Event::Run(index));
            }
            None => self.finish(Stage::Runs, it.began),
        }
    }

    /// Does what is next, and returns what comes then, and after which time; `None` at the end of the invocation.
    fn next(&mut self, it: &Invocation) -> Option<(Time, Phase)> {
        let (now, run) = (self.now, it.message.about);
        let is_down = now < self.scenario.smarthr_is_back;
        if !matches!(it.phase, Phase::SendOn(_)) {
            self.runs[run].begun.get_or_insert(now);
        }
        match it.phase {
            Phase::SendOn(at) => self.send_on(it, at),
            Phase::Token if is_down => Some((self.deployed.refresh, Phase::Outage)),
            Phase::Token if self.runs[run].token_until > now => Some((0, Phase::Read)),
            Phase::Token => {
                let asked = SMARTHR_ANSWER + CALLS_OF_A_REFRESH * AWS_CALL;
                let (since, repeated) = (now + asked, 0);
                Some((asked, Phase::Store { since, repeated }))
            }
            Phase::Store { since, repeated } => self.store(it, since, repeated),
            Phase::Read => {
                let people = self.runs[run].company.people;
                let pages = people.div_ceil(PAGE);
                let waits = pages.saturating_sub(SMARTHR_PAGES_A_SECOND) * SECOND;
                let waits = waits / SMARTHR_PAGES_A_SECOND;
                let processor = at_its_share(people * PERSON_MICROS, self.deployed.sync.memory);
                let (since, repeated) = (0, 0);
                let wait = SMARTHR_ANSWER + waits + processor;
                Some((wait, Phase::Write { since, repeated }))
            }
            Phase::Write { .. } if self.runs[run].to_write == 0 => {
                Some((CALLS_AFTER * AWS_CALL, Phase::End))
            }
            Phase::Write { since, repeated } => self.write(it, since, repeated),
            Phase::Written(people) => {
                self.runs[run].to_write -= people;
                for _ in 0..people {
                    self.order_mail(run, false);
                }
                let (since, repeated) = (0, 0);
                Some((0, Phase::Write { since, repeated }))
            }
            Phase::End => {
                if run % self.scenario.one_fails_of == 0 {
                    self.order_mail(run, true);
                }
                self.end(it, false)
            }
            Phase::Outage => {
                let soonest = now + self.deployed.between_attempts;
                let mut attempts = self.deployed.attempts.iter();
                if let Some(at) = attempts.find(|at| **at >= soonest) {
                    return self.send_on(it, *at);
                }
                self.order_mail(run, true);
                self.end(it, true)
            }
        }
    }

    /// Sends the message on until its time has come.
    fn send_on(&mut self, it: &Invocation, at: Time) -> Option<(Time, Phase)> {
        let next = Message {
            sent: self.now,
            receives: 0,
            hops: it.message.hops + 1,
            not_before: at,
            ..it.message
        };
        let delay = at.saturating_sub(self.now).min(self.deployed.longest_delay);
        self.send(Stage::Runs, next, delay);
        self.done(it)
    }

    fn store(&mut self, it: &Invocation, since: Time, repeated: u32) -> Option<(Time, Phase)> {
        let now = self.now;
        if self.secret_writes.take(now, 1) {
            self.runs[it.message.about].token_until = now + TOKEN_LIFE;
            return Some((AWS_CALL, Phase::Read));
        }
        if now - since >= self.deployed.store_patience {
            self.lost_tokens += 1;
            self.rang.insert("errors-logged");
            self.deliver_again(Stage::Runs, it.message);
            return None;
        }
        let [first, longest] = self.deployed.store_waits;
        let wait = AWS_CALL + self.wait(repeated, first, longest);
        let repeated = repeated + 1;
        Some((wait, Phase::Store { since, repeated }))
    }

    fn write(&mut self, it: &Invocation, since: Time, repeated: u32) -> Option<(Time, Phase)> {
        let now = self.now;
        let last = it.began + self.deployed.sync.timeout - self.deployed.last_step;
        if now >= last {
            return self.send_on(it, 0);
        }
        let run = it.message.about;
        let people = self.runs[run].to_write.min(STEP);
        if self.writes(run, people) {
            let (fast, slow) = TRANSACTION;
            let micros = people * WRITTEN_PERSON_MICROS;
            let processor = at_its_share(micros, self.deployed.sync.memory);
            let wait = self.random.between(fast, slow) + processor;
            return Some((wait, Phase::Written(people)));
        }
        let since = if since == 0 { now } else { since };
        if now - since >= self.deployed.throttled_patience {
            self.rang.insert("errors-logged");
            self.deliver_again(Stage::Runs, it.message);
            return None;
        }
        let [first, longest] = self.deployed.throttled_waits;
        let wait = AWS_CALL + self.wait(repeated, first, longest);
        let repeated = repeated + 1;
        Some((wait, Phase::Write { since, repeated }))
    }

    fn end(&mut self, it: &Invocation, failed: bool) -> Option<(Time, Phase)> {
        let (now, run) = (self.now, it.message.about);
        if self.runs[run].ended.is_none() {
            self.runs[run].ended = Some((now, failed));
            self.runs_ended += 1;
            self.count_end(failed);
        }
        self.done(it)
    }

    fn done(&mut self, it: &Invocation) -> Option<(Time, Phase)> {
        let queue = &mut self.source_mut(Stage::Runs).queue;
        queue.release(it.message, false);
        None
    }
}
