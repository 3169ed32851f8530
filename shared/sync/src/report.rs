//! The result of a run: a row per person, the failure, and the held deletions.

use std::collections::{BTreeSet, HashSet};

use domain::guard::MAX_LISTED;
use domain::plan::account_changes::MAX_ACCOUNT_CHANGES;
use domain::report::{Row, rows_of_rest};
use domain::{AccountQuestion, FailureReason, HeldBecause, Plan, RunFailure, UserId};

/// The result of a run that is about to end.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The rows of the sync log, one per person.
    pub(crate) rows: Vec<Row>,
    /// The failure of the whole run; `None` if it did its work.
    pub(crate) failure: Option<RunFailure>,
    /// The people whose deletion waits for an admin's answer.
    pub(crate) held: Vec<UserId>,
    /// Why their deletion waits.
    pub(crate) held_because: HeldBecause,
    /// The changes of admins' accounts that wait for a システム管理者's answer.
    pub(crate) account_questions: Vec<AccountQuestion>,
    /// How many more of these wait and are not listed.
    pub(crate) more_account_questions: usize,
    /// The distinct reasons why individual people failed.
    people_failed_for: BTreeSet<FailureReason>,
    /// Whether the mail with initial passwords must be sent.
    pub(crate) owes_passwords: bool,
}

impl Report {
    /// Returns the report of a run that did its work: `applied` has the rows of its steps, `plan` the
    /// people whom no step changed.
    pub(crate) fn of_plan(applied: Vec<Row>, plan: &Plan<'_>) -> Self {
        let mut rows = applied;
        let crews: HashSet<_> = rows.iter().filter_map(|row| row.crew_id.clone()).collect();
        rows.extend(rows_of_rest(plan).into_iter().filter(|row| {
            row.crew_id
                .as_ref()
                .is_none_or(|crew| !crews.contains(crew))
        }));
        let mut account_questions = account_questions(plan);
        let more_account_questions = account_questions.len().saturating_sub(MAX_ACCOUNT_CHANGES);
        account_questions.truncate(MAX_ACCOUNT_CHANGES);
        Self {
            owes_passwords: made_passwords(&rows),
            rows,
            failure: plan
                .permission_lost
                .map(|field| RunFailure::PermissionLost { field }),
            held: plan
                .held
                .iter()
                .take(MAX_LISTED)
                .map(|person| person.user.user_id.clone())
                .collect(),
            held_because: plan.held_because,
            account_questions,
            more_account_questions,
            people_failed_for: plan
                .failures
                .iter()
                .map(|failed| FailureReason::Person(failed.failure.code().into()))
                .collect(),
        }
    }

    /// Returns the report of a run that failed as a whole, after its steps wrote the rows in `applied`.
    pub(crate) fn of_failure(applied: Vec<Row>, failure: RunFailure) -> Self {
        Self {
            owes_passwords: made_passwords(&applied),
            rows: applied,
            failure: Some(failure),
            ..Self::default()
        }
    }

    /// Returns the report of a run of which only the rows in `applied` can be read. mail-delivery finds
    /// out whether it issued initial passwords.
    pub(crate) fn of_unreadable(applied: Vec<Row>) -> Self {
        Self {
            owes_passwords: true,
            ..Self::of_failure(applied, RunFailure::RowsUnreadable)
        }
    }

    /// Returns the reasons that the admins are mailed about, if any.
    pub(crate) fn reasons(&self) -> BTreeSet<FailureReason> {
        match &self.failure {
            Some(failure) => BTreeSet::from([FailureReason::Run(failure.code().into())]),
            None => self.people_failed_for.clone(),
        }
    }
}

fn account_questions(plan: &Plan<'_>) -> Vec<AccountQuestion> {
    let mut questions: Vec<_> = plan
        .held_people()
        .filter(|(_, held)| !held.refused)
        .map(|(user, held)| AccountQuestion {
            change: held.change.clone(),
            name: user.name.clone(),
            fields: held.fields(user),
        })
        .collect();
    questions.sort_by(|one, other| one.change.user_id.cmp(&other.change.user_id));
    questions
}

fn made_passwords(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.initial_password)
}
