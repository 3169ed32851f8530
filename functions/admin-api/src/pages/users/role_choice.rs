//! Which roles the person at the console may give to somebody.

use domain::{Role, User};

use crate::roles::check_role;

const ROLES: [Role; 4] = [
    Role::SystemAdministrator,
    Role::Administrator,
    Role::Staff,
    Role::Member,
];

/// A role that can be chosen, or is chosen.
pub(super) struct RoleOption {
    pub(super) role: Role,
    pub(super) chosen: bool,
}

impl RoleOption {
    /// The form's value.
    pub(super) fn word(&self) -> &'static str {
        word(self.role)
    }
}

/// The roles that `actor` may give to `target`, and the reason why there is nothing to choose.
pub(super) fn role_options(
    actor: &User,
    target: &User,
    chosen: Role,
) -> (Vec<RoleOption>, Option<String>) {
    let allowed = |role: &Role| check_role(actor, target, *role).is_ok();
    let options: Vec<RoleOption> = ROLES
        .into_iter()
        .filter(allowed)
        .map(|role| RoleOption {
            role,
            chosen: role == chosen,
        })
        .collect();
    let another = ROLES.into_iter().find(|role| *role != target.role);
    let reason = if options.len() > 1 {
        None
    } else {
        another
            .and_then(|role| check_role(actor, target, role).err())
            .map(|problem| problem.detail)
    };
    (options, reason)
}

/// The role of a form's value.
pub(super) fn role_of(given: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| word(*role) == given)
}

/// As in the JSON API.
fn word(role: Role) -> &'static str {
    match role {
        Role::SystemAdministrator => "system_administrator",
        Role::Administrator => "administrator",
        Role::Staff => "staff",
        Role::Member => "member",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::user;

    fn offered(actor: Role, target: Role) -> Vec<Role> {
        let (actor, target) = (user("actor", actor), user("target", target));
        let (options, _) = role_options(&actor, &target, target.role);
        options.into_iter().map(|option| option.role).collect()
    }

    #[test]
    fn an_administrator_is_not_offered_what_only_a_system_administrator_gives() {
        assert_eq!(offered(Role::Administrator, Role::Member), ROLES[1..]);
        assert_eq!(offered(Role::SystemAdministrator, Role::Member), ROLES);
        assert_eq!(
            offered(Role::Administrator, Role::SystemAdministrator),
            [Role::SystemAdministrator]
        );
    }

    #[test]
    fn nobody_is_offered_another_role_for_themselves_and_learns_why() {
        let me = user("me", Role::SystemAdministrator);
        let (options, reason) = role_options(&me, &me, me.role);
        assert_eq!(options.len(), 1);
        assert_eq!(reason.as_deref(), Some("自分の役割は変更できません。"));
    }
}
