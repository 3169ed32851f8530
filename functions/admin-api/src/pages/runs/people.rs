//! The people of a run or a preview, filtered by the form at the top, in pages.

use domain::report::{Action, Outcome};
use domain::{Mode, Run};
use serde::{Deserialize, Serialize};
use web::Problem;

use crate::api::runs::log_rows::LogRow;
use crate::api::runs::people::{PeopleQuery, everybody, page_of};
use crate::app::App;
use crate::pages::words::{value_of, word};

/// The query of the filter form. An unknown choice selects everybody.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleForm {
    /// The selected 結果; empty for all.
    outcome: String,
    /// The selected 処理; empty for all.
    action: String,
    /// A part of a name, an address or a code.
    q: String,
    page: String,
}

/// One entry of a drop-down menu.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: &'static str,
    pub(crate) selected: bool,
}

impl Choice {
    fn new<T: Copy + PartialEq + Serialize>(
        value: T,
        label: &'static str,
        chosen: Option<T>,
    ) -> Self {
        Self {
            value: word(value),
            label,
            selected: chosen == Some(value),
        }
    }
}

/// The filtered people, as templates show them.
pub(crate) struct People {
    pub(crate) rows: Vec<LogRow>,
    pub(crate) found: usize,
    pub(crate) page: usize,
    pub(crate) pages: usize,
    /// The choices of 結果.
    pub(crate) outcomes: Vec<Choice>,
    /// The choices of 処理.
    pub(crate) actions: Vec<Choice>,
    pub(crate) q: String,
    pub(crate) outcome: String,
    pub(crate) action: String,
    /// The people whose deletions were held, whether the filter matches them or not.
    pub(crate) held: Vec<LogRow>,
    /// How many people were registered who have an address: they sign in by SSO, and get no mail.
    pub(crate) registered_for_sso: usize,
    /// The label of a success: in a preview it is only planned.
    pub(crate) success: &'static str,
}

impl People {
    /// Returns the people of a run that the form selects.
    ///
    /// # Errors
    /// The 500 or 503 when the log cannot be read.
    pub(crate) async fn of(app: &App, run: &Run, form: &PeopleForm) -> Result<Self, Problem> {
        let rows = everybody(app, run).await?;
        let held = rows
            .iter()
            .filter(|row| row.outcome == Outcome::Held.label())
            .filter(|row| row.action == Action::Delete.label())
            .cloned()
            .collect();
        let registered_for_sso = rows
            .iter()
            .filter(|row| row.outcome == Outcome::Success.label())
            .filter(|row| row.action == Action::Register.label() && !row.email.is_empty())
            .count();
        let (outcome, action) = (value_of(&form.outcome), value_of(&form.action));
        let query = PeopleQuery {
            outcome,
            action,
            q: Some(form.q.clone()),
            page: form.page.parse().ok(),
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
        Ok(Self {
            rows: found.people,
            found: found.total,
            page: found.page,
            pages: found.pages,
            outcomes: Outcome::ALL
                .map(|it| Choice::new(it, outcome_label(it), outcome))
                .into(),
            actions: Action::ALL
                .map(|it| Choice::new(it, it.label(), action))
                .into(),
            q: form.q.trim().to_owned(),
            outcome: outcome.map(word).unwrap_or_default(),
            action: action.map(word).unwrap_or_default(),
            held,
            registered_for_sso,
            success,
        })
    }
}
