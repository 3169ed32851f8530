//! Identifiers that belong to a user who keeps them.

use std::collections::HashSet;

use super::candidate::Candidate;
use super::identifiers::Moves;
use crate::{Failure, Identifier, PlanInput, User, UserId, WaitReason, identifiers_of};

/// Fails the candidates who want an address or code of a user who keeps it: a user outside the sync, or one whose own
/// change fails. The users in `deleted` keep nothing. Among reported people everybody keeps theirs for now, and who
/// wants one of them waits: it is not known who else wants it.
pub(crate) fn fail_taken(
    candidates: &mut [Candidate<'_>],
    moves: &Moves<'_>,
    input: &PlanInput<'_>,
    deleted: &HashSet<&UserId>,
) {
    let is_reported = input.scope.is_reported();
    let givers = moves.givers.iter().filter(|_| !is_reported);
    let givers: HashSet<&UserId> = givers
        .filter_map(|&index| Some(&candidates[index].user_to_sync()?.user_id))
        .collect();
    let mut keeping: Vec<&User> = input
        .users
        .iter()
        .filter(|user| identifiers_of(user).any(|it| !moves.takers(&it).is_empty()))
        .filter(|user| !givers.contains(&user.user_id) && !deleted.contains(&user.user_id))
        .collect();
    // Sorted, so that of two possible causes the same one is reported every night.
    keeping.sort_by_key(|user| &user.user_id);
    while let Some(user) = keeping.pop() {
        for identifier in identifiers_of(user) {
            for &index in moves.takers(&identifier) {
                let candidate = &mut candidates[index];
                if candidate.is_settled() {
                    continue;
                }
                if is_reported {
                    candidate.wait(WaitReason::Taken);
                    keeping.extend(candidate.user);
                    continue;
                }
                let by = user.name.clone();
                candidate.fail(match identifier {
                    Identifier::Email(_) => Failure::EmailTaken { by },
                    Identifier::Code(_) => Failure::CodeTaken { by },
                });
                // Now this candidate's user keeps its identifiers as well.
                keeping.extend(candidate.user);
            }
        }
    }
}
