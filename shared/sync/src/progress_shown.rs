//! What 「この人を今すぐ同期」 shows of a batch: how far it has come with each person. It is for the screen, so that a
//! failure is only logged.

use std::collections::HashMap;

use domain::report::{Row, row_of_change, rows_of_rest};
use domain::{CrewId, PersonProgress, Plan, Workspace, WorkspaceId};
use jiff::Timestamp;
use smarthr::ReadCrews;
use storage::Store;

/// How far a batch has come.
pub(crate) struct BatchProgress<'a> {
    store: &'a Store,
    workspace_id: &'a WorkspaceId,
    /// The people of the batches before.
    before: Vec<PersonProgress>,
    people: Vec<PersonProgress>,
}

impl<'a> BatchProgress<'a> {
    /// Begins with the people who were read at `now`.
    pub(crate) async fn read(
        store: &'a Store,
        workspace_id: &'a WorkspaceId,
        read: &ReadCrews,
        now: Timestamp,
    ) -> Self {
        let before = store.person_progress(workspace_id).await;
        let before = before.unwrap_or_else(|error| {
            tracing::warn!(%error, "the progress of the batches before is not shown any more");
            Vec::new()
        });
        let of = |crew_id: &CrewId, is_found| PersonProgress {
            crew_id: crew_id.clone(),
            read_at: now,
            is_found,
            matched_at: now,
            user_id: None,
            decided_at: now,
            decision: None,
            cause: String::new(),
            written_at: None,
            mailed_at: None,
            ended_at: None,
        };
        let found = read.found.iter().map(|it| of(&it.crew_id, true));
        let not_found = read.not_found.iter().map(|it| of(it, false));
        Self {
            store,
            workspace_id,
            before,
            people: found.chain(not_found).collect(),
        }
    }

    /// Shows what `plan` decides.
    pub(crate) async fn decided(&mut self, plan: &Plan<'_>, workspace: &Workspace, now: Timestamp) {
        let changes = plan.changes.iter();
        let rows = changes.map(|change| row_of_change(change, workspace));
        let rows: Vec<Row> = rows.chain(rows_of_rest(plan)).collect();
        let rows = by_crew(&rows);
        for person in &mut self.people {
            (person.matched_at, person.decided_at) = (now, now);
            if let Some(row) = rows.get(&person.crew_id) {
                person.user_id.clone_from(&row.user_id);
                person.decision = Some((row.action, row.outcome));
                person.cause.clone_from(&row.cause);
            }
        }
        self.store(now).await;
    }

    /// Notes what was written, by the rows of the batch.
    pub(crate) fn written(&mut self, rows: &[Row]) {
        let rows = by_crew(rows);
        for person in &mut self.people {
            if let Some(row) = rows.get(&person.crew_id) {
                person.user_id.clone_from(&row.user_id);
                person.decision = Some((row.action, row.outcome));
                person.cause.clone_from(&row.cause);
                person.written_at = row.at;
            }
        }
    }

    /// Notes that the mails of what was written were handed over.
    pub(crate) fn mailed(&mut self, now: Timestamp) {
        use domain::report::Action::{Invite, Reinvite};
        for person in self.people.iter_mut().filter(|it| it.written_at.is_some()) {
            let is_invited = matches!(person.decision, Some((Invite | Reinvite, _)));
            person.mailed_at = is_invited.then_some(now);
        }
    }

    /// Shows that nothing more comes.
    pub(crate) async fn ended(mut self, now: Timestamp) {
        for person in &mut self.people {
            person.ended_at = Some(now);
        }
        self.store(now).await;
    }

    async fn store(&self, now: Timestamp) {
        if self.people.is_empty() {
            return;
        }
        let (id, before) = (self.workspace_id, &self.before);
        let stored = self
            .store
            .put_person_progress(id, before, &self.people, now);
        if let Err(error) = stored.await {
            tracing::warn!(%error, "the progress of the batch is not shown");
        }
    }
}

fn by_crew(rows: &[Row]) -> HashMap<&CrewId, &Row> {
    let rows = rows.iter();
    rows.filter_map(|row| Some((row.crew_id.as_ref()?, row)))
        .collect()
}
