//! The last 30 days, one after the other, each with how its runs went: a day that failed and a day without a run look
//! like what they are. A table beneath has the numbers of people.

use domain::report::Category;
use domain::text::people as in_words;
use domain::time::{day, next_scheduled_run};
use domain::{Run, RunOutcome};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::count::Count;

/// The number of days that are shown.
const DAYS: usize = 30;
/// The columns of the table.
const COLUMNS: [Category; 7] = [
    Category::Invited,
    Category::Registered,
    Category::Reinvited,
    Category::Updated,
    Category::Deleted,
    Category::Failed,
    Category::Held,
];

/// A day in Japan.
#[derive(Debug)]
pub(super) struct Day {
    /// `11/25`
    pub(super) date: String,
    /// The newest run of the day whose outcome is the day's; `None` if there was no run.
    pub(super) run_id: Option<String>,
    /// The CSS class.
    pub(super) class: &'static str,
    /// The outcome in words.
    pub(super) outcome: String,
    /// How many people failed in the runs of the day.
    pub(super) failed: usize,
    /// The people of all runs of the day, one number for each of [`COLUMNS`].
    pub(super) people: Vec<usize>,
}

/// The last days, oldest first.
pub(super) struct LastDays {
    pub(super) all: Vec<Day>,
    /// The headings of the table.
    pub(super) headings: Vec<&'static str>,
    /// A one-sentence summary.
    pub(super) summary: String,
}

impl LastDays {
    /// Returns the days up to `now` of `runs`, which are the newest first; `None` if there are no runs. Before the
    /// oldest of `runs` nothing is known.
    pub(super) fn of(runs: &[Run], now: Timestamp) -> Option<Self> {
        let (newest, oldest) = (runs.first()?, runs.last()?);
        // The night of a day that has just begun is still to come.
        let last = day(next_scheduled_run(now)).saturating_sub(1.day());
        let last = last.max(day(newest.started_at));
        let before = i64::try_from(DAYS).unwrap_or(i64::MAX) - 1;
        let first = last
            .saturating_sub(before.days())
            .max(day(oldest.started_at));
        let days: Vec<Day> = first
            .series(1.day())
            .take_while(|date| *date <= last)
            .map(|date| Day::of(date, runs))
            .collect();
        let failed = days.iter().filter(|day| day.class == "failure").count();
        let missing = days.iter().filter(|day| day.run_id.is_none()).count();
        let shown = days.len();
        let summary = match missing {
            0 => format!("{shown}日間のうち、失敗した日は{failed}日です。"),
            _ => format!(
                "{shown}日間のうち、失敗した日は{failed}日、同期しなかった日は{missing}日です。"
            ),
        };
        Some(Self {
            all: days,
            headings: COLUMNS.map(Category::label).into(),
            summary,
        })
    }
}

impl Day {
    fn of(date: Date, runs: &[Run]) -> Self {
        let runs: Vec<&Run> = runs
            .iter()
            .filter(|run| day(run.started_at) == date)
            .collect();
        let people_of = |category| -> usize {
            let counts = runs.iter().map(|run| Count::people(category, run.counts));
            counts.sum()
        };
        // The worst run of a day is what an admin should look at.
        let worst = [
            RunOutcome::Failure,
            RunOutcome::Running,
            RunOutcome::Success,
        ]
        .into_iter()
        .find_map(|outcome| {
            // The entry of a day's immediate changes does not stand for its night.
            let mut runs = runs.iter().filter(|run| !run.is_day_entry());
            runs.find(|run| run.outcome == outcome)
        });
        let failed = people_of(Category::Failed);
        let (class, outcome) = match worst {
            None => ("none", "同期なし".into()),
            Some(run) => match (run.outcome, &run.failure) {
                (RunOutcome::Success, _) => ("success", "成功".into()),
                (RunOutcome::Running, _) => ("running", "実行中".into()),
                (RunOutcome::Failure, Some(failure)) => {
                    ("failure", format!("失敗: {}", failure.cause()))
                }
                (RunOutcome::Failure, None) => ("failure", format!("失敗: {}", in_words(failed))),
            },
        };
        Self {
            date: date.strftime("%-m/%-d").to_string(),
            run_id: worst.map(|run| run.run_id.to_string()),
            class,
            outcome,
            failed,
            people: COLUMNS.map(people_of).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::RunFailure;
    use testkit::succeeded_run;

    use super::*;

    /// Returns a run that started at `time` in UTC.
    fn run(time: &str) -> Run {
        let mut run = succeeded_run(&format!("{time}-schedule"));
        run.started_at = time.parse().unwrap();
        run
    }

    #[test]
    fn each_day_says_whether_it_failed_went_well_or_had_no_run() {
        let mut failed = run("2026-11-14T17:00:00Z");
        failed.outcome = RunOutcome::Failure;
        failed.failure = Some(RunFailure::SmartHrMaintenance);
        let mut by_hand = run("2026-11-12T05:00:00Z");
        by_hand.counts.invited = 2;
        let mut night = run("2026-11-11T17:00:00Z");
        night.counts.reinvited = 252;
        let now = "2026-11-15T16:59:00Z".parse().unwrap();
        let days = LastDays::of(&[failed, by_hand, night], now).unwrap();
        let shown: Vec<(&str, &str)> = days.all.iter().map(|it| (&*it.date, it.class)).collect();
        assert_eq!(
            shown,
            [
                ("11/12", "success"),
                ("11/13", "none"),
                ("11/14", "none"),
                ("11/15", "failure"),
            ]
        );
        assert_eq!(days.all[0].people[..3], [2, 0, 252]);
        assert!(days.all[3].outcome.contains("メンテナンス"));
        assert_eq!(
            days.summary,
            "4日間のうち、失敗した日は1日、同期しなかった日は2日です。"
        );
    }

    #[test]
    fn a_night_that_did_not_happen_is_a_day_without_a_run_from_two_o_clock_on() {
        let runs = [run("2026-11-11T17:00:00Z")];
        for (now, days) in [("2026-11-12T16:59:59Z", 1), ("2026-11-12T17:00:00Z", 2)] {
            let shown = LastDays::of(&runs, now.parse().unwrap()).unwrap();
            assert_eq!(shown.all.len(), days, "{now}");
        }
        let months_later = "2027-03-01T00:00:00Z".parse().unwrap();
        assert_eq!(LastDays::of(&runs, months_later).unwrap().all.len(), DAYS);
    }
}
