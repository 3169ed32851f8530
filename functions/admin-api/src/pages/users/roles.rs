//! The roles that an admin may assign.

use accounts::roles::check_may_give_role;
use domain::{Role, User};

use crate::pages::wire_names::wire_name;

/// An option of the role menu: a role that the admin may assign, or the user's own.
pub(super) struct RoleOption {
    pub(super) role: Role,
    pub(super) chosen: bool,
}

impl RoleOption {
    /// Returns the form's value for the role.
    pub(super) fn wire_name(&self) -> String {
        wire_name(self.role)
    }
}

/// Returns the roles that `admin` may assign to `target`, and the reason when there is no other role to
/// choose.
pub(super) fn role_options(
    admin: &User,
    target: &User,
    chosen: Role,
) -> (Vec<RoleOption>, Option<String>) {
    let check = |role: Role| check_may_give_role(admin, target, role);
    let options: Vec<RoleOption> = Role::ALL
        .into_iter()
        .filter(|role| check(*role).is_ok())
        .map(|role| RoleOption {
            role,
            chosen: role == chosen,
        })
        .collect();
    let another = Role::ALL.into_iter().find(|role| *role != target.role);
    let reason = another
        .filter(|_| options.len() <= 1)
        .and_then(|role| check(role).err());
    (options, reason.map(|reason| reason.to_string()))
}

#[cfg(test)]
mod tests {
    use testkit::users::active;

    use super::*;

    fn offered(admin: Role, target: Role) -> Vec<Role> {
        let (admin, target) = (active("admin", admin), active("target", target));
        let (options, _) = role_options(&admin, &target, target.role);
        options.into_iter().map(|option| option.role).collect()
    }

    #[test]
    fn an_administrator_is_not_offered_what_only_a_system_administrator_gives() {
        assert_eq!(offered(Role::Administrator, Role::Member), Role::ALL[1..]);
        assert_eq!(offered(Role::SystemAdministrator, Role::Member), Role::ALL);
        assert_eq!(
            offered(Role::Administrator, Role::SystemAdministrator),
            [Role::SystemAdministrator]
        );
    }

    #[test]
    fn nobody_is_offered_another_role_for_themselves_and_learns_why() {
        let me = active("me", Role::SystemAdministrator);
        let (options, reason) = role_options(&me, &me, me.role);
        assert_eq!(options.len(), 1);
        assert_eq!(reason.as_deref(), Some("自分の役割は変更できません。"));
    }
}
