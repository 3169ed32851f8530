//! A workspace whose own record, or that of its connection, this version cannot read, as after a roll-back: its night
//! fails as our own mistake, at once and once.

use domain::{RunFailure, RunOutcome, Trigger};
use jiff::SignedDuration;
use storage::queues::RunMessage;
use testkit::users::system_administrator;
use testkit::{TestEnv, advance, person};

async fn with_unreadable(record: &str, attribute: &str) -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.add_user(system_administrator("usr_admin")).await;
    env.set_crews(&[person(1)]).await;
    env.nightly_run().await;
    env.clear_queues();
    advance(SignedDuration::from_hours(24));
    env.corrupt_record(record, attribute).await;
    env
}

#[tokio::test]
async fn the_night_of_a_workspace_that_cannot_be_read_fails_as_our_mistake_and_its_admins_are_told()
{
    for (record, attribute) in [
        ("integration", "state"),
        ("integration", "settings"),
        ("profile", "seats"),
        ("profile", "groups"),
    ] {
        let env = with_unreadable(record, attribute).await;
        let users = env.users().await;
        let message = env.nightly_message();
        let run = env.run_to_end(&message).await;
        assert_eq!(run.failure, Some(RunFailure::Internal), "{attribute}");
        assert_eq!(env.stored_run(&message).await.outcome, RunOutcome::Failure);
        let log = env.log(run.log_key.as_ref().unwrap());
        assert!(log.iter().any(|line| line.contains("当社側の内部エラー")));
        env.run_ended_before(&message).await;
        assert_eq!(env.seats_and_lease().await.unended, [], "{attribute}");
        assert_eq!(env.users().await, users, "{attribute}");

        env.deliver_queued_mails().await;
        assert_eq!(env.mails_with("当社側の内部エラー"), 1, "{attribute}");
        let preview = RunMessage {
            run_id: domain::run_id(testkit::now(), Trigger::Manual),
            mode: domain::Mode::Preview,
            trigger: Trigger::Manual,
            ..message
        };
        let preview = env.run_to_end(&preview).await;
        assert_eq!(preview.failure, Some(RunFailure::Internal));
    }
}
