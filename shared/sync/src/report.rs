//! The result of a run: a row per person, the failure, and the held deletions.

use std::collections::{BTreeSet, HashSet};

use domain::deletion_answers::MAX_LISTED;
use domain::plan::account_changes::MAX_ACCOUNT_CHANGES;
use domain::report::{Action, Outcome, Row, rows_of_rest};
use domain::{AccountQuestion, CrewId, FailureReason, HeldBecause, Plan, Run, RunFailure, UserId};
use jiff::Timestamp;

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
    /// Whether the admins were asked about held deletions before, so that an immediate run does not mail them again.
    pub(crate) is_asked_before: bool,
    /// The users whom an immediate run looked at; `None` if these are all.
    pub(crate) looked_at: Option<HashSet<UserId>>,
    /// The crews that an immediate run looks at again, each after a time.
    pub(crate) put_off: Vec<(CrewId, Timestamp)>,
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
            is_asked_before: false,
            looked_at: plan
                .looked_at
                .as_ref()
                .map(|users| users.iter().copied().cloned().collect()),
            put_off: plan
                .waiting
                .iter()
                .filter_map(|it| Some((it.employee.crew_id.clone(), it.wait_reason.until()?)))
                .collect(),
            people_failed_for: plan
                .failures
                .iter()
                .map(|failed| FailureReason::Person(failed.failure.code().into()))
                .collect(),
        }
    }

    /// Returns the report of a day's entry, which has these `rows` after the last `batch`: what it holds and asks is
    /// what is open of the whole day.
    pub(crate) fn of_day(run: &Run, rows: Vec<Row>, batch: Self) -> Self {
        let is_held = |row: &&Row| (row.action, row.outcome) == (Action::Delete, Outcome::Held);
        let held = rows.iter().filter(is_held);
        let held = held.filter_map(|row| row.user_id.clone());
        let looked_at = batch.looked_at.unwrap_or_default();
        let asked = run.held_account_changes.iter();
        let mut account_questions: Vec<_> = asked
            .filter(|asked| !looked_at.contains(&asked.change.user_id))
            .cloned()
            .chain(batch.account_questions)
            .collect();
        let too_many = account_questions.len().saturating_sub(MAX_ACCOUNT_CHANGES);
        account_questions.truncate(MAX_ACCOUNT_CHANGES);
        Self {
            held: held.take(MAX_LISTED).collect(),
            held_because: if batch.held.is_empty() {
                run.held_because
            } else {
                batch.held_because
            },
            account_questions,
            more_account_questions: batch.more_account_questions + too_many,
            is_asked_before: true,
            looked_at: Some(looked_at),
            rows,
            ..Self::default()
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
