//! night-watch and CloudWatch: the sweeper's rounds, and the alarms.

use crate::event_source::Stage;
use crate::measured::{AWS_CALL, COLD_START, SWEPT_MAIL_MICROS, at_its_share};
use crate::night::{Event, Night};
use crate::time::{HOUR, MINUTE, Time};

/// Messages in one request to SQS.
const MESSAGES_OF_A_REQUEST: u64 = 10;

impl Night<'_> {
    /// Asks again for every mail that nobody delivers: whose time to wait is over, and, at ages that double, whose
    /// message was lost.
    pub(crate) fn sweep(&mut self) {
        let now = self.now;
        let d = self.deployed;
        let (round, at_once) = d.sweeper;
        self.after(round, Event::Sweep);
        let unsent = |mail: &usize| self.mails[*mail].sent.is_none();
        let age = |mail: usize| now.checked_sub(self.mails[mail].waits_since());
        let waiting: Vec<(usize, Time)> = (0..self.mails.len())
            .filter(unsent)
            .filter_map(|mail| Some((mail, age(mail)?)))
            .collect();
        let oldest = waiting.iter().map(|(_, age)| *age).max().unwrap_or(0);
        if oldest > d.longest_waits[0] {
            self.rang.insert("mails-wait");
        }
        let queued = self.source(Stage::Mails).queue.messages();
        let none_is_lost = queued >= waiting.iter().filter(|it| it.1 >= round).count();
        let is_due = |(mail, age): &(usize, Time)| {
            let rounds = age / round;
            if rounds == 0 {
                return self.mails[*mail].postponed_until > 0;
            }
            !none_is_lost && rounds.is_power_of_two()
        };
        let mut due: Vec<(usize, Time)> = waiting.into_iter().filter(is_due).collect();
        due.sort_by_key(|(mail, age)| (!self.mails[*mail].is_admins, std::cmp::Reverse(*age)));
        for (place, (mail, _)) in due.into_iter().enumerate() {
            let so_far = place as u64 + 1;
            let answers = so_far.div_ceil(MESSAGES_OF_A_REQUEST * at_once) * AWS_CALL;
            let processor = at_its_share(so_far * SWEPT_MAIL_MICROS, d.watch.0);
            let at = COLD_START + answers.max(processor);
            if at > d.watch.1 {
                self.rang.insert("night-watch-errors");
                return;
            }
            self.ask_for(mail, at);
        }
    }

    /// Looks for runs that have not begun, and whose message is not in the queue.
    pub(crate) fn watch(&mut self) {
        let not_begun = self.runs.iter().filter(|run| run.begun.is_none()).count();
        if not_begun > self.source(Stage::Runs).queue.messages() {
            self.rang.insert("runs-not-begun");
        }
    }

    /// Measures the queues, as CloudWatch does.
    pub(crate) fn measure_queues(&mut self) {
        self.after(MINUTE, Event::Minute);
        let now = self.now;
        let stages = [
            (Stage::Runs, "sync-queue-stalls", "sync-dead-letters-arrive"),
            (
                Stage::Mails,
                "mail-queue-stalls",
                "mail-dead-letters-arrive",
            ),
        ];
        for (place, (stage, stalls, dead)) in stages.into_iter().enumerate() {
            let source = self.source(stage);
            let (age, dead_letters) = (source.queue.age_of_oldest(now), source.queue.dead.len());
            let throttles = source.throttles;
            if age > self.deployed.longest_waits[1 + place] {
                self.rang.insert(stalls);
            }
            if dead_letters > 0 {
                self.rang.insert(dead);
            }
            if throttles > 0 {
                self.rang.insert("workspace-sync-throttles");
            }
        }
        let used = self.quota.used(now);
        if used * 100 > self.quota.most * self.deployed.quota_alarm {
            self.rang.insert("ses-quota-nearly-used");
        }
    }

    /// Counts the end of a run for the alarm about failed ones.
    pub(crate) fn count_end(&mut self, failed: bool) {
        let hour = self.now / HOUR;
        if self.ends_of_hour.0 != hour {
            self.ends_of_hour = (hour, 0, 0);
        }
        self.ends_of_hour.1 += u64::from(failed);
        self.ends_of_hour.2 += 1;
        let (_, failed, all) = self.ends_of_hour;
        // The share of the whole hour counts; the first failures of one are no share yet.
        if failed * 100 > all * self.deployed.failed_alarm && all >= 100 {
            self.rang.insert("runs-fail");
        }
    }
}
