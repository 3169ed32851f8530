//! Mails: those in the outbox, and those that SES accepted.

use std::collections::BTreeMap;

use credentials::{CredentialSeed, DerivationKey, InitialPasswordHash, MailedLink};
use domain::time::later;
use domain::{MailKind, PASSWORDS_KEPT, User, invitation_mail_id};
use mail::ChatReach;
use mail_delivery::{ChatClient, Delivery, DeliveryError, KnownKeys, KnownQuota, PATIENCE};
use storage::Store;
use storage::mailer::{Mailer, SendingQuota};
use storage::outbox::MailResult;
use storage::queues::MailMessage;
use storage::sync_logs::SyncLogs;
use storage::testing::table_names;

use crate::clock::now;
use crate::sent_mail::SentMail;
use crate::services::DERIVATION_KEY;
use crate::test_env::TestEnv;

/// SES without a limit.
const UNLIMITED: SendingQuota = SendingQuota {
    most: None,
    sent: 0.0,
};

impl TestEnv {
    /// Returns the ids of the mails in the outbox.
    pub async fn waiting_mails(&self) -> Vec<String> {
        let id = &self.workspace.workspace_id;
        self.store.waiting_mails(id).await.unwrap()
    }

    /// Marks all waiting mails as sent, without SES; returns their number.
    pub async fn mark_mails_sent(&self) -> usize {
        let id = &self.workspace.workspace_id;
        let waiting = self.waiting_mails().await;
        for mail_id in &waiting {
            let settled = self
                .store
                .settle_mail(id, mail_id, &MailResult::Sent, now());
            settled.await.unwrap();
        }
        waiting.len()
    }

    /// Delivers one mail in a new process.
    ///
    /// # Errors
    /// As [`Delivery::deliver`].
    pub async fn deliver(&self, message: &MailMessage) -> Result<(), DeliveryError> {
        let delivery = Delivery {
            store: Store::new(&self.sdk, table_names("")),
            mailer: Mailer::from_env(&self.sdk),
            logs: SyncLogs::new(&self.sdk, "logs".into()),
            keys: KnownKeys::new(self.secrets()),
            // As if another mail had asked for it within the last minute.
            quota: KnownQuota::learned(UNLIMITED, now()),
            secrets: self.secrets(),
            chat: ChatClient::new(ChatReach::Local),
            queues: self.runner().queues,
            patience: PATIENCE,
            from: "no-reply@kitera.example".into(),
            public_base_url: "http://localhost".into(),
        };
        delivery.deliver(message, now()).await
    }

    /// Returns the URL of the user's open invitation, whose mail waits in the outbox.
    ///
    /// # Panics
    /// When no such mail waits.
    pub async fn open_invitation(&self, user: &User) -> MailedLink {
        let (id, user_id) = (&self.workspace.workspace_id, &user.user_id);
        let mail_id = invitation_mail_id(user_id, user.serial);
        let claimed = self.store.claim_mail(id, &mail_id, now()).await;
        let MailKind::Invitation { derived_from, .. } = claimed.unwrap().unwrap().kind else {
            panic!("{mail_id} is no invitation");
        };
        self.store.unclaim_mail(id, &mail_id).await.unwrap();
        let seed = CredentialSeed::from(&derived_from.unwrap().seed);
        let key = DerivationKey::from_secret(&DERIVATION_KEY.into()).unwrap();
        let serial = u64::from(user.serial);
        MailedLink {
            workspace_id: id.clone(),
            user_id: user_id.clone(),
            secret: key.invitation_token(Some(&seed), id, user_id, serial),
        }
    }

    /// Checks that every open invitation and initial password waits in the outbox, and that a run's seed still derives
    /// the stored initial password. To be called before any mail was delivered.
    pub async fn assert_first_logins_in_outbox(&self, users: &[User]) {
        let id = &self.workspace.workspace_id;
        let waiting = self.waiting_mails().await;
        let runs = self.store.runs(id, None, 100).await.unwrap();
        let kept = self.store.password_issues(id, now()).await.unwrap();
        let kept: Vec<String> = kept.into_iter().map(|issue| issue.issue_id).collect();
        let key = DerivationKey::from_secret(&DERIVATION_KEY.into()).unwrap();
        for user in users {
            if let Some(open) = &user.invitation {
                let mail = format!("invitation#{}#{}", user.user_id, open.serial);
                assert!(waiting.contains(&mail), "{mail} does not wait");
            }
            let stored = self.store.user_with_hashes(id, &user.user_id).await;
            let (_, hashes) = stored.unwrap().unwrap();
            let Some(hash) = hashes.initial_password_hash.map(InitialPasswordHash::from) else {
                continue;
            };
            let is_waiting = runs.iter().any(|run| {
                let mail = format!("initial-passwords#{}", run.run_id);
                let Some(seed) = run.password_seed.clone() else {
                    return false;
                };
                let seed = CredentialSeed::from(&seed);
                let serial = u64::from(user.serial);
                let password = key.initial_password(&seed, id, &user.user_id, serial);
                // Cards can be printed for a while only. The mail is made from the run's own seed.
                let has_cards = kept.contains(&run.run_id.to_string());
                let is_old = later(run.started_at, PASSWORDS_KEPT) <= now();
                waiting.contains(&mail) && (has_cards || is_old) && hash.matches(&password)
            });
            assert!(is_waiting, "the initial password of {user:?} is lost");
        }
    }

    /// Delivers the mails that wait in the queue, through SES. All must go out.
    pub async fn deliver_queued_mails(&self) {
        while let Some(message) = self.next_mail() {
            self.deliver(&message).await.unwrap();
        }
    }

    /// Removes messages from the queues up to the next one for a mail, and returns it.
    pub fn next_mail(&self) -> Option<MailMessage> {
        loop {
            let (queue, body) = self.services.take_message()?;
            if queue == "mail" {
                return serde_json::from_str(&body).ok();
            }
        }
    }

    /// Returns the texts of the mails that SES accepted.
    pub fn mail_texts(&self) -> Vec<String> {
        let mails = self.services.mails();
        mails.iter().map(SentMail::text).collect()
    }

    /// Returns the number of mails with `text` in them that SES accepted.
    pub fn mails_with(&self, text: &str) -> usize {
        let texts = self.mail_texts();
        texts.iter().filter(|it| it.contains(text)).count()
    }

    /// Returns the initial passwords in the mailed CSVs by name, oldest first.
    pub fn initial_passwords(&self) -> BTreeMap<String, Vec<String>> {
        let mut passwords: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in self.services.mails().iter().flat_map(SentMail::csv_rows) {
            let cells: Vec<&str> = row.split(',').collect();
            let cell = |index: usize| cells[index].trim_matches('"').to_owned();
            passwords.entry(cell(0)).or_default().push(cell(2));
        }
        passwords
    }
}
