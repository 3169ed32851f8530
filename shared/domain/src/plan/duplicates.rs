//! Identifiers that two or more people in SmartHR have.

use super::candidate::Candidate;
use super::identifiers::Moves;
use crate::{Failure, Identifier};

/// The most other people that a failure names. Without a limit, a placeholder that a whole company
/// has as its code would put everybody's name into every row of the log.
const MOST_NAMED: usize = 5;

/// Fails everybody whose address or code another candidate has as well. Each failure names the
/// others.
pub(crate) fn fail_duplicates(candidates: &mut [Candidate<'_>], moves: &Moves<'_>) {
    let duplicates = moves.wanted.iter().filter(|(_, people)| people.len() > 1);
    let mut duplicates: Vec<_> = duplicates.collect();
    // Sorted, so that of two possible causes the same one is reported every night.
    duplicates.sort();
    for (identifier, people) in duplicates {
        fail_each(candidates, identifier, people.clone());
    }
}

fn fail_each(
    candidates: &mut [Candidate<'_>],
    identifier: &Identifier<'_>,
    mut people: Vec<usize>,
) {
    people.sort_by_key(|&index| &candidates[index].employee.crew_id);
    // One more than a failure names, since it leaves out the person's own name.
    let names: Vec<String> = people
        .iter()
        .take(MOST_NAMED + 1)
        .map(|&index| shown(&candidates[index]))
        .collect();
    for (position, &index) in people.iter().enumerate() {
        let others = others_than(position, &names, people.len());
        candidates[index].fail(match identifier {
            Identifier::Email(email) => Failure::DuplicateEmail {
                email: email.to_string(),
                others,
            },
            Identifier::Code(code) => Failure::DuplicateCode {
                code: (*code).to_owned(),
                others,
            },
        });
    }
}

/// Returns the first `names` except the one at `position`, followed by the number of `people` that
/// are left out.
fn others_than(position: usize, names: &[String], people: usize) -> Vec<String> {
    let mut others: Vec<String> = names
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != position)
        .map(|(_, name)| name.clone())
        .take(MOST_NAMED)
        .collect();
    let unnamed = people - 1 - others.len();
    if unnamed > 0 {
        others.push(format!("他{unnamed}名"));
    }
    others
}

/// Returns how a failure names another person: by name and, where there is one, code.
fn shown(candidate: &Candidate<'_>) -> String {
    let name = candidate.employee.name.as_deref().unwrap_or("氏名なし");
    match &candidate.employee.code {
        Some(code) => format!("{name} {code}"),
        None => name.to_owned(),
    }
}
