//! Seats: new people take the free ones in the order of work.

use super::candidate::Candidate;
use crate::Failure;

/// Fails the new people for whom no seat is left: `remaining_users` of the `seats` are taken.
pub(crate) fn assign_seats(candidates: &mut [Candidate<'_>], seats: u32, remaining_users: usize) {
    let free = (seats as usize).saturating_sub(remaining_users);
    let new = candidates.iter_mut().filter(|candidate| candidate.is_new());
    for candidate in new.skip(free) {
        candidate.fail(Failure::SeatsExceeded { seats });
    }
}
