//! The mails that tell システム管理者 and 管理者 about runs and the link to SmartHR.

use domain::ConnectionState;
use domain::Mode;
use domain::{Role, RunFailure, RunId, Status, Workspace};
use mail::{FailedRun, HeldDeletions, Mail, MailError, RelinkNeeded, recipient_batches};
use storage::StoreError;

use crate::deliver::Delivery;
use crate::error::DeliveryError;
use crate::made::Made;

impl Delivery {
    /// A run failed, as a whole or for `failed` people.
    ///
    /// # Errors
    /// When a table does not answer.
    pub(crate) async fn failed_run(
        &self,
        workspace: &Workspace,
        run_id: &RunId,
        failure: Option<&RunFailure>,
        failed: u32,
    ) -> Result<Made, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let run = self.store.run(workspace_id, run_id, Mode::Apply).await?;
        let Some(run) = run else {
            return Ok(Made::Dropped("the run is gone"));
        };
        let (reason, remedy) = match failure {
            Some(failure) => (failure.cause(), failure.remedy()),
            None => (
                format!("{failed}名のユーザーを同期できませんでした"),
                "同期ログで一人ひとりの原因と対処をご確認ください",
            ),
        };
        let mail = FailedRun {
            workspace_name: &workspace.name,
            started_at: run.started_at,
            reason: &reason,
            remedy,
            history_url: &self.history_url(),
        };
        self.to_admins(workspace, |from, to| mail.mail(from, to))
            .await
    }

    /// Deletions wait, as long as nobody has answered.
    ///
    /// # Errors
    /// When a table does not answer.
    pub(crate) async fn held_deletions(
        &self,
        workspace: &Workspace,
        run_id: &RunId,
    ) -> Result<Made, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let run = self.store.run(workspace_id, run_id, Mode::Apply).await?;
        let integration = self.store.connection(workspace_id).await?;
        let (Some(run), Some(integration)) = (run, integration) else {
            return Ok(Made::Dropped("the run or the link to SmartHR is gone"));
        };
        let answered = |id| {
            integration.decisions.allowed.contains(id) || integration.decisions.refused.contains(id)
        };
        let people = run.held.iter().filter(|id| !answered(id)).count();
        if people == 0 {
            return Ok(Made::Dropped("the held deletions were answered"));
        }
        let mail = HeldDeletions {
            workspace_name: &workspace.name,
            started_at: run.started_at,
            people,
            history_url: &self.history_url(),
        };
        self.to_admins(workspace, |from, to| mail.mail(from, to))
            .await
    }

    /// SmartHR refuses the link, as long as nobody has linked again.
    ///
    /// # Errors
    /// When a table does not answer.
    pub(crate) async fn relink_needed(&self, workspace: &Workspace) -> Result<Made, DeliveryError> {
        let integration = self.store.connection(&workspace.workspace_id).await?;
        if integration.is_none_or(|it| it.state != ConnectionState::ReconnectNeeded) {
            return Ok(Made::Dropped("the workspace was linked again, or unlinked"));
        }
        let mail = RelinkNeeded {
            workspace_name: &workspace.name,
            settings_url: &format!("{}/settings/smarthr", self.public_base_url),
        };
        self.to_admins(workspace, |from, to| mail.mail(from, to))
            .await
    }

    /// Where [ユーザー同期履歴] is.
    fn history_url(&self) -> String {
        format!("{}/settings/smarthr/history", self.public_base_url)
    }

    async fn to_admins(
        &self,
        workspace: &Workspace,
        write: impl Fn(&str, &[String]) -> Result<Mail, MailError>,
    ) -> Result<Made, DeliveryError> {
        let to = self.admins(workspace, Role::may_manage_integration).await?;
        if to.is_empty() {
            tracing::warn!(
                workspace_id = %workspace.workspace_id,
                "no active administrator of the workspace has an e-mail address"
            );
            return Ok(Made::Dropped("no administrator has an e-mail address"));
        }
        let mails = recipient_batches(&to)
            .iter()
            .map(|recipients| write(&self.from, recipients))
            .collect::<Result<_, _>>()?;
        Ok(Made::Mails(mails))
    }

    /// The addresses of the active users whose role is `wanted`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub(crate) async fn admins(
        &self,
        workspace: &Workspace,
        wanted: impl Fn(Role) -> bool,
    ) -> Result<Vec<String>, StoreError> {
        let users = self.store.users(&workspace.workspace_id).await?;
        Ok(users
            .into_iter()
            .filter(|user| user.status == Status::Active && wanted(user.role))
            .filter_map(|user| user.email.map(|email| email.as_str().to_owned()))
            .collect())
    }
}
