//! 「システム管理者の承認を待っています」: a システム管理者 allows or refuses changes of admins' accounts.

use domain::{
    AccountAnswer, AuditAction, Author, Decision, RunId, Transition, UserId, WorkspaceId,
};

use crate::connections::Connections;
use crate::decision_error::DecisionError;

impl Connections {
    /// Stores the answer of the システム管理者 `by` to the changes of these users' accounts that the run asked about,
    /// and returns the number of users. The next run acts on it. The answer is valid for exactly what was asked, and
    /// only the newest run accepts one, or the entry of a day about what is still asked. A later answer replaces an
    /// earlier one.
    ///
    /// The caller checks that `by` is a システム管理者.
    ///
    /// # Errors
    /// [`DecisionError`] when the run is unknown or asked about none of these users, or
    /// DynamoDB does not answer.
    pub async fn answer_account_changes(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        user_ids: &[UserId],
        decision: Decision,
        by: &Author,
    ) -> Result<usize, DecisionError> {
        let run = self.run_that_asks(workspace_id, run_id).await?;
        let is_day_entry = run.is_day_entry();
        let answers: Vec<AccountAnswer> = run
            .held_account_changes
            .into_iter()
            .filter(|question| user_ids.contains(&question.change.user_id))
            .map(|question| AccountAnswer {
                change: question.change,
                decision,
                by: by.user_id.clone(),
                at: (self.clock)(),
            })
            .collect();
        if answers.is_empty() {
            return Err(DecisionError::NothingHeld);
        }
        let action = match decision {
            Decision::Allow => AuditAction::AccountChangeAllowed,
            Decision::Refuse => AuditAction::AccountChangeRefused,
        };
        let answered = self.event(by, action).about_run(run_id);
        let events = answers
            .iter()
            .map(|answer| answered.clone().about_user(&answer.change.user_id));
        let connection = self.store.connection(workspace_id).await?;
        self.update(workspace_id, connection, |before| {
            let before = before.filter(|before| before.is_established());
            let before = before.ok_or(DecisionError::NothingHeld)?;
            let mut next = before.clone();
            for answer in &answers {
                let mut asked = next.asked_account_changes.iter();
                let is_asked = asked.any(|asked| asked.change == answer.change);
                let is_of_company = answer.change.tenant_id == next.company.tenant_id;
                if !is_of_company || is_day_entry && !is_asked {
                    return Err(DecisionError::NothingHeld);
                }
                next.answer(answer.clone());
            }
            Ok(Transition::from(next).recorded(events.clone()))
        })
        .await?;
        Ok(answers.len())
    }
}
