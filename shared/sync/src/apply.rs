//! Applies a plan, step by step. Each step is one transaction; its mails are sent to the queue while
//! the next one is written.

use std::collections::{BTreeSet, HashSet};

use connection::Clock;
use credentials::{CredentialIssuer, CredentialSeed, DerivationKey, Random};
use domain::apply::user_after;
use domain::notices::notices_of_change;
use domain::report::{Row, row_of_change};
use domain::steps::steps;
use domain::{
    Change, CountedDeletions, Credential, MailKind, OutboxMail, Plan, TenantId, User, UserId,
    Workspace,
};
use jiff::Timestamp;
use storage::Store;
use storage::StoreError;
use storage::queues::{BATCH, Queues};
use storage::seats_and_lease::Lease;
use storage::transaction::{Commit, MAX_TRANSACTION_ITEMS, Step, UserWrite};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The maximum number of concurrent requests that send mails to the queue.
const MAILS_AT_ONCE: usize = 8;

/// Applies the plans of one run.
pub(crate) struct Applier<'a> {
    pub(crate) store: &'a Store,
    pub(crate) queues: &'a Queues,
    pub(crate) random: &'a Random,
    pub(crate) key: &'a DerivationKey,
    pub(crate) seed: &'a CredentialSeed,
    pub(crate) workspace: &'a Workspace,
    pub(crate) tenant: &'a TenantId,
    pub(crate) lease: &'a Lease,
    pub(crate) clock: Clock,
    /// The time from which the life of what the run issues counts: its start, or that of the batch of an immediate run.
    pub(crate) issued_at: Timestamp,
    /// The time from which its deletions count.
    pub(crate) deletions_at: Timestamp,
    /// Whether this is an immediate run.
    pub(crate) is_by_day: bool,
    /// The time after which no step begins.
    pub(crate) deadline: Instant,
}

/// The applied steps of a run.
#[derive(Debug, Default)]
pub(crate) struct AppliedSteps {
    /// The rows of the sync log, one per person.
    pub(crate) rows: Vec<Row>,
    /// The ids of mails that may be in the outbox and are not in the queue yet.
    pub(crate) unsent_mail_ids: Vec<String>,
    /// Whether SmartHR had disabled our webhook, and the run enabled it again.
    pub(crate) webhook_enabled_again: bool,
    /// The deletions of the last 24 hours, with those of these steps.
    pub(crate) deletions: CountedDeletions,
}

/// The progress of applying a plan.
pub(crate) enum ApplyOutcome {
    /// Every step was applied.
    Complete,
    /// The time ran out; a further invocation applies the rest.
    OutOfTime,
    /// Another write changed a user in between: the run reads and plans again.
    Conflict,
}

