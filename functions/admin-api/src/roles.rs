//! Who may change whose role and ways in.

use domain::{Role, User};
use web::Problem;

/// Only a システム管理者 changes what a システム管理者 gets in with: anybody else could take the account over.
///
/// # Errors
/// The 403 that says so.
pub(crate) fn check_may_act_on(actor: &User, target: &User) -> Result<(), Problem> {
    if target.role == Role::SystemAdministrator && actor.role != Role::SystemAdministrator {
        return Err(Problem::forbidden(
            "システム管理者のログイン情報を変更できるのは、システム管理者のみです。",
        ));
    }
    Ok(())
}

/// Only a システム管理者 makes or unmakes one, and nobody changes their own role.
///
/// # Errors
/// The 403 that says so.
pub(crate) fn check_role(actor: &User, target: &User, role: Role) -> Result<(), Problem> {
    if role == target.role {
        return Ok(());
    }
    if actor.user_id == target.user_id {
        return Err(Problem::forbidden("自分の役割は変更できません。"));
    }
    let concerns = role == Role::SystemAdministrator || target.role == Role::SystemAdministrator;
    if concerns && actor.role != Role::SystemAdministrator {
        return Err(Problem::forbidden(
            "システム管理者の追加と解除ができるのは、システム管理者のみです。",
        ));
    }
    Ok(())
}

/// Nobody deletes themselves, and only a システム管理者 deletes one.
///
/// # Errors
/// The 403 that says so.
pub(crate) fn check_may_delete(actor: &User, target: &User) -> Result<(), Problem> {
    if actor.user_id == target.user_id {
        return Err(Problem::forbidden("自分自身は削除できません。"));
    }
    if target.role == Role::SystemAdministrator && actor.role != Role::SystemAdministrator {
        return Err(Problem::forbidden(
            "システム管理者を削除できるのは、システム管理者のみです。",
        ));
    }
    Ok(())
}

/// Whether a change makes or unmakes a システム管理者.
pub(crate) fn concerns_system_administrators(before: &User, after: &User) -> bool {
    before.role != after.role
        && (before.role == Role::SystemAdministrator || after.role == Role::SystemAdministrator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::user;

    fn refusal(actor: Role, target: Role, role: Role) -> bool {
        check_role(&user("actor", actor), &user("target", target), role).is_err()
    }

    #[test]
    fn only_a_system_administrator_makes_or_unmakes_one() {
        use Role::{Administrator, Member, Staff, SystemAdministrator};
        assert!(refusal(Administrator, Member, SystemAdministrator));
        assert!(refusal(Administrator, SystemAdministrator, Member));
        assert!(!refusal(Administrator, Member, Staff));
        assert!(!refusal(SystemAdministrator, Member, SystemAdministrator));
        assert!(!refusal(SystemAdministrator, SystemAdministrator, Member));
    }

    #[test]
    fn nobody_changes_their_own_role() {
        let me = user("me", Role::SystemAdministrator);
        assert!(check_role(&me, &me, Role::Member).is_err());
        assert!(check_role(&me, &me, Role::SystemAdministrator).is_ok());
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
