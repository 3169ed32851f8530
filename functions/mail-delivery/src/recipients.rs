//! Who gets a mail: the admins whom it is for, or one person.

use domain::{NotificationKind, Recipients, Role, Status, User, UserId, Workspace};
use mail::{Mail, MailError, recipient_batches};
use storage::StoreError;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

impl Delivery {
    /// Renders a mail to those who were chosen for its kind.
    pub(crate) async fn to_recipients(
        &self,
        workspace: &Workspace,
        kind: NotificationKind,
        write: impl Fn(&str, &[String]) -> Result<Mail, MailError>,
    ) -> Result<Rendered, DeliveryError> {
        let notifications = &workspace.notifications;
        if !notifications.sends(kind) {
            return Ok(Rendered::Dropped("the notification was switched off"));
        }
        let mut users = self.store.admins(&workspace.workspace_id).await?;
        if let Recipients::Users { user_ids } = notifications.recipients(kind) {
            let chosen = user_ids.iter().cloned().collect();
            let chosen = self.store.users_by_id(&workspace.workspace_id, &chosen);
            users.retain(|admin| !user_ids.contains(&admin.user_id));
            users.extend(chosen.await?);
        }
        let to = notifications.addresses(kind, &users).into_iter();
        let to: Vec<String> = to.map(|email| email.as_str().to_owned()).collect();
        self.mail_to(workspace, &to, write)
    }

    /// Renders a mail to the admins whose role is `wanted`.
    pub(crate) async fn to_admins(
        &self,
        workspace: &Workspace,
        wanted: impl Fn(Role) -> bool,
        write: impl Fn(&str, &[String]) -> Result<Mail, MailError>,
    ) -> Result<Rendered, DeliveryError> {
        self.to_some_admins(workspace, |admin| wanted(admin.role), write)
            .await
    }

    /// Renders a mail to the active admins who are `wanted` and have an address.
    pub(crate) async fn to_some_admins(
        &self,
        workspace: &Workspace,
        wanted: impl Fn(&User) -> bool,
        write: impl Fn(&str, &[String]) -> Result<Mail, MailError>,
    ) -> Result<Rendered, DeliveryError> {
        let to = self.addresses(workspace, wanted).await?;
        self.mail_to(workspace, &to, write)
    }

    /// Renders a mail to one person, if they are still there and have an address, which `write` gets.
    pub(crate) async fn to_person(
        &self,
        workspace: &Workspace,
        user_id: &UserId,
        write: impl FnOnce(&User, &str) -> Result<Mail, MailError>,
    ) -> Result<Rendered, DeliveryError> {
        let user = self.store.user(&workspace.workspace_id, user_id).await?;
        match user
            .as_ref()
            .and_then(|user| Some((user, user.email.as_ref()?)))
        {
            Some((user, email)) => Ok(Rendered::Mails(vec![write(user, email.as_str())?])),
            None => Ok(Rendered::Dropped(
                "the user is gone or has no e-mail address",
            )),
        }
    }

    fn mail_to(
        &self,
        workspace: &Workspace,
        to: &[String],
        write: impl Fn(&str, &[String]) -> Result<Mail, MailError>,
    ) -> Result<Rendered, DeliveryError> {
        if to.is_empty() {
            tracing::warn!(
                workspace_id = %workspace.workspace_id,
                "no active administrator of the workspace has an e-mail address"
            );
            return Ok(Rendered::Dropped("no administrator has an e-mail address"));
        }
        let mails = recipient_batches(to)
            .iter()
            .map(|recipients| write(&self.from, recipients))
            .collect::<Result<_, _>>()?;
        Ok(Rendered::Mails(mails))
    }

    /// Returns the addresses of the active admins whose role is `wanted`.
    pub(crate) async fn admins(
        &self,
        workspace: &Workspace,
        wanted: impl Fn(Role) -> bool,
    ) -> Result<Vec<String>, StoreError> {
        self.addresses(workspace, |admin| wanted(admin.role)).await
    }

    async fn addresses(
        &self,
        workspace: &Workspace,
        wanted: impl Fn(&User) -> bool,
    ) -> Result<Vec<String>, StoreError> {
        let admins = self.store.admins(&workspace.workspace_id).await?;
        Ok(admins
            .into_iter()
            .filter(|admin| admin.status == Status::Active && wanted(admin))
            .filter_map(|admin| admin.email.map(|email| email.as_str().to_owned()))
            .collect())
    }
}
