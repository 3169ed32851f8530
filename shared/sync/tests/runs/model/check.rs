//! What must hold after every night.

use domain::Run;
use domain::{SyncTarget, User};
use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::advance;

use super::product::Product;

impl Product {
    /// What holds even when the run died.
    pub(crate) async fn nobody_was_wronged(&self, before: &[User]) {
        let after = self.env.users().await;
        for user in &self.by_hand {
            assert!(after.contains(user), "{user:?} was touched");
        }
        let linked = before
            .iter()
            .filter(|user| user.crew_link.is_some())
            .count();
        let gone: Vec<&User> = before
            .iter()
            .filter(|user| after.iter().all(|it| it.user_id != user.user_id))
            .collect();
        for user in &gone {
            let crew = &user.crew_link.as_ref().unwrap().crew_id;
            let mut crews = self.company.crews.iter();
            let crew = crews.find(|it| it.id() == crew.as_str());
            assert!(
                crew.is_some_and(|crew| crew.retired),
                "{user:?} is employed"
            );
        }
        let unasked = gone
            .iter()
            .filter(|user| !self.allowed.contains(&user.user_id));
        let unasked = unasked.count();
        assert!(
            unasked <= 5 || unasked * 5 <= linked,
            "{unasked} of {linked} were deleted unasked"
        );
        self.env.assert_consistent(&after).await;
    }

    /// What holds after a run that ended.
    pub(crate) async fn is_as_smarthr_says(&mut self, run: &Run, before: &[User]) {
        self.env.final_state().await;
        let after = self.env.users().await;
        self.env.assert_first_logins_in_outbox(&after).await;
        if run.failure.is_some() {
            if run.finished_at.is_some() && run.counts == domain::Counts::default() {
                assert_eq!(after, before);
            }
            return;
        }
        let connection = self.env.connection().await;
        let codes_too = connection.settings.target == SyncTarget::EveryoneAndCodeOnly;
        let mut missing = 0;
        for crew in &self.company.crews {
            let user = after.iter().find(|user| {
                user.crew_link
                    .as_ref()
                    .is_some_and(|it| it.crew_id.as_str() == crew.id())
            });
            if crew.retired {
                let stays = |user: &User| {
                    run.held.contains(&user.user_id)
                        || connection.decisions.refused.contains(&user.user_id)
                };
                assert!(user.is_none_or(stays), "{crew:?} is retired: {user:?}");
            } else if codes_too || crew.email.is_some() {
                let same = user.is_some_and(|user| {
                    user.name == crew.shown_name()
                        && user.email.as_ref().map(ToString::to_string) == crew.shown_email()
                        && user.code.as_ref().map(ToString::to_string) == crew.shown_code()
                        && user.groups.contains(&connection.settings.default_group)
                });
                missing += u32::from(!same);
            }
        }
        assert!(
            missing <= run.counts.failed,
            "{missing} are not as they should be: {run:?}"
        );
    }

    /// Once everything is done, nothing is left to do.
    pub(crate) async fn a_further_run_changes_nothing(&self) {
        let before = self.env.users().await;
        advance(SignedDuration::from_secs(1));
        let done = self.env.run(&self.env.manual_message()).await.unwrap();
        let InvocationOutcome::Ended(run) = done else {
            panic!("{done:?}")
        };
        if run.failure.is_none() && self.was_whole_before().await {
            assert_eq!(self.env.users().await, before);
        }
        self.env.final_state().await;
    }

    /// Whether the run before the last one was one that read SmartHR.
    async fn was_whole_before(&self) -> bool {
        let id = &self.env.workspace.workspace_id;
        let runs = self.env.store.runs(id, None, 2).await.unwrap();
        runs.get(1).is_some_and(|run| run.failure.is_none())
    }
}
