//! What came of a night.

use std::collections::BTreeSet;
use std::fmt;

use crate::deployed::Deployed;
use crate::event_source::{Source, Stage};
use crate::night::Night;
use crate::scenario::Scenario;
use crate::time::{SECOND, Time, of_day};

/// From which percentage of use on a limit is what a night waited for.
const NEARLY_ALL: u64 = 80;
/// Which part of the mails SES has to refuse at first, in percent, for its rate to be what they waited for.
const MANY_REFUSED: u64 = 10;

/// The outcome of a night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The scenario's name.
    pub name: &'static str,
    /// The end of the last run; `None` if none ended.
    pub last_run: Option<Time>,
    /// The longest time that a run waited for its turn.
    pub longest_wait: Time,
    /// When SES took the last mail; `None` if there was none.
    pub last_mail: Option<Time>,
    /// When SES took the last mail to admins; `None` if there was none.
    pub last_admins_mail: Option<Time>,
    /// The messages that were given up.
    pub dead_letters: usize,
    /// Every alarm that rang.
    pub rang: BTreeSet<&'static str>,
    /// The alarms that ought not to have rung, or did not although they ought to.
    pub false_alarms: BTreeSet<&'static str>,
    /// Runs, ended ones, and those given up.
    pub runs: [usize; 3],
    /// Mails, and sent ones.
    pub mails: [usize; 2],
    /// Messages of mails that were given up.
    pub dead_mails: usize,
    /// People who were to be invited, by a run that did not fail, and were not.
    pub left_people: u64,
    /// Refresh tokens that SmartHR had rotated and that nobody stored.
    pub lost_tokens: u64,
    /// The most runs, and the most batches of mails, at the same time.
    pub at_once: [u64; 2],
    /// What the last thing waited for.
    pub bottleneck: String,
}

impl Outcome {
    /// Plays a night.
    pub fn of(deployed: &Deployed, scenario: &Scenario) -> Self {
        let night = Night::play(deployed, scenario);
        let ends = night.runs.iter().filter_map(|run| run.ended);
        let waits = night.runs.iter().filter_map(|run| {
            let begun = run.begun?;
            begun.checked_sub(run.asked_at)
        });
        let sent = |mine: fn(bool) -> bool| {
            let mails = night.mails.iter().filter(|mail| mine(mail.is_admins));
            mails.filter_map(|mail| mail.sent).max()
        };
        let succeeded = night
            .runs
            .iter()
            .filter(|run| run.ended.is_none_or(|(_, failed)| !failed));
        let left_people = succeeded.map(|run| run.to_write);
        let expected: BTreeSet<_> = scenario.rings.iter().copied().collect();
        let (runs, mails) = (night.source(Stage::Runs), night.source(Stage::Mails));
        Self {
            name: scenario.name,
            last_run: ends.map(|(at, _)| at).max(),
            longest_wait: waits.max().unwrap_or(0),
            last_mail: sent(|_| true),
            last_admins_mail: sent(|is_admins| is_admins),
            dead_letters: runs.queue.dead.len() + mails.queue.dead.len(),
            false_alarms: night
                .rang
                .symmetric_difference(&expected)
                .copied()
                .collect(),
            runs: [night.runs.len(), night.ended(), runs.queue.dead.len()],
            mails: [night.mails.len(), night.mails.len() - night.unsent],
            dead_mails: mails.queue.dead.len(),
            left_people: left_people.sum(),
            lost_tokens: night.lost_tokens,
            at_once: [runs.most_running, mails.most_running],
            bottleneck: bottleneck(&night),
            rang: night.rang,
        }
    }
}

/// Returns which part of its places a source occupied, in percent.
fn occupied(source: &Source) -> u64 {
    let time = source.last.saturating_sub(source.first.unwrap_or(0));
    source.busy * 100 / (source.receiver.places * time.max(1))
}

fn bottleneck(night: &Night<'_>) -> String {
    let (runs, mails) = (night.source(Stage::Runs), night.source(Stage::Mails));
    let time = |source: &Source| source.last.saturating_sub(source.first.unwrap_or(0));
    let is_busy = |percent: u64| percent >= NEARLY_ALL;
    if night.quota_was_full {
        return format!("SES's quota of {} a day", night.quota.most);
    }
    if night.scenario.smarthr_is_back > runs.first.unwrap_or(0) {
        return "SmartHR".to_owned();
    }
    // Mails that end long after the runs did not wait for them.
    if mails.last > runs.last + 5 * SECOND {
        if night.ses.refused * 100 > night.ses.taken * MANY_REFUSED {
            return format!("SES's rate of {} a second", night.scenario.ses.a_second);
        }
        return format!("{} places of mail-delivery", mails.receiver.places);
    }
    if is_busy(night.secret_writes.percent_in(time(runs))) {
        return "Secrets Manager's 50 writes a second".to_owned();
    }
    let tables = night.tables.iter();
    if tables
        .clone()
        .any(|table| is_busy(table.percent_in(time(runs))))
    {
        return "write units of a table".to_owned();
    }
    if is_busy(occupied(runs)) {
        return format!("{} places of workspace-sync", runs.receiver.places);
    }
    "the steps of the longest run".to_owned()
}

impl Outcome {
    /// Returns whether nothing was given up or lost, every mail was sent, and no alarm rang in vain or failed to ring.
    pub fn is_good(&self) -> bool {
        let [mails, sent] = self.mails;
        self.dead_letters == 0
            && self.false_alarms.is_empty()
            && self.lost_tokens == 0
            && self.left_people == 0
            && mails == sent
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |time: Option<Time>| time.map_or_else(|| "never".to_owned(), of_day);
        write!(
            f,
            "{}: last run {}, last mail {}, dead letters {}, false alarms {}, bottleneck {}",
            self.name,
            at(self.last_run),
            at(self.last_mail),
            self.dead_letters,
            self.false_alarms.len(),
            self.bottleneck,
        )?;
        for alarm in &self.rang {
            write!(f, ", rings {alarm}")?;
        }
        Ok(())
    }
}
