//! Who is as SmartHR has them, told by one number per person: on most nights that is nearly
//! everybody, and comparing their fields one by one would take most of the plan's time.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::RandomState;

use crate::decide::alteration;
use crate::ids::CrewId;
use crate::planner::PlanInput;
use crate::rules::refusal;
use crate::user::User;
use crate::wanted::Wanted;

/// Makes fingerprints. They are seeded at random and mean nothing to another run: two people who
/// differ have the same one with a chance of 2⁻⁶⁴, and not on the next night again.
#[derive(Default)]
pub(crate) struct Fingerprints(RandomState, RandomState);

impl Fingerprints {
    /// The fingerprint of these data; the default group, the same for everybody, is left out.
    pub(crate) fn of(&self, wanted: Wanted<'_>) -> u64 {
        let mut hasher = self.0.build_hasher();
        wanted.name.hash(&mut hasher);
        wanted.email.hash(&mut hasher);
        wanted.code.hash(&mut hasher);
        wanted.login_method.hash(&mut hasher);
        hasher.finish()
    }

    /// The fingerprint of an id, to stand for it: of a million people two have the same one with a
    /// chance of 2⁻⁸⁹.
    pub(crate) fn of_id(&self, crew_id: &CrewId) -> u128 {
        let half = |seeds: &RandomState| u128::from(seeds.hash_one(crew_id.as_str()));
        half(&self.0) << 64 | half(&self.1)
    }
}

/// The fingerprint of a linked user for whom nothing is to be done as long as SmartHR says what the
/// user is; `None` when even then something would be: a group to give, an invitation that died.
pub(crate) fn fingerprint_at_rest(
    user: &User,
    input: &PlanInput<'_>,
    fingerprints: &Fingerprints,
) -> Option<u64> {
    let wanted = Wanted::as_is(user, &input.settings.default_group);
    let at_rest = refusal(Some(user), wanted, input.workspace).is_none()
        && alteration(user, wanted, !wanted.is_of(user), input.now).is_none();
    at_rest.then(|| fingerprints.of(wanted))
}
