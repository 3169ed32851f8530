//! 「再招待」: a new invitation URL and a new mail. The previous URL no longer works.

use credentials::{CredentialIssuer, DerivationKey, IssuedCredential};
use domain::{
    AuditAction, GroupId, INVITATION_LIFE, InvitationMails, LoginMethod, User, Workspace,
    invitation_mail_id,
};
use jiff::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_act_on;

/// The largest number of people mailed in one request.
pub(crate) const MOST: usize = 50;

/// The result of mailing several people, in the order of the request.
#[derive(Debug, Default)]
pub struct Mailed {
    /// The ids of the users who are mailed.
    pub mailed: Vec<String>,
    /// The people who are not.
    pub refused: Vec<NotMailed>,
}

/// A person who is not mailed.
#[derive(Debug)]
pub struct NotMailed {
    /// The id in the request; it may belong to no user.
    pub user_id: String,
    /// The reason why this person is not mailed.
    pub reason: AccountError,
}

/// Checks that an invitation is what `user` needs to sign in.
///
/// # Errors
/// [`AccountError::InvitationForSso`], [`AccountError::InvitationWithoutEmail`],
/// [`AccountError::AlreadyRegistered`]
pub fn check_needs_invitation(user: &User, now: Timestamp) -> Result<(), AccountError> {
    if user.login_method == LoginMethod::Sso {
        return Err(AccountError::InvitationForSso);
    }
    if user.email.is_none() {
        return Err(AccountError::InvitationWithoutEmail);
    }
    if user.has_password_at(now) {
        return Err(AccountError::AlreadyRegistered);
    }
    Ok(())
}

/// What keeps the workspace's invitation mails from being sent now. What the sync invites is not refused:
/// its mails wait in the outbox.
pub(crate) struct InvitationLimits {
    paused: bool,
    /// The most mails a day, when as many were sent today.
    used_up: Option<u32>,
}

impl InvitationLimits {
    /// Checks that the user's mail may be sent.
    ///
    /// # Errors
    /// [`AccountError::InvitationsPaused`], [`AccountError::TooManyInvitationsToday`]
    pub(crate) fn check(&self, user: &User) -> Result<(), AccountError> {
        match self.used_up {
            _ if self.paused && user.waits_for_pause() => Err(AccountError::InvitationsPaused),
            Some(most) => Err(AccountError::TooManyInvitationsToday(most)),
            None => Ok(()),
        }
    }
}

impl Accounts<'_> {
    /// Issues a new invitation to a user.
    ///
    /// # Errors
    /// [`AccountError`] when the user needs no invitation, the admin may not invite them, or the write
    /// fails.
    pub async fn invite(&self, workspace: &Workspace, before: User) -> Result<(), AccountError> {
        let limits = self.invitation_limits(workspace).await?;
        let key = self.derivation_key().await?;
        self.invite_with(&key, &limits, workspace, before).await
    }

    /// Issues new invitations to several people. Those who cannot be invited do not affect the others.
    ///
    /// # Errors
    /// [`AccountError`] when nobody was invited, for a reason that concerns all of them.
    pub async fn invite_several(
        &self,
        workspace: &Workspace,
        user_ids: Vec<String>,
    ) -> Result<Mailed, AccountError> {
        if !(1..=MOST).contains(&user_ids.len()) {
            return Err(AccountError::RecipientCount);
        }
        let limits = self.invitation_limits(workspace).await?;
        let key = self.derivation_key().await?;
        let mut result = Mailed::default();
        for user_id in user_ids {
            let invited = match self.find(&user_id).await {
                Ok(user) => self.invite_with(&key, &limits, workspace, user).await,
                Err(error) => Err(error),
            };
            match invited {
                Ok(()) => result.mailed.push(user_id),
                Err(reason) => result.refused.push(NotMailed { user_id, reason }),
            }
        }
        Ok(result)
    }

    pub(crate) async fn invitation_limits(
        &self,
        workspace: &Workspace,
    ) -> Result<InvitationLimits, AccountError> {
        let pause = self.store.invitation_pause(self.workspace_id).await?;
        let today = self.store.invitation_mails(self.workspace_id, self.now);
        let most = InvitationMails::most_a_day(workspace);
        Ok(InvitationLimits {
            paused: pause.is_some(),
            used_up: (today.await?.sent >= most).then_some(most),
        })
    }

    async fn invite_with(
        &self,
        key: &DerivationKey,
        limits: &InvitationLimits,
        workspace: &Workspace,
        before: User,
    ) -> Result<(), AccountError> {
        check_may_act_on(self.admin, &before)?;
        let open = before.invitation.as_ref();
        let life = open.map(|open| open.expires_at.duration_since(self.now));
        // Longer if its mail went out late.
        if self.is_repetition && life.is_some_and(|life| life >= INVITATION_LIFE) {
            let mail_id = invitation_mail_id(&before.user_id, before.serial);
            self.ask_for_mails(vec![mail_id]).await;
            return Ok(());
        }
        check_needs_invitation(&before, self.now)?;
        if open.is_some_and(|open| open.is_recent(self.now)) {
            return Err(AccountError::InvitedJustNow);
        }
        limits.check(&before)?;
        let mut after = before.clone();
        after.version += 1;
        let credential = self.issue_invitation(key, workspace, &mut after);
        self.change_user(AuditAction::InvitedAgain, before, after, credential)
            .await
    }

    /// Issues an invitation to `user` with their current fields.
    pub(crate) fn issue_invitation(
        &self,
        key: &DerivationKey,
        workspace: &Workspace,
        user: &mut User,
    ) -> IssuedCredential {
        let issuer = CredentialIssuer {
            key,
            workspace_id: self.workspace_id,
            now: self.now,
        };
        let fields = user.synced_fields(invitation_group(user, workspace));
        issuer.invite(user, fields, self.random)
    }
}

/// Returns the group that an invitation names: the one that the sync assigned, so that the next run
/// finds the invitation as it would have issued it.
fn invitation_group(user: &User, workspace: &Workspace) -> GroupId {
    let first = workspace.groups.first().map(|group| &group.id);
    user.synced_group
        .as_ref()
        .or(user.groups.first())
        .or(first)
        .cloned()
        .unwrap_or_else(|| GroupId::new(""))
}

#[cfg(test)]
mod tests {
    use domain::{Credential, Role, Status};

    use super::*;
    use crate::fixture::user;

    #[test]
    fn only_who_can_get_in_by_a_mail_and_has_not_yet_is_invited() {
        let refusal = |change: fn(&mut User)| {
            let mut user = user("u", Role::Member);
            user.credential = Credential::None;
            user.status = Status::Invited;
            change(&mut user);
            check_needs_invitation(&user, Timestamp::UNIX_EPOCH).err()
        };
        assert!(refusal(|_| {}).is_none());
        assert!(matches!(
            refusal(|user| user.email = None),
            Some(AccountError::InvitationWithoutEmail)
        ));
        assert!(matches!(
            refusal(|user| user.login_method = LoginMethod::Sso),
            Some(AccountError::InvitationForSso)
        ));
        assert!(matches!(
            refusal(|user| user.credential = Credential::Password),
            Some(AccountError::AlreadyRegistered)
        ));
    }
}
