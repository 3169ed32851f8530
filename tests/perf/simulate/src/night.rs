//! The night: what happens when, one event after the other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::deployed::Deployed;
use crate::event_source::{Source, Stage};
use crate::limits::{Quota, Rate};
use crate::mails::{Batch, Mail};
use crate::measured::{AWS_CALL, COLD_START, DISPATCHED_MICROS, WRITTEN, at_its_share};
use crate::queue::Message;
use crate::quotas::{PARTITION_WRITE_UNITS, SECRET_WRITES_A_SECOND, SES_QUOTA_TIME};
use crate::random::Random;
use crate::runs::{Invocation, Run};
use crate::scenario::Scenario;
use crate::time::{HOUR, MINUTE, Time};

/// When the day begins, after 02:00.
const NINE_O_CLOCK: Time = 7 * HOUR;
/// The messages of a request to SQS.
const MESSAGES_OF_A_REQUEST: usize = 10;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// A message becomes visible: its index among those that are to come.
    Arrive(Stage, usize),
    /// The event source may process more batches.
    Grow(Stage),
    /// An invocation of workspace-sync does what is next.
    Run(usize),
    /// An invocation of mail-delivery does what is next.
    Deliver(usize),
    /// The sweeper's round.
    Sweep,
    /// night-watch looks for runs that have not begun.
    Watch,
    /// CloudWatch's metrics of the queues.
    Minute,
}

/// A night as it is played.
pub(crate) struct Night<'a> {
    pub(crate) deployed: &'a Deployed,
    pub(crate) scenario: &'a Scenario,
    pub(crate) now: Time,
    events: BinaryHeap<Reverse<(Time, u64, Event)>>,
    happened: u64,
    pub(crate) random: Random,
    pub(crate) sources: [Source; 2],
    pub(crate) to_come: Vec<Message>,
    pub(crate) free: Vec<usize>,
    pub(crate) runs: Vec<Run>,
    pub(crate) mails: Vec<Mail>,
    pub(crate) unsent: usize,
    pub(crate) runs_ended: usize,
    pub(crate) invocations: Vec<Option<Invocation>>,
    pub(crate) batches: Vec<Option<Batch>>,
    pub(crate) secret_writes: Rate,
    pub(crate) tables: [Rate; 3],
    pub(crate) partitions: BTreeMap<(usize, usize), Rate>,
    pub(crate) ses: Rate,
    pub(crate) quota: Quota,
    pub(crate) quota_was_full: bool,
    pub(crate) rang: BTreeSet<&'static str>,
    /// The ends of runs of this hour, failed ones and all.
    pub(crate) ends_of_hour: (Time, u64, u64),
    /// Tokens that SmartHR had rotated and that were not stored.
    pub(crate) lost_tokens: u64,
}

impl<'a> Night<'a> {
    /// Plays a night to its end.
    pub(crate) fn play(deployed: &'a Deployed, scenario: &'a Scenario) -> Self {
        let mut night = Self {
            deployed,
            scenario,
            now: 0,
            events: BinaryHeap::new(),
            happened: 0,
            random: Random::new(scenario.seed),
            sources: [
                Source::new(match scenario.reported_over {
                    Some(_) => deployed.sync_by_day,
                    None => deployed.sync,
                }),
                Source::new(deployed.mail_of(scenario)),
            ],
            to_come: Vec::new(),
            free: Vec::new(),
            runs: Vec::new(),
            mails: Vec::new(),
            unsent: 0,
            runs_ended: 0,
            invocations: Vec::new(),
            batches: Vec::new(),
            secret_writes: Rate::new(SECRET_WRITES_A_SECOND),
            tables: deployed.warm.map(Rate::new),
            partitions: BTreeMap::new(),
            ses: Rate::new(scenario.ses.a_second),
            quota: Quota::new(scenario.ses.a_day, SES_QUOTA_TIME),
            quota_was_full: false,
            rang: BTreeSet::new(),
            ends_of_hour: (0, 0, 0),
            lost_tokens: 0,
        };
        if let Some(time) = scenario.reported_over {
            night.report(time);
        } else {
            night.dispatch();
            night.after(30 * MINUTE, Event::Watch);
            night.after(90 * MINUTE, Event::Watch);
        }
        night.after(deployed.sweeper.0 / 2, Event::Sweep);
        night.after(MINUTE, Event::Minute);
        while let Some(Reverse((at, _, event))) = night.events.pop() {
            if at > scenario.end || night.is_over() {
                break;
            }
            night.now = at;
            night.happens(event);
        }
        night.measure_queues();
        night
    }

