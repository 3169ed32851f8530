//! Nobody takes an address or code that somebody else keeps, and swaps come out right.

use std::borrow::Cow;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use crate::candidate::Candidate;
use crate::email_address::EmailAddress;
use crate::employee_code::EmployeeCode;
use crate::failure::Failure;
use crate::hash::{HashMap, HashSet};
use crate::ids::UserId;
use crate::people::Person;
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

/// An identifier that somebody has or wants: as [`Identifier`], borrowed where it can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Claim<'a> {
    Email(Cow<'a, str>),
    Code(&'a str),
}

fn claims<'a>(email: Option<&'a str>, code: Option<&'a str>) -> impl Iterator<Item = Claim<'a>> {
    let email = email.map(|email| Claim::Email(key(email)));
    email.into_iter().chain(code.map(Claim::Code))
}

/// An address in lower case: most are.
fn key(email: &str) -> Cow<'_, str> {
    if email.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(email.to_ascii_lowercase())
    } else {
        Cow::Borrowed(email)
    }
}

fn wanted_by<'a>(candidate: &Candidate<'a>) -> impl Iterator<Item = Claim<'a>> {
    claims(candidate.email, candidate.code)
}

fn held_by(user: &User) -> impl Iterator<Item = Claim<'_>> {
    claims(
        user.email.as_ref().map(EmailAddress::as_str),
        user.code.as_ref().map(EmployeeCode::as_str),
    )
}

/// Who wants an address or a code that their user does not have yet. Identifiers are unique among
/// users, so nothing can be wanted twice, taken or handed over unless one of these wants it; on
/// most nights they are few.
pub(crate) fn movers(candidates: &[Candidate<'_>]) -> Vec<usize> {
    let candidates = candidates.iter().enumerate();
    candidates
        .filter(|(_, candidate)| candidate.wants_more())
        .map(|(index, _)| index)
        .collect()
}

/// What `movers` want and do not have.
fn new_claims<'a>(
    candidates: &[Candidate<'a>],
    movers: &[usize],
) -> impl Iterator<Item = (Claim<'a>, usize)> {
    movers.iter().flat_map(|&index| {
        let user = candidates[index].user;
        wanted_by(&candidates[index])
            .filter(move |wanted| user.is_none_or(|user| held_by(user).all(|held| held != *wanted)))
            .map(move |wanted| (wanted, index))
    })
}

/// Takes those out of `settled` who have an address or a code that one of `candidates` wants anew:
/// they want the same thing.
pub(crate) fn rivals<'a>(
    candidates: &[Candidate<'a>],
    settled: &mut Vec<Person<'a>>,
) -> Vec<Candidate<'a>> {
    // The first night, on which everybody wants something.
    if settled.is_empty() {
        return Vec::new();
    }
    let movers = movers(candidates);
    let wanted: HashSet<Claim<'_>> = new_claims(candidates, &movers)
        .map(|(claim, _)| claim)
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let has_one = |person: &mut Person<'_>| {
        let candidate = Candidate::new(person.employee, None);
        wanted_by(&candidate).any(|claim| wanted.contains(&claim))
    };
    let rivals = settled.extract_if(.., has_one);
    rivals
        .map(|rival| Candidate::new(rival.employee, rival.user))
        .collect()
}

/// How many of the people with the same address or code are named: a placeholder that a whole
/// company has as its code must not make every row of the log as long as the company.
const MOST_NAMED: usize = 5;

