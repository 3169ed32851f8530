//! Compares SmartHR's people with KiteRa's users and says what a run would do. Pure: it is given
//! values, not clients, so it cannot write.

use jiff::Timestamp;

use crate::candidate::Candidate;
use crate::decide::decide;
use crate::employee::{Employee, EmploymentStatus};
use crate::failure::Failure;
use crate::guard::{self, DeletionDecisions};
use crate::hash::HashSet;
use crate::identifiers::{fail_duplicates, fail_taken, hand_over_order, movers, rivals};
use crate::ids::{CrewId, TenantId, UserId};
use crate::matching::match_unlinked;
use crate::people::{People, Person};
use crate::plan::{Change, Failed, FirstLogin, Plan};
use crate::run_failure::RunFailure;
use crate::settings::Settings;
use crate::user::{Role, Status, User};
use crate::workspace::Workspace;

/// How many people may exchange addresses or codes in one circle: one DynamoDB transaction holds
/// 100 items, and each of them takes up to six.
const LARGEST_CIRCLE: usize = 15;

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// What an admin chose.
    pub settings: &'a Settings,
    /// The SmartHR company that is linked.
    pub tenant: &'a TenantId,
    /// Everybody in SmartHR: a whole read. Order does not matter.
    pub employees: &'a [Employee],
    /// Every user of the workspace. Order does not matter.
    pub users: &'a [User],
    /// What an admin answered to held deletions.
    pub decisions: &'a DeletionDecisions,
    /// When the run looks at it.
    pub now: Timestamp,
}

/// Makes the plan.
///
/// # Errors
/// [`RunFailure::PermissionLost`] when the read looks as if a permission had been taken away.
pub fn plan<'a>(input: &PlanInput<'a>) -> Result<Plan<'a>, RunFailure> {
    let mut plan = Plan::default();
    let people = People::of(input);
    guard::check_permissions(&people.in_smarthr)?;

    let mut sorted = Sorted::new(input, &people);
    plan.out_of_scope = sorted.out_of_scope;
    let deletions = decide_deletions(input, people.users_linked, sorted.retired, &mut plan);
    let leaving: HashSet<&UserId> = deletions.iter().map(|(_, user)| &user.user_id).collect();

    let mut candidates = sorted.candidates;
    match_unlinked(&mut candidates, &people.unlinked);
    for candidate in &mut candidates {
        candidate.check(input);
    }
    let rivals = rivals(&candidates, &mut sorted.settled);
    if !rivals.is_empty() {
        candidates.extend(rivals);
        candidates.sort_by(|a, b| by_code(a.employee).cmp(&by_code(b.employee)));
    }
    let movers = movers(&candidates);
    fail_duplicates(&mut candidates, &movers);
    let hand_over = settle_identifiers(&mut candidates, &movers, input.users, &leaving);

    let remaining = input.users.len() - deletions.len();
    for (employee, user) in deletions {
        plan.changes.push(Change::Delete { employee, user });
    }
    push_alterations(input, &candidates, &hand_over, &mut plan);
    push_additions(input, &mut candidates, remaining, &mut plan);
    for candidate in candidates {
        if let Some(failure) = candidate.failure {
            plan.failures.push(Failed {
                employee: candidate.employee,
                user: candidate.user,
                first_login: candidate.user.is_none().then(|| {
                    let login_method = input.settings.login_method_of(candidate.employee);
                    FirstLogin::with(login_method, candidate.employee.email.is_some())
                }),
                failure: *failure,
            });
        }
    }
    plan.unchanged = in_order_of_work(&sorted.settled)
        .filter_map(|settled| Some((settled.employee, settled.user?)))
        .collect();
    plan.failures.sort_by_key(|failed| by_code(failed.employee));
    plan.out_of_scope
        .sort_by_key(|user| (&user.code, &user.user_id));
    Ok(plan)
}

