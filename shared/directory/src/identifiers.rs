//! Nobody takes an address or code that somebody else keeps, and swaps come out right.

use std::collections::HashMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use crate::candidate::Candidate;
use crate::failure::Failure;
use crate::ids::UserId;
use crate::user::User;

/// An e-mail address or an employee code, as it must be unique within a workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// An address in lower case.
    Email(String),
    /// A code.
    Code(String),
}

/// The identifiers of a user as it is.
pub fn identifiers_of(user: &User) -> impl Iterator<Item = Identifier> {
    let email = user
        .email
        .as_ref()
        .map(|email| Identifier::Email(email.key()));
    let code = user
        .code
        .as_ref()
        .map(|code| Identifier::Code(code.as_str().to_owned()));
    email.into_iter().chain(code)
}

fn wanted_by(candidate: &Candidate<'_>) -> impl Iterator<Item = Identifier> {
    let email = candidate
        .email
        .as_ref()
        .map(|email| Identifier::Email(email.key()));
    let code = candidate
        .code
        .as_ref()
        .map(|code| Identifier::Code(code.as_str().to_owned()));
    email.into_iter().chain(code)
}

/// How many of the people with the same address or code are named: a placeholder that a whole
/// company has as its code must not make every row of the log as long as the company.
const MOST_NAMED: usize = 5;

/// Fails those whose address or code stands twice among the people to sync; each is told the
/// others' names.
pub(crate) fn fail_duplicates(candidates: &mut [Candidate<'_>]) {
    let mut wanted: HashMap<Identifier, Vec<usize>> = HashMap::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        for identifier in wanted_by(candidate) {
            wanted.entry(identifier).or_default().push(index);
        }
    }
    let mut twice: Vec<_> = wanted.into_iter().filter(|(_, by)| by.len() > 1).collect();
    twice.sort();
    for (identifier, mut by) in twice {
        by.sort_by_key(|&index| &candidates[index].employee.crew_id);
        // One more, as nobody is named to themselves.
        let names: Vec<String> = by
            .iter()
            .take(MOST_NAMED + 1)
            .map(|&index| shown(&candidates[index]))
            .collect();
        for (position, &index) in by.iter().enumerate() {
            let others = others_than(position, &names, by.len());
            candidates[index].fail(match &identifier {
                Identifier::Email(email) => Failure::DuplicateEmail {
                    email: email.clone(),
                    others,
                },
                Identifier::Code(code) => Failure::DuplicateCode {
                    code: code.clone(),
                    others,
                },
            });
        }
    }
}

/// The people beside the one at `position` of `people` with the same value, of whom the first have
/// `names`.
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
        others.push(format!("他{unnamed}人"));
    }
    others
}

/// How another person is named in a failure: name and, where there is one, code.
fn shown(candidate: &Candidate<'_>) -> String {
    let name = candidate.employee.name.as_deref().unwrap_or("氏名なし");
    match &candidate.employee.code {
        Some(code) => format!("{name} {code}"),
        None => name.to_owned(),
    }
}

/// Fails those who want an address or code of a user who keeps it: somebody outside the sync, or
/// somebody whose own change fails, which is why it is repeated until nobody falls out any more.
///
/// `leaving` tells which users are deleted in the same run: they keep nothing.
pub(crate) fn fail_taken<'a>(
    candidates: &mut [Candidate<'a>],
    users: &'a [User],
    leaving: impl Fn(&UserId) -> bool,
) {
    let moving: HashMap<&UserId, usize> = candidates
        .iter()
        .enumerate()
        .filter_map(|(index, candidate)| Some((&candidate.user?.user_id, index)))
        .collect();
    let claims: HashMap<Identifier, usize> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.failure.is_none())
        .flat_map(|(index, candidate)| wanted_by(candidate).map(move |wanted| (wanted, index)))
        .collect();
    let mut keeping: Vec<&User> = users
        .iter()
        .filter(|user| !leaving(&user.user_id))
        .filter(|user| {
            moving
                .get(&user.user_id)
                .is_none_or(|&index| candidates[index].failure.is_some())
        })
        .collect();
    // So that of two reasons the same one is given every night.
    keeping.sort_by_key(|user| &user.user_id);
    while let Some(user) = keeping.pop() {
        for identifier in identifiers_of(user) {
            let Some(&index) = claims.get(&identifier) else {
                continue;
            };
            let candidate = &mut candidates[index];
            let own = candidate
                .user
                .is_some_and(|own| own.user_id == user.user_id);
            if own || candidate.failure.is_some() {
                continue;
            }
            let by = user.name.clone();
            candidate.fail(match identifier {
                Identifier::Email(_) => Failure::EmailTaken { by },
                Identifier::Code(_) => Failure::CodeTaken { by },
            });
            keeping.extend(candidate.user);
        }
    }
}

/// Candidates that take an identifier another moving user gives up, in an order in which each is
/// free when it is taken. People who exchange theirs in a circle come as one group, to be written
/// together. Candidates without such a tie are not in the result.
pub(crate) fn hand_over_order(candidates: &[Candidate<'_>]) -> Vec<Vec<usize>> {
    let held: HashMap<Identifier, usize> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.failure.is_none())
        .filter_map(|(index, candidate)| Some((index, candidate.user?)))
        .flat_map(|(index, user)| identifiers_of(user).map(move |identifier| (identifier, index)))
        .collect();
    let mut ties = DiGraph::<usize, ()>::new();
    let mut nodes = HashMap::new();
    for (taker, candidate) in candidates.iter().enumerate() {
        if candidate.failure.is_some() || candidate.user.is_none() {
            continue;
        }
        for identifier in wanted_by(candidate) {
            match held.get(&identifier) {
                Some(&giver) if giver != taker => {
                    let from = *nodes.entry(taker).or_insert_with(|| ties.add_node(taker));
                    let to = *nodes.entry(giver).or_insert_with(|| ties.add_node(giver));
                    ties.update_edge(from, to, ());
                }
                _ => {}
            }
        }
    }
    // Strongly connected components come out in reverse topological order: givers first.
    kosaraju_scc(&ties)
        .into_iter()
        .map(|group| group.into_iter().map(|node| ties[node]).collect())
        .collect()
}
