//! The last 30 nights as a small chart, with one row of bars each for people added, changed, removed
//! and failed. The rows are labelled, so that no information is in the colour alone, and a table
//! beneath has the same numbers.

use domain::{Counts, Run, RunOutcome, Trigger};

use domain::time::day;

/// The number of nights in the chart.
const NIGHTS: usize = 30;
/// The distance between bars, and between rows, in units of the drawing.
const STEP: u32 = 18;
const ROW: u32 = 44;
/// The height of the highest bar, in units of the drawing.
const HIGHEST: u32 = 28;
/// The left edge of the bars, right of the labels.
const LEFT: u32 = 96;
/// The base line of the first row.
const TOP: u32 = 36;

/// One night in the table below the chart.
pub(crate) struct Night {
    pub(crate) day: String,
    /// The numbers of people added, changed, removed and failed.
    pub(crate) people: [u32; 4],
}

/// One bar of the chart.
pub(crate) struct Bar {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) height: u32,
    /// The tooltip, which names the night and the number.
    pub(crate) title: String,
}

/// One row of bars. Each row has its own scale.
pub(crate) struct Row {
    pub(crate) label: &'static str,
    /// The CSS class of the row.
    pub(crate) class: &'static str,
    pub(crate) most: u32,
    /// The base line of the bars.
    pub(crate) base: u32,
    pub(crate) bars: Vec<Bar>,
}

/// The chart of the last nights.
pub(crate) struct Chart {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rows: Vec<Row>,
    /// The nights, oldest first.
    pub(crate) nights: Vec<Night>,
    /// A one-sentence summary of the chart.
    pub(crate) summary: String,
}

impl Chart {
    /// Returns the chart of the nights among `runs` (newest first); `None` if there are none.
    pub(crate) fn of(runs: &[Run]) -> Option<Self> {
        let mut nights: Vec<Night> = runs
            .iter()
            .filter(|run| run.trigger == Trigger::Schedule && run.outcome != RunOutcome::Running)
            .take(NIGHTS)
            .map(|run| Night {
                day: day(run.started_at),
                people: people(run.counts),
            })
            .collect();
        nights.reverse();
        let (first, last) = (nights.first()?, nights.last()?);
        let sum = |which: usize| -> u32 { nights.iter().map(|night| night.people[which]).sum() };
        let summary = format!(
            "{}から{}までの{}夜の合計: 追加{}人、変更{}人、削除{}人、失敗{}人",
            first.day,
            last.day,
            nights.len(),
            sum(0),
            sum(1),
            sum(2),
            sum(3),
        );
        let rows = [
            ("追加", "added"),
            ("変更", "changed"),
            ("削除", "removed"),
            ("失敗", "failed"),
        ]
        .into_iter()
        .zip(0..)
        .map(|((label, class), which)| row(label, class, which, &nights))
        .collect();
        let shown = u32::try_from(NIGHTS).unwrap_or_default();
        Some(Self {
            width: LEFT + shown * STEP,
            height: TOP + 3 * ROW + 6,
            rows,
            nights,
            summary,
        })
    }
}

fn people(counts: Counts) -> [u32; 4] {
    [
        counts.invited + counts.registered,
        counts.updated,
        counts.deleted,
        counts.failed,
    ]
}

fn row(label: &'static str, class: &'static str, which: u32, nights: &[Night]) -> Row {
    let index = which as usize;
    let base = TOP + which * ROW;
    let most = nights
        .iter()
        .map(|night| night.people[index])
        .max()
        .unwrap_or_default();
    let bars = nights
        .iter()
        .zip(0..)
        .filter(|(night, _)| night.people[index] > 0)
        .map(|(night, place)| {
            // Even one person among thousands stays visible.
            let height = (night.people[index].saturating_mul(HIGHEST) / most.max(1)).max(2);
            Bar {
                x: LEFT + place * STEP,
                y: base - height,
                height,
                title: format!("{} {label} {}人", night.day, night.people[index]),
            }
        })
        .collect();
    Row {
        label,
        class,
        most,
        base,
        bars,
    }
}

#[cfg(test)]
mod tests {
    use testkit::succeeded_run;

    use super::*;

    fn night(day: u32, invited: u32, failed: u32) -> Run {
        let mut night = succeeded_run(&format!("202611{day:02}T170000Z-schedule"));
        night.started_at = format!("2026-11-{day:02}T17:00:00Z").parse().unwrap();
        night.counts.invited = invited;
        night.counts.failed = failed;
        night
    }

    #[test]
    fn nights_stand_from_left_to_right_and_each_row_on_its_own_scale() {
        let chart = Chart::of(&[night(12, 3000, 1), night(11, 1, 0)]).unwrap();
        assert_eq!(
            chart.summary,
            "11/12から11/13までの2夜の合計: 追加3001人、変更0人、削除0人、失敗1人"
        );
        let [added, _, _, failed] = &chart.rows[..] else {
            panic!("four rows");
        };
        assert_eq!((added.bars[0].height, added.bars[1].height), (2, HIGHEST));
        assert!(added.bars[0].x < added.bars[1].x);
        assert_eq!(failed.bars.len(), 1, "no bar for nobody");
        assert_eq!(failed.bars[0].height, HIGHEST);
    }

    #[test]
    fn what_an_admin_started_is_no_night_and_only_thirty_are_shown() {
        let mut manual = night(20, 1, 0);
        manual.trigger = Trigger::Manual;
        assert!(Chart::of(&[manual]).is_none());
        let many: Vec<Run> = (0..40).map(|_| night(1, 1, 0)).collect();
        assert_eq!(Chart::of(&many).unwrap().nights.len(), 30);
    }
}