/// SmartHR's people by what is to be done with them.
struct Sorted<'a> {
    retired: Vec<(&'a Employee, &'a User)>,
    /// In scope, with their user as it should be; in no order.
    settled: Vec<Person<'a>>,
    /// The others in scope; in the order of work.
    candidates: Vec<Candidate<'a>>,
    out_of_scope: Vec<&'a User>,
}

impl<'a> Sorted<'a> {
    fn new(input: &PlanInput<'a>, people: &People<'a>) -> Self {
        let mut retired = Vec::new();
        let mut out_of_scope = people.gone.clone();
        let mut settled = Vec::with_capacity(people.in_smarthr.len());
        let mut others = Vec::new();
        for &person in &people.in_smarthr {
            let Person { employee, user, .. } = person;
            if employee.status == EmploymentStatus::Retired {
                retired.extend(user.map(|user| (employee, user)));
            } else if !input.settings.includes(employee) {
                out_of_scope.extend(user);
            } else if person.settled {
                settled.push(person);
            } else {
                others.push(person);
            }
        }
        Self {
            retired,
            settled,
            candidates: in_order_of_work(&others)
                .map(|other| Candidate::new(other.employee, other.user))
                .collect(),
            out_of_scope,
        }
    }
}

/// These people by code.
fn in_order_of_work<'a>(people: &[Person<'a>]) -> impl Iterator<Item = Person<'a>> {
    let beginnings = people
        .iter()
        .map(|person| beginning_of_code(person.employee));
    let mut order: Vec<(u128, usize)> = beginnings.zip(0..).collect();
    let code_of = |index: usize| by_code(people[index].employee);
    order.sort_unstable_by(|(one, first), (other, second)| {
        one.cmp(other)
            .then_with(|| code_of(*first).cmp(&code_of(*second)))
    });
    order.into_iter().map(|(_, index)| people[index])
}

/// The first 16 bytes of the code, as a number that sorts like them: nearly always the order of
/// [`by_code`], without going where the codes are.
fn beginning_of_code(employee: &Employee) -> u128 {
    let Some(code) = &employee.code else {
        // After all texts: none begins with this byte in UTF-8.
        return u128::MAX;
    };
    let mut beginning = [0; 16];
    for (byte, of_code) in beginning.iter_mut().zip(code.bytes()) {
        *byte = of_code;
    }
    u128::from_be_bytes(beginning)
}

/// The order of work: by employee code, people without one last, then by crew id.
fn by_code(employee: &Employee) -> (bool, Option<&str>, &CrewId) {
    (
        employee.code.is_none(),
        employee.code.as_deref(),
        &employee.crew_id,
    )
}

/// Which retired people go now. The guard's, the admins' and the last システム管理者's are noted
/// in `plan` instead.
fn decide_deletions<'a>(
    input: &PlanInput<'a>,
    users_linked: usize,
    mut retired: Vec<(&'a Employee, &'a User)>,
    plan: &mut Plan<'a>,
) -> Vec<(&'a Employee, &'a User)> {
    retired.sort_by_key(|(employee, _)| by_code(employee));
    let decisions = input.decisions;
    let (kept, retired): (Vec<_>, Vec<_>) = retired
        .into_iter()
        .partition(|(_, user)| decisions.refused.contains(&user.user_id));
    plan.kept = kept;
    let (mut going, undecided): (Vec<_>, Vec<_>) = retired
        .into_iter()
        .partition(|(_, user)| decisions.allowed.contains(&user.user_id));
    let too_many = decisions.more_held || guard::holds(undecided.len(), users_linked);
    let (held, free): (Vec<_>, Vec<_>) = undecided
        .into_iter()
        .partition(|(_, user)| too_many || decisions.held.contains(&user.user_id));
    plan.held = held;
    going.extend(free);
    going.sort_by_key(|(employee, _)| by_code(employee));
    spare_last_system_administrator(input.users, &mut going, plan);
    going
}

