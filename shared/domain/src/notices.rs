//! The notices to a person about a change of how they sign in, by the sync or by an admin.
//!
//! The old and the new address both get the notice. The night sends none to people who were registered for SSO
//! silently.

use jiff::Timestamp;

use crate::{EmailAddress, MailKind, OutboxMail, Status, User};

/// Returns the notices about what changed between `before` and `after`. Somebody who has not come in gets
/// none: their invitation tells them. An invitation also tells about the change to a password that is yet
/// to be set.
pub fn notices_of_change(before: &User, after: &User, now: Timestamp) -> Vec<OutboxMail> {
    if before.status != Status::Active {
        return Vec::new();
    }
    let serial = |user: &User| user.invitation.as_ref().map(|it| it.serial);
    let is_invited = after.invitation.is_some() && serial(before) != serial(after);
    let method_changed = before.login_method != after.login_method;
    let (user_id, version) = (&after.user_id, after.version);
    let address = MailKind::AddressChanged {
        user_id: user_id.clone(),
        version,
        old_email: before.email.as_ref().map(|email| email.as_str().into()),
    };
    let method = MailKind::LoginMethodChanged {
        user_id: user_id.clone(),
        version,
    };
    [
        email_changed(before, after).then_some(address),
        (method_changed && !is_invited).then_some(method),
    ]
    .into_iter()
    .flatten()
    .map(|kind| OutboxMail::new(kind, now))
    .collect()
}

/// Returns whether the address changed by more than its case.
fn email_changed(before: &User, after: &User) -> bool {
    let key = |user: &User| user.email.as_ref().map(EmailAddress::key);
    key(before) != key(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LoginMethod, UserId};

    fn active(email: &str, login_method: LoginMethod) -> User {
        User {
            status: Status::Active,
            email: EmailAddress::parse(email),
            login_method,
            ..User::new(UserId::new("u"), "田中 花子")
        }
    }

    #[test]
    fn somebody_who_came_in_is_notified_of_a_new_address_or_login_method_and_not_of_another_case() {
        let before = active("a@example.jp", LoginMethod::Password);
        let notices = |after: &User| notices_of_change(&before, after, Timestamp::UNIX_EPOCH);
        assert_eq!(notices(&active("A@example.jp", LoginMethod::Password)), []);
        let both = notices(&active("b@example.jp", LoginMethod::Sso));
        assert!(matches!(both[0].kind, MailKind::AddressChanged { .. }));
        assert!(matches!(both[1].kind, MailKind::LoginMethodChanged { .. }));
        let invited = User {
            status: Status::Invited,
            ..before.clone()
        };
        let moved = active("b@example.jp", LoginMethod::Password);
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(notices_of_change(&invited, &moved, now), []);
    }
}
