//! The people of a run or a preview: which of them the form at the top asks for, and pages of them.

use domain::report::{Action, Outcome};
use domain::{Mode, Run};
use serde::Deserialize;
use web::Problem;

use crate::app::App;
use crate::log_rows::LogRow;
use crate::run_people::{PeopleQuery, everybody, page_of};

const OUTCOMES: [(&str, Outcome); 4] = [
    ("success", Outcome::Success),
    ("failure", Outcome::Failure),
    ("held", Outcome::Held),
    ("warning", Outcome::Warning),
];

const ACTIONS: [(&str, Action); 7] = [
    ("invite", Action::Invite),
    ("reinvite", Action::Reinvite),
    ("register", Action::Register),
    ("update", Action::Update),
    ("delete", Action::Delete),
    ("unchanged", Action::Unchanged),
    ("out_of_scope", Action::OutOfScope),
];

/// The query of such a page. A choice that is none of ours asks for everybody.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    /// 結果
    outcome: String,
    /// 処理
    action: String,
    /// Part of a name, an address or a code.
    q: String,
    page: String,
}

/// One entry of a pull-down menu.
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    pub(crate) selected: bool,
}

/// What templates show.
pub(crate) struct People {
    pub(crate) rows: Vec<LogRow>,
    pub(crate) found: usize,
    pub(crate) page: usize,
    pub(crate) pages: usize,
    /// 結果
    pub(crate) outcomes: Vec<Choice>,
    /// 処理
    pub(crate) actions: Vec<Choice>,
    pub(crate) q: String,
    pub(crate) outcome: &'static str,
    pub(crate) action: &'static str,
    /// Whose deletions were held, found or not.
    pub(crate) held: Vec<LogRow>,
    /// What went well in a run is only planned in a preview.
    pub(crate) success: &'static str,
}

impl People {
    /// Those of a run that are asked for.
    ///
    /// # Errors
    /// The 500 or 503 when the log cannot be read.
    pub(crate) async fn of(app: &App, run: &Run, wanted: &Wanted) -> Result<Self, Problem> {
        let rows = everybody(app, run).await?;
        let held = rows
            .iter()
            .filter(|row| row.outcome == Outcome::Held.label())
            .cloned()
            .collect();
        let outcome = OUTCOMES.iter().find(|(word, _)| *word == wanted.outcome);
        let action = ACTIONS.iter().find(|(word, _)| *word == wanted.action);
        let query = PeopleQuery {
            outcome: outcome.map(|(_, outcome)| *outcome),
            action: action.map(|(_, action)| *action),
            q: Some(wanted.q.clone()),
            page: wanted.page.parse().ok(),
        };
        let mut found = page_of(rows, &query);
        let success = match run.mode {
            Mode::Apply => Outcome::Success.label(),
            Mode::Preview => "予定",
        };
        for row in &mut found.people {
            if row.outcome == Outcome::Success.label() {
                success.clone_into(&mut row.outcome);
            }
        }
        let outcome_label = |outcome: Outcome| match outcome {
            Outcome::Success => success,
            Outcome::Failure | Outcome::Held | Outcome::Warning => outcome.label(),
        };
        let choice = |(value, label): (&'static str, &'static str)| Choice {
            value,
            label,
            selected: value == wanted.outcome || value == wanted.action,
        };
        Ok(Self {
            rows: found.people,
            found: found.total,
            page: found.page,
            pages: found.pages,
            outcomes: OUTCOMES
                .map(|(word, it)| choice((word, outcome_label(it))))
                .into(),
            actions: ACTIONS.map(|(word, it)| choice((word, it.label()))).into(),
            q: wanted.q.trim().to_owned(),
            outcome: outcome.map_or("", |(word, _)| word),
            action: action.map_or("", |(word, _)| word),
            held,
            success,
        })
    }
}
