//! Identifiers: no user gets an address or code that another user keeps.

use std::collections::{HashMap, HashSet};

use super::candidate::Candidate;
use super::duplicates::fail_duplicates;
use super::hand_over::hand_over_groups;
use super::taken::fail_taken;
use crate::{Failure, Identifier, PlanInput, UserId, identifiers_of};

/// How many people may exchange addresses or codes in one circle: a DynamoDB transaction holds
/// 100 items, and each of these people takes up to nine: the user, an address and a code that change hands,
/// or an old and a new code of two items each, a mail and two notices.
const LARGEST_CIRCLE: usize = 10;

/// The identifiers that move in this run. Identifiers are unique among users, so no others can
/// conflict.
#[derive(Default)]
pub(crate) struct Moves<'a> {
    /// The identifiers that some candidate's user should have and does not have yet, with the
    /// indices of all these candidates.
    pub(crate) wanted: HashMap<Identifier<'a>, Vec<usize>>,
    /// The candidates whose users give up an identifier.
    pub(crate) givers: Vec<usize>,
}

impl<'a> Moves<'a> {
    fn of(candidates: &[Candidate<'a>]) -> Self {
        let mut moves = Self::default();
        for (index, candidate) in candidates.iter().enumerate() {
            let own = || candidate.user.into_iter().flat_map(identifiers_of);
            for identifier in candidate.identifiers() {
                if own().all(|own| own != identifier) {
                    moves.wanted.insert(identifier, Vec::new());
                }
            }
            if own().any(|own| candidate.identifiers().all(|kept| kept != own)) {
                moves.givers.push(index);
            }
        }
        for (index, candidate) in candidates.iter().enumerate() {
            for identifier in candidate.identifiers() {
                if let Some(people) = moves.wanted.get_mut(&identifier) {
                    people.push(index);
                }
            }
        }
        moves
    }

    /// Returns the candidates who want `identifier` for their users.
    pub(crate) fn takers<'m>(&'m self, identifier: &Identifier<'m>) -> &'m [usize] {
        self.wanted.get(identifier).map_or(&[], Vec::as_slice)
    }
}

/// Fails the candidates who cannot have their address or code. Returns the groups of the others
/// who hand identifiers over to each other, in the order in which they must be written.
pub(crate) fn resolve_identifiers(
    candidates: &mut [Candidate<'_>],
    input: &PlanInput<'_>,
    deleted: &HashSet<&UserId>,
) -> Vec<Vec<usize>> {
    let moves = Moves::of(candidates);
    fail_duplicates(candidates, &moves);
    loop {
        fail_taken(candidates, &moves, input, deleted);
        let groups = hand_over_groups(candidates, &moves);
        let too_large = |group: &&Vec<usize>| group.len() > LARGEST_CIRCLE;
        if !groups.iter().any(|group| too_large(&group)) {
            return groups;
        }
        // A failed person keeps identifiers that others were to get, so both phases are repeated.
        for circle in groups.iter().filter(too_large) {
            for &index in circle {
                candidates[index].fail(Failure::CircleTooLarge {
                    people: circle.len(),
                });
            }
        }
    }
}