impl Applier<'_> {
    /// Applies the plan and records in `applied` what was written. Deletions that an admin `allowed` do not count.
    ///
    /// # Errors
    /// [`StoreError`] when the lease is lost or AWS does not answer. Applied steps stay applied.
    pub(crate) async fn apply(
        &self,
        plan: &Plan<'_>,
        allowed: &BTreeSet<UserId>,
        applied: &mut AppliedSteps,
    ) -> Result<ApplyOutcome, StoreError> {
        let mut mails: JoinSet<SentMails> = JoinSet::new();
        let mut not_full: Vec<String> = Vec::new();
        let total = applied.rows.len() + plan.changes.len();
        let mut result = Ok(ApplyOutcome::Complete);
        for range in steps(plan, MAX_TRANSACTION_ITEMS) {
            if Instant::now() >= self.deadline {
                result = Ok(ApplyOutcome::OutOfTime);
                break;
            }
            let changes = &plan.changes[range];
            let now = (self.clock)();
            let mut commit = self.commit_of(changes, applied.rows.len(), total, now);
            if let Some(step) = &mut commit.step {
                step.deletions = self.counted(changes, allowed, &applied.deletions);
            }
            if changes
                .iter()
                .any(Change::needs_another_system_administrator)
            {
                // One who changes in this very step is checked by that write.
                let stays = plan.stays_system_administrator.filter(|stays| {
                    let mut users = changes.iter().filter_map(Change::user);
                    users.all(|user| user.user_id != stays.user_id)
                });
                commit.users.extend(stays.map(UserWrite::as_it_is));
            }
            match self
                .store
                .commit(&self.workspace.workspace_id, &commit, now)
                .await
            {
                Ok(()) => {}
                Err(StoreError::Conflict(_) | StoreError::SeatsFull) => {
                    result = Ok(ApplyOutcome::Conflict);
                    break;
                }
                Err(error) => {
                    // The step may nevertheless have been written, with its mails.
                    applied.unsent_mail_ids.extend(mail_ids(commit));
                    result = Err(error);
                    break;
                }
            }
            if let Some(step) = commit.step.take() {
                applied.rows.extend(step.rows);
                applied.deletions = step
                    .deletions
                    .unwrap_or(std::mem::take(&mut applied.deletions));
            }
            let in_step: Vec<String> = mail_ids(commit).collect();
            applied.unsent_mail_ids.extend_from_slice(&in_step);
            not_full.extend(in_step);
            // Only full requests are sent; the rest follows at the end of the run.
            let mail_ids: Vec<String> = not_full.drain(..not_full.len() / BATCH * BATCH).collect();
            if mail_ids.is_empty() {
                continue;
            }
            if mails.len() >= MAILS_AT_ONCE
                && let Some(sent) = mails.join_next().await
            {
                applied.note_sent(sent);
            }
            let (queues, id) = (self.queues.clone(), self.workspace.workspace_id.clone());
            let send = async move {
                let sent = queues.send_mails(&id, &mail_ids).await;
                (mail_ids, sent)
            };
            mails.spawn(lambda::trace::within(lambda::trace::header(), send));
        }
        while let Some(sent) = mails.join_next().await {
            applied.note_sent(sent);
        }
        result
    }

    /// Returns the deletions of the last 24 hours with those of these changes; `None` if there are none.
    fn counted(
        &self,
        changes: &[Change<'_>],
        allowed: &BTreeSet<UserId>,
        before: &CountedDeletions,
    ) -> Option<CountedDeletions> {
        let is_unasked = |change: &&Change<'_>| match change {
            Change::Delete { user, .. } => !allowed.contains(&user.user_id),
            Change::Add { .. } | Change::Alter { .. } => false,
        };
        let count = changes.iter().filter(is_unasked).count();
        (count > 0).then(|| before.with(self.deletions_at, count))
    }

    fn commit_of(
        &self,
        changes: &[Change<'_>],
        done: usize,
        total: usize,
        now: Timestamp,
    ) -> Commit<'_> {
        let issuer = CredentialIssuer {
            key: self.key,
            workspace_id: &self.workspace.workspace_id,
            now,
        };
        let mut commit = Commit {
            seats: self.workspace.seats,
            ..Commit::default()
        };
        let mut rows: Vec<Row> = Vec::with_capacity(changes.len());
        for change in changes {
            let mut row = row_of_change(change, self.workspace);
            row.at = self.is_by_day.then_some(now);
            let after = user_after(change, self.tenant, self.issued_at, || {
                self.random.user_id()
            });
            let Some(after) = after else {
                commit.mails.extend(mail_about_deletion(change, now));
                commit.users.extend(
                    change
                        .user()
                        .cloned()
                        .map(|before| UserWrite::Delete { before }),
                );
                rows.push(row);
                continue;
            };
            row.user_id = Some(after.user_id.clone());
            rows.push(row);
            let first_login = change.first_login();
            let mut credential = issuer.of_run(&after, first_login, self.seed, self.random);
            commit.mails.extend(credential.mail);
            commit.users.push(match change.user() {
                None => UserWrite::Create {
                    after,
                    hashes: credential.hashes,
                },
                Some(before) => {
                    // Those who were registered for SSO silently are not told of it either.
                    if before.credential != Credential::None {
                        commit.mails.extend(notices_of_change(before, &after, now));
                    }
                    credential.hashes.end_sessions = ends_sessions(before, &after);
                    UserWrite::Change {
                        before: before.clone(),
                        after,
                        hashes: credential.hashes,
                    }
                }
            });
        }
        let count = |people: usize| u32::try_from(people).unwrap_or(u32::MAX);
        commit.step = Some(Step {
            lease: self.lease,
            deletions: None,
            changed_by_day: if self.is_by_day { count(rows.len()) } else { 0 },
            rows,
            people_before: count(done),
            total: count(total),
        });
        commit
    }
}

/// Returns the mail to the システム管理者 about a システム管理者 or 管理者 who is deleted.
fn mail_about_deletion(change: &Change<'_>, now: Timestamp) -> Option<OutboxMail> {
    let user = change.user()?;
    let user_id = user.user_id.clone();
    let kind = MailKind::AdministratorDeleted { user_id };
    let is_admin = user.role.may_manage_connection();
    is_admin.then(|| OutboxMail::new(kind, now))
}

/// Returns whether the user has to sign in again, by another method than before.
fn ends_sessions(before: &User, after: &User) -> bool {
    before.login_method != after.login_method
}

/// The ids of mails in one request to the queue, and whether SQS accepted all of them.
type SentMails = (Vec<String>, Result<(), StoreError>);

fn mail_ids(commit: Commit<'_>) -> impl Iterator<Item = String> {
    commit.mails.into_iter().map(|mail| mail.mail_id)
}

impl AppliedSteps {
    /// Records the result of a request. After a failure its mails are sent again at the end of the run.
    fn note_sent(&mut self, sent: Result<SentMails, tokio::task::JoinError>) {
        match sent {
            Ok((mail_ids, Ok(()))) => {
                let sent: HashSet<String> = mail_ids.into_iter().collect();
                self.unsent_mail_ids
                    .retain(|mail_id| !sent.contains(mail_id));
            }
            Ok((_, Err(error))) => tracing::warn!(%error, "the mails will be sent again"),
            Err(error) => tracing::warn!(%error, "the mails will be sent again"),
        }
    }
}
