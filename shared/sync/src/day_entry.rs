//! The entry of a day in the history: the rows of all batches of reported people, so that 300 changes by day are one
//! run.

use std::collections::{HashMap, HashSet};

use domain::report::{Action, Outcome, Row};

/// Returns the rows of a day, given those of all batches in their order: every change, and besides them only the newest
/// row of each person, unless a change came after it.
pub(crate) fn rows_of_day(rows: Vec<Row>) -> Vec<Row> {
    let mut newest = HashMap::new();
    let mut changed = HashSet::new();
    for (index, row) in rows.iter().enumerate() {
        newest.insert(person(row), index);
        if is_change(row) {
            changed.insert(person(row));
        }
    }
    let is_shown = |(index, row): (usize, &Row)| {
        let says_nothing = (row.outcome, row.action) == (Outcome::Success, Action::Unchanged)
            && changed.contains(&person(row));
        is_change(row) || newest[&person(row)] == index && !says_nothing
    };
    let shown: Vec<bool> = rows.iter().enumerate().map(is_shown).collect();
    let rows = rows.into_iter().zip(shown);
    rows.filter_map(|(row, is_shown)| is_shown.then_some(row))
        .collect()
}

/// Returns who a row is about, as a key.
fn person(row: &Row) -> Option<String> {
    let crew = row.crew_id.as_ref().map(ToString::to_string);
    crew.or_else(|| row.user_id.as_ref().map(ToString::to_string))
}

/// Returns whether a row says that somebody changed.
pub(crate) fn is_change(row: &Row) -> bool {
    let is_done = matches!(row.outcome, Outcome::Success | Outcome::Warning);
    is_done && !matches!(row.action, Action::Unchanged | Action::OutOfScope)
}

#[cfg(test)]
mod tests {
    use domain::CrewId;

    use super::*;

    fn row(crew: &str, action: Action, outcome: Outcome) -> Row {
        Row {
            crew_id: Some(CrewId::new(crew)),
            user_id: None,
            code: String::new(),
            name: String::new(),
            email: String::new(),
            action,
            outcome,
            cause: String::new(),
            remedy: String::new(),
            changes: Vec::new(),
            initial_password: false,
            at: None,
        }
    }

    #[test]
    fn a_day_shows_every_change_and_how_the_others_stand_last() {
        let failed = row("1", Action::Invite, Outcome::Failure);
        let invited = row("1", Action::Invite, Outcome::Success);
        let reinvited = row("1", Action::Reinvite, Outcome::Success);
        let unchanged = |crew| row(crew, Action::Unchanged, Outcome::Success);
        let waiting = row("2", Action::Update, Outcome::Waiting);
        let held = row("3", Action::Delete, Outcome::Held);
        let rows = vec![
            failed.clone(),
            invited.clone(),
            unchanged("1"),
            waiting.clone(),
            unchanged("2"),
            held.clone(),
            reinvited.clone(),
            held.clone(),
            unchanged("1"),
        ];
        let shown = rows_of_day(rows);
        assert_eq!(shown, [invited, unchanged("2"), reinvited, held]);
        let fails_again = rows_of_day(vec![
            row("1", Action::Update, Outcome::Success),
            failed.clone(),
        ]);
        assert_eq!(fails_again.len(), 2);
        assert_eq!(rows_of_day(vec![failed.clone(), failed.clone()]), [failed]);
    }
}