    /// Returns whether every run ended or was given up, and no mail waits.
    pub(crate) fn is_over(&self) -> bool {
        let runs = self.ended() + self.source(Stage::Runs).queue.dead.len();
        self.unsent == 0 && runs >= self.runs.len() && self.source(Stage::Runs).running == 0
    }

    /// Lets something happen later.
    pub(crate) fn after(&mut self, wait: Time, event: Event) {
        self.happened += 1;
        let next = (self.now + wait, self.happened, event);
        self.events.push(Reverse(next));
    }

    /// Makes the runs of the companies; none of them has begun.
    fn make_runs(&mut self) {
        let companies = self.scenario.companies.iter();
        let kinds = companies.flat_map(|it| std::iter::repeat_n(*it, it.count));
        self.runs = kinds.map(Run::new).collect();
    }

    /// smarthr-webhook: a message for each batch, evenly over this time.
    fn report(&mut self, time: Time) {
        self.make_runs();
        let count = self.runs.len();
        for run in 0..count {
            let sent = NINE_O_CLOCK + time * run as u64 / count as u64;
            self.send_first(run, sent);
        }
    }

    /// nightly-sync: a message for each company, ten a request.
    fn dispatch(&mut self) {
        let d = self.deployed;
        self.make_runs();
        let begin = COLD_START + 3 * AWS_CALL;
        for first in (0..self.runs.len()).step_by(MESSAGES_OF_A_REQUEST) {
            let so_far = (first + MESSAGES_OF_A_REQUEST) as u64;
            let requests = so_far / MESSAGES_OF_A_REQUEST as u64;
            let answers = requests.div_ceil(d.dispatch_at_once) * AWS_CALL;
            let processor = at_its_share(so_far * DISPATCHED_MICROS, d.dispatch_memory);
            let sent = begin + answers.max(processor);
            let last = (first + MESSAGES_OF_A_REQUEST).min(self.runs.len());
            for run in first..last {
                self.send_first(run, sent);
            }
        }
    }

    fn send_first(&mut self, run: usize, sent: Time) {
        self.runs[run].asked_at = sent;
        let message = Message {
            about: run,
            group: run,
            sent,
            receives: 0,
            hops: 0,
            not_before: 0,
        };
        self.send(Stage::Runs, message, sent);
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Arrive(stage, index) => {
                let message = self.to_come[index];
                self.free.push(index);
                self.source_mut(stage).queue.show(message);
                self.start(stage);
            }
            Event::Grow(stage) => {
                self.source_mut(stage).grows = false;
                self.start(stage);
            }
            Event::Run(index) => self.go_on_with_run(index),
            Event::Deliver(index) => self.go_on_with_batch(index),
            Event::Sweep => self.sweep(),
            Event::Watch => self.watch(),
            Event::Minute => self.measure_queues(),
        }
    }

    /// Returns a random wait before a call is repeated that was throttled: full jitter below a bound that doubles.
    pub(crate) fn wait(&mut self, repeated: u32, first: Time, longest: Time) -> Time {
        let bound = first.saturating_mul(2_u64.saturating_pow(repeated));
        self.random.between(1, bound.min(longest))
    }

    /// Takes what a step writes from its tables and from the workspace's partitions, or nothing.
    pub(crate) fn writes(&mut self, workspace: usize, people: u64) -> bool {
        let now = self.now;
        let partition = |table| (table, workspace);
        let mut has = true;
        for (table, (_, _, units)) in WRITTEN.iter().enumerate() {
            let units = units * people;
            has &= self.tables[table].has(now, units);
            // Addresses and codes are spread over partitions of their own.
            if table != 1 {
                let rate = self.partitions.entry(partition(table));
                let rate = rate.or_insert_with(|| Rate::new(PARTITION_WRITE_UNITS));
                has &= rate.has(now, units);
            }
        }
        for (table, (_, _, units)) in WRITTEN.iter().enumerate() {
            if has {
                self.tables[table].take(now, units * people);
                if let Some(rate) = self.partitions.get_mut(&partition(table)) {
                    rate.take(now, units * people);
                }
            } else {
                self.tables[table].refused += 1;
            }
        }
        has
    }
}
