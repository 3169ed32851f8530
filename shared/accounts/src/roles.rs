//! The permissions that an admin's role grants over other users.

use domain::{Credential, LoginMethod, Role, Status, User};

use crate::error::AccountError;

/// Checks that `admin` may change the credentials of `target`. Only a システム管理者 may change those of a
/// システム管理者: anybody else could take over the account.
///
/// # Errors
/// [`AccountError::CredentialsOfSystemAdministrator`]
pub fn check_may_act_on(admin: &User, target: &User) -> Result<(), AccountError> {
    if target.role == Role::SystemAdministrator && admin.role != Role::SystemAdministrator {
        return Err(AccountError::CredentialsOfSystemAdministrator);
    }
    Ok(())
}

/// Checks that `admin` may give `role` to `target`. Only a システム管理者 appoints or dismisses one, and
/// nobody changes their own role. Nobody is appointed システム管理者 before they have come in: an open
/// invitation could still be sent to somebody else, who would have the role.
///
/// # Errors
/// [`AccountError::OwnRole`], [`AccountError::RoleOfSystemAdministrator`],
/// [`AccountError::NotRegisteredYet`]
pub fn check_may_give_role(admin: &User, target: &User, role: Role) -> Result<(), AccountError> {
    if role == target.role {
        return Ok(());
    }
    if admin.user_id == target.user_id {
        return Err(AccountError::OwnRole);
    }
    let concerns = role == Role::SystemAdministrator || target.role == Role::SystemAdministrator;
    if concerns && admin.role != Role::SystemAdministrator {
        return Err(AccountError::RoleOfSystemAdministrator);
    }
    if role == Role::SystemAdministrator && !has_come_in(target) {
        return Err(AccountError::NotRegisteredYet);
    }
    Ok(())
}

/// Returns whether the user has chosen a password, or is let in by the identity provider.
fn has_come_in(user: &User) -> bool {
    let has_own_way =
        user.credential == Credential::Password || user.login_method == LoginMethod::Sso;
    user.status == Status::Active && has_own_way
}

/// Checks that `admin` may delete `target`. Nobody deletes themselves, and only a システム管理者 deletes a
/// システム管理者.
///
/// # Errors
/// [`AccountError::DeletesSelf`], [`AccountError::DeletesSystemAdministrator`]
pub fn check_may_delete(admin: &User, target: &User) -> Result<(), AccountError> {
    if admin.user_id == target.user_id {
        return Err(AccountError::DeletesSelf);
    }
    if target.role == Role::SystemAdministrator && admin.role != Role::SystemAdministrator {
        return Err(AccountError::DeletesSystemAdministrator);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::user;

    #[test]
    fn only_a_system_administrator_makes_or_unmakes_one() {
        use Role::{Administrator, Member, Staff, SystemAdministrator};
        let refused = |admin: Role, target: Role, role: Role| {
            check_may_give_role(&user("admin", admin), &user("target", target), role).is_err()
        };
        assert!(refused(Administrator, Member, SystemAdministrator));
        assert!(refused(Administrator, SystemAdministrator, Member));
        assert!(!refused(Administrator, Member, Staff));
        assert!(!refused(SystemAdministrator, Member, SystemAdministrator));
        assert!(!refused(SystemAdministrator, SystemAdministrator, Member));
    }

    #[test]
    fn nobody_changes_their_own_role() {
        let me = user("me", Role::SystemAdministrator);
        assert!(check_may_give_role(&me, &me, Role::Member).is_err());
        assert!(check_may_give_role(&me, &me, Role::SystemAdministrator).is_ok());
    }

    #[test]
    fn nobody_deletes_themselves_and_an_administrator_no_system_administrator() {
        let boss = user("s", Role::SystemAdministrator);
        let administrator = user("a", Role::Administrator);
        assert!(check_may_delete(&boss, &boss).is_err());
        assert!(check_may_delete(&administrator, &boss).is_err());
        assert!(check_may_delete(&boss, &administrator).is_ok());
        assert!(check_may_delete(&boss, &user("t", Role::SystemAdministrator)).is_ok());
    }

    #[test]
    fn an_administrator_cannot_take_over_a_system_administrator() {
        let administrator = user("a", Role::Administrator);
        assert!(check_may_act_on(&administrator, &user("s", Role::SystemAdministrator)).is_err());
        assert!(check_may_act_on(&administrator, &user("m", Role::Member)).is_ok());
    }
}
