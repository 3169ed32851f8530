//! The mail that the seats of the plan are nearly taken, to those who chose to get it.

use domain::{MailKind, NotificationKind, OutboxMail, SeatsInUse, Workspace};
use jiff::Timestamp;
use storage::StoreError;

use crate::run::Runner;

impl Runner {
    /// Writes the mail if at least 90 % of the seats are taken, once a calendar month, and returns its id if it is new.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer; the call may be repeated.
    pub(crate) async fn warn_of_seats(
        &self,
        workspace: &Workspace,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        if !workspace.notifications.sends(NotificationKind::Seats) {
            return Ok(None);
        }
        let id = &workspace.workspace_id;
        let counted = self.store.seats_and_lease(id).await?;
        let seats = SeatsInUse::of(workspace, counted.users);
        if !seats.is_nearly_full() {
            return Ok(None);
        }
        let contracted = seats.contracted;
        let mail = OutboxMail::new(MailKind::SeatsNearlyFull { contracted }, now);
        let is_new = self.store.put_mail_once(id, &mail).await?;
        Ok(is_new.then_some(mail.mail_id))
    }
}