/// Fails those whose address or code stands twice among the people to sync; each is told the
/// others' names.
pub(crate) fn fail_duplicates(candidates: &mut [Candidate<'_>], movers: &[usize]) {
    if movers.is_empty() {
        return;
    }
    let mut wanted: HashMap<Claim<'_>, Seekers> = HashMap::default();
    wanted.reserve(2 * movers.len());
    for (claim, _) in new_claims(candidates, movers) {
        wanted.entry(claim).or_default();
    }
    for (index, candidate) in candidates.iter().enumerate() {
        for claim in wanted_by(candidate) {
            if let Some(seekers) = wanted.get_mut(&claim) {
                seekers.add(index);
            }
        }
    }
    let mut twice: Vec<_> = wanted
        .into_iter()
        .filter_map(|(claim, seekers)| Some((claim, seekers.several()?)))
        .collect();
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
                Claim::Email(email) => Failure::DuplicateEmail {
                    email: email.to_string(),
                    others,
                },
                Claim::Code(code) => Failure::DuplicateCode {
                    code: (*code).to_owned(),
                    others,
                },
            });
        }
    }
}

/// Who wants an identifier, by their places. Nearly always one: without an allocation of its own.
#[derive(Default)]
enum Seekers {
    #[default]
    Nobody,
    One(usize),
    Several(Vec<usize>),
}

impl Seekers {
    fn add(&mut self, index: usize) {
        match self {
            Self::Nobody => *self = Self::One(index),
            Self::One(first) => *self = Self::Several(vec![*first, index]),
            Self::Several(all) => all.push(index),
        }
    }

    fn several(self) -> Option<Vec<usize>> {
        match self {
            Self::Several(all) => Some(all),
            Self::Nobody | Self::One(_) => None,
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
    movers: &[usize],
    users: &'a [User],
    leaving: impl Fn(&UserId) -> bool,
) {
    if movers.is_empty() || users.is_empty() {
        return;
    }
    let moving: HashMap<&UserId, usize> = candidates
        .iter()
        .enumerate()
        .filter_map(|(index, candidate)| Some((&candidate.user?.user_id, index)))
        .collect();
    let claims: HashMap<Claim<'_>, usize> = new_claims(candidates, movers)
        .filter(|(_, index)| candidates[*index].failure.is_none())
        .collect();
    let mut keeping: Vec<&User> = users
        .iter()
        .filter(|user| held_by(user).any(|claim| claims.contains_key(&claim)))
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
        for claim in held_by(user) {
            let Some(&index) = claims.get(&claim) else {
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
            candidate.fail(match claim {
                Claim::Email(_) => Failure::EmailTaken { by },
                Claim::Code(_) => Failure::CodeTaken { by },
            });
            keeping.extend(candidate.user);
        }
    }
}

/// Candidates that take an identifier another moving user gives up, in an order in which each is
/// free when it is taken. People who exchange theirs in a circle come as one group, to be written
/// together. Candidates without such a tie are not in the result.
pub(crate) fn hand_over_order(candidates: &[Candidate<'_>], movers: &[usize]) -> Vec<Vec<usize>> {
    let can_move =
        |index: &usize| candidates[*index].user.is_some() && candidates[*index].failure.is_none();
    let takers: HashMap<Claim<'_>, usize> = new_claims(candidates, movers)
        .filter(|(_, index)| can_move(index))
        .collect();
    if takers.is_empty() {
        return Vec::new();
    }
    let mut hand_overs: Vec<(usize, usize)> = (0..candidates.len())
        .filter(can_move)
        .filter_map(|giver| Some((giver, candidates[giver].user?)))
        .flat_map(|(giver, user)| {
            let takers = &takers;
            held_by(user).filter_map(move |claim| Some((*takers.get(&claim)?, giver)))
        })
        .collect();
    hand_overs.sort_unstable();
    let mut ties = DiGraph::<usize, ()>::new();
    let mut nodes = HashMap::default();
    for (taker, giver) in hand_overs {
        let from = *nodes.entry(taker).or_insert_with(|| ties.add_node(taker));
        let to = *nodes.entry(giver).or_insert_with(|| ties.add_node(giver));
        ties.update_edge(from, to, ());
    }
    // Strongly connected components come out in reverse topological order: givers first.
    kosaraju_scc(&ties)
        .into_iter()
        .map(|group| group.into_iter().map(|node| ties[node]).collect())
        .collect()
}
