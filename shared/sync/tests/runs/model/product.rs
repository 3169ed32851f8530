//! Carries out what happens in a test environment.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{
    Credential, Decision, GroupId, LoginMethodSetting, Role, Status, SyncTarget, User, UserId,
};
use jiff::SignedDuration;
use serde_json::json;
use storage::transaction::{CredentialHashChanges, UserWrite};
use sync::InvocationOutcome;
use testkit::{CrashPoint, TestEnv, advance, advance_to_six};

use super::company::Company;
use super::op::{Night, Op};

/// Seats for fewer than may come.
const SEATS: u32 = 14;

pub(crate) struct Product {
    pub(crate) env: TestEnv,
    pub(crate) company: Company,
    /// Whom an admin added.
    pub(crate) by_hand: Vec<User>,
    /// Whom admins allowed to be deleted, though many are.
    pub(crate) allowed: BTreeSet<UserId>,
}

impl Product {
    pub(crate) async fn open() -> Self {
        let mut company = Company::default();
        for number in 0..9 {
            company.hire((number % 4 != 3).then_some(number), Some(number));
        }
        Self {
            env: TestEnv::new(SEATS, None).await,
            company,
            by_hand: Vec::new(),
            allowed: BTreeSet::new(),
        }
    }

    pub(crate) async fn happens(&mut self, op: &Op) {
        let company = &mut self.company;
        let next = company.next();
        match *op {
            Op::Hire { email, code } => {
                company.hire(email.then_some(next), (code || !email).then_some(next));
            }
            Op::Retire(at) => company.change(at, |crew| crew.retired = true),
            Op::RetireMany(from) => {
                for at in from..from + 7 {
                    company.change(at, |crew| crew.retired = true);
                }
            }
            Op::Return(at) => company.change(at, |crew| crew.retired = false),
            Op::Rehire(at) => {
                let mut of = None;
                company.change(at, |crew| of = crew.retired.then(|| crew.clone()));
                if let Some(old) = of {
                    company.hire(old.email, old.code);
                }
            }
            Op::Rename(at) => company.change(at, |crew| crew.name += 100),
            Op::ChangeEmail(at, email) => company.change(at, |crew| crew.email = Some(email)),
            Op::DropEmail(at) => company.change(at, |crew| crew.email = None),
            Op::SwapEmails(one, other) => {
                let mut swapped = None;
                company.change(one, |crew| swapped = crew.email);
                company.change(other, |crew| std::mem::swap(&mut crew.email, &mut swapped));
                company.change(one, |crew| crew.email = swapped);
            }
            Op::ChangeCode(at, code) => company.change(at, |crew| crew.code = Some(code)),
            Op::Vanish(at) => {
                let at = at % company.crews.len().max(1);
                if at < company.crews.len() {
                    company.crews.remove(at);
                }
            }
            Op::CodeOnlyToo(yes) => {
                let target = if yes {
                    SyncTarget::EveryoneAndCodeOnly
                } else {
                    SyncTarget::Everyone
                };
                self.set(|settings| settings.target = target).await;
            }
            Op::Sso(yes) => {
                let method = if yes {
                    LoginMethodSetting::Sso
                } else {
                    LoginMethodSetting::Password
                };
                self.set(|settings| settings.login_method = method).await;
            }
            Op::Editors(yes) => {
                let group = GroupId::new(if yes { "editors" } else { "viewers" });
                self.set(|settings| settings.default_group = group).await;
            }
            Op::Accept(at) => self.somebody_accepts(at).await,
            Op::AnswerHeld(allow) => self.an_admin_answers(allow).await,
            Op::AddByHand => self.an_admin_adds_somebody().await,
            Op::Wait(hours) => advance(SignedDuration::from_hours(hours)),
            Op::Night(night) => self.night(night).await,
        }
    }

    async fn set(&self, change: impl FnOnce(&mut domain::Settings)) {
        let changed = self
            .env
            .change_connection(|connection| change(&mut connection.settings));
        changed.await;
    }