/// Keeps one システム管理者: when all of those who can sign in are to go, the last in the order of
/// work stays and is reported. Invited ones count only while nobody else is there.
fn spare_last_system_administrator<'a>(
    users: &'a [User],
    going: &mut Vec<(&'a Employee, &'a User)>,
    plan: &mut Plan<'a>,
) {
    let may_manage = |user: &User| user.role == Role::SystemAdministrator;
    if !going.iter().any(|(_, user)| may_manage(user)) {
        return;
    }
    let signs_in = |user: &User| may_manage(user) && user.status == Status::Active;
    let somebody_signs_in = users.iter().any(signs_in);
    let manages = |user: &User| signs_in(user) || (may_manage(user) && !somebody_signs_in);
    let managing = users.iter().filter(|user| manages(user)).count();
    let leaving = going.iter().filter(|(_, user)| manages(user)).count();
    if leaving < managing {
        let goes = |user: &User| going.iter().any(|(_, going)| going.user_id == user.user_id);
        plan.stays_system_administrator = users.iter().find(|user| manages(user) && !goes(user));
        return;
    }
    if let Some(last) = going.iter().rposition(|(_, user)| manages(user)) {
        let (employee, user) = going.remove(last);
        plan.stays_system_administrator = Some(user);
        plan.failures.push(Failed {
            employee,
            user: Some(user),
            first_login: None,
            failure: Failure::LastSystemAdministrator,
        });
    }
}

/// Fails whoever cannot have their address or code, and gives the order in which the others hand
/// theirs over. A failure can take away what somebody else was to get, so both are repeated.
fn settle_identifiers<'a>(
    candidates: &mut [Candidate<'a>],
    movers: &[usize],
    users: &'a [User],
    leaving: &HashSet<&UserId>,
) -> Vec<Vec<usize>> {
    loop {
        fail_taken(candidates, movers, users, |id| leaving.contains(id));
        let order = hand_over_order(candidates, movers);
        let mut settled = true;
        for circle in order.iter().filter(|group| group.len() > LARGEST_CIRCLE) {
            settled = false;
            for &index in circle {
                candidates[index].fail(Failure::CircleTooLarge {
                    people: circle.len(),
                });
            }
        }
        if settled {
            return order;
        }
    }
}

fn push_alterations<'a>(
    input: &PlanInput<'a>,
    candidates: &[Candidate<'a>],
    hand_over: &[Vec<usize>],
    plan: &mut Plan<'a>,
) {
    let tied: HashSet<usize> = hand_over.iter().flatten().copied().collect();
    for (index, candidate) in candidates.iter().enumerate() {
        if !tied.contains(&index) {
            push_alteration(input, candidate, plan);
        }
    }
    for group in hand_over {
        let start = plan.changes.len();
        for &index in group {
            push_alteration(input, &candidates[index], plan);
        }
        if plan.changes.len() - start > 1 {
            plan.together.push(start..plan.changes.len());
        }
    }
}

fn push_alteration<'a>(input: &PlanInput<'a>, candidate: &Candidate<'a>, plan: &mut Plan<'a>) {
    let (Some(user), Some(wanted)) = (candidate.user, candidate.wanted(input.settings)) else {
        return;
    };
    let change = decide(
        candidate.employee,
        Some(user),
        wanted,
        input.tenant,
        input.now,
    );
    plan.changes.extend(change);
}

/// New people take the free seats in the order of work; the others fail.
fn push_additions<'a>(
    input: &PlanInput<'a>,
    candidates: &mut [Candidate<'a>],
    users_remaining: usize,
    plan: &mut Plan<'a>,
) {
    let seats = input.workspace.seats;
    let mut free = (seats as usize).saturating_sub(users_remaining);
    for candidate in candidates.iter_mut().filter(|new| new.user.is_none()) {
        let Some(wanted) = candidate.wanted(input.settings) else {
            continue;
        };
        if free == 0 {
            candidate.fail(Failure::SeatsExceeded { seats });
            continue;
        }
        free -= 1;
        let change = decide(candidate.employee, None, wanted, input.tenant, input.now);
        plan.changes.extend(change);
    }
}