    async fn somebody_accepts(&self, at: usize) {
        let users = self.env.users().await;
        let invited: Vec<&User> = users.iter().filter(|it| it.invitation.is_some()).collect();
        let Some(before) = invited.get(at % invited.len().max(1)) else {
            return;
        };
        let after = User {
            status: Status::Active,
            credential: Credential::Password,
            invitation: None,
            version: before.version + 1,
            ..(*before).clone()
        };
        let hashes = CredentialHashChanges {
            password_hash: Some("argon2id".into()),
            ..CredentialHashChanges::default()
        };
        let change = UserWrite::Change {
            before: (*before).clone(),
            after,
            hashes,
        };
        self.env.write(change).await.unwrap();
    }

    async fn an_admin_answers(&mut self, allow: bool) {
        let id = &self.env.workspace.workspace_id;
        let newest = self.env.store.newest_run(id).await.unwrap();
        let Some(run) = newest.filter(|run| !run.held.is_empty()) else {
            return;
        };
        let decision = if allow {
            Decision::Allow
        } else {
            Decision::Refuse
        };
        let connections = self.env.runner().connections;
        let decided = connections
            .decide_held_deletions(
                id,
                &run.run_id,
                None,
                decision,
                &testkit::author("usr_admin"),
            )
            .await;
        assert_eq!(decided.unwrap(), run.held.len());
        if allow {
            self.allowed.extend(run.held);
        } else {
            self.allowed.retain(|user| !run.held.contains(user));
        }
    }

    async fn an_admin_adds_somebody(&mut self) {
        let number = self.by_hand.len();
        let email = format!("hand{number}@example.jp");
        let id = format!("usr_hand{number}");
        let added = self.env.add_by_hand(&id, Some(&email), None, Role::Staff);
        match added.await {
            Ok(user) => self.by_hand.push(user),
            Err(error) => assert!(matches!(error, storage::StoreError::SeatsFull), "{error}"),
        }
    }

    async fn night(&mut self, night: Night) {
        advance(SignedDuration::from_hours(24));
        self.env.set_crews(&self.company.shown()).await;
        let before = self.env.users().await;
        let message = self.env.nightly_message();
        let ended = match night {
            Night::Quiet => Some(self.env.nightly_run().await),
            Night::WrongTotal | Night::SmartHrDown => {
                let fault = match night {
                    Night::WrongTotal => json!({ "path": "/api/v1/crews", "wrong_total": 77 }),
                    _ => json!({ "path": "/api/v1/crews", "status": 503 }),
                };
                self.env.smarthr_fault(fault).await;
                advance_to_six();
                let message = self.env.nightly_message();
                let patience = Duration::from_millis(400);
                let done = self.env.run_for(&message, patience).await.unwrap();
                self.env.clear_smarthr_faults().await;
                let InvocationOutcome::Ended(run) = done else {
                    panic!("{done:?}")
                };
                assert!(run.failure.is_some());
                Some(run)
            }
            Night::Dies {
                call,
                after,
                comes_back,
            } => {
                let death = if after {
                    CrashPoint::After(call)
                } else {
                    CrashPoint::Before(call)
                };
                self.env.proxy.restart(Some(death));
                let ended = tokio::select! {
                    done = self.env.run(&message) => Some(done.unwrap()),
                    () = self.env.proxy.crashed() => None,
                };
                self.env.proxy.restart(None);
                let ended = match ended {
                    None if comes_back => {
                        advance(SignedDuration::from_mins(16));
                        Some(self.env.run(&message).await.unwrap())
                    }
                    ended => ended,
                };
                ended.map(|done| match done {
                    InvocationOutcome::Ended(run) | InvocationOutcome::EndedBefore(run) => run,
                    other => panic!("{other:?}"),
                })
            }
        };
        self.nobody_was_wronged(&before).await;
        if let Some(run) = ended {
            self.is_as_smarthr_says(&run, &before).await;
            self.a_further_run_changes_nothing().await;
        }
    }
}
