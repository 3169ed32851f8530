//! 即時反映: what SmartHR reports by day is done within minutes, and the night ends as it would have alone.

use domain::report::{Action, Outcome};
use domain::{Mode, RunOutcome, Trigger, User};
use jiff::SignedDuration;
use serde_json::{Value, json};
use storage::queues::RunMessage;
use sync::InvocationOutcome;
use testkit::{
    CrashPoint, TestEnv, advance, changed_company, code_only, crew_id, initial_company, now,
    person, restart_clock, retire,
};

/// Moves the clock to 14:00 in Japan, after the night.
fn two_in_the_afternoon() {
    advance(SignedDuration::from_hours(12));
}

/// Returns an environment whose first night has synced these people, at 14:00.
async fn after_night(people: &[Value]) -> TestEnv {
    let env = TestEnv::new(200, None).await;
    env.set_crews(people).await;
    env.nightly_run().await;
    env.mark_mails_sent().await;
    env.clear_queues();
    two_in_the_afternoon();
    env
}

/// Returns the user who is linked to this crew.
fn of_crew(number: u32, users: &[User]) -> User {
    let id = crew_id(number);
    let is_linked = |user: &&User| {
        let link = user.crew_link.as_ref();
        link.is_some_and(|link| link.crew_id.as_str() == id)
    };
    users.iter().find(is_linked).unwrap().clone()
}

fn people(count: u32) -> Vec<Value> {
    (0..count).map(person).collect()
}

#[tokio::test]
async fn somebody_dismissed_at_14_00_is_out_within_the_batch() {
    let mut company = people(10);
    let env = after_night(&company).await;
    let users = env.users().await;
    let accepted = env.accept_invitation(of_crew(3, &users)).await;
    let invited = of_crew(4, &users);
    retire(&mut company[3..5]);
    env.set_crews(&company).await;

    let (run, changed) = env.reflect(&[crew_id(3), crew_id(4)]).await;
    assert_eq!((changed, run.counts.deleted), (2, 2));
    assert_eq!(
        (run.trigger, run.outcome),
        (Trigger::Immediate, RunOutcome::Success)
    );
    assert_eq!(env.users().await.len(), 8);
    let id = &env.workspace.workspace_id;
    for gone in [accepted, invited] {
        // Sessions and invitations are valid only for a user who is stored.
        let stored = env.store.user(id, &gone.user_id).await;
        assert_eq!(stored.unwrap(), None);
    }
    let log = env.log(run.log_key.as_ref().unwrap());
    assert_eq!(log.iter().filter(|line| line.contains("削除")).count(), 2);
}

#[tokio::test]
async fn a_mended_address_sends_one_invitation_and_a_second_one_within_the_hour_none() {
    let mut company = people(3);
    let env = after_night(&company).await;
    company[1]["email"] = json!("right@example.jp");
    env.set_crews(&company).await;
    let (run, _) = env.reflect(&[crew_id(1)]).await;
    assert_eq!(run.counts.reinvited, 1);
    assert_eq!(env.mark_mails_sent().await, 1);

    advance(SignedDuration::from_mins(20));
    company[1]["email"] = json!("righter@example.jp");
    env.set_crews(&company).await;
    let (run, changed) = env.reflect(&[crew_id(1)]).await;
    assert_eq!(
        (changed, run.counts.reinvited, run.counts.waiting),
        (0, 1, 1)
    );
    assert_eq!(env.mark_mails_sent().await, 0, "one mail an hour");

    // The message that looks again when the hour is over.
    let again = env.queued_runs().pop().unwrap();
    let hour_ends = again.not_before.unwrap();
    assert_eq!(
        hour_ends.duration_since(now()),
        SignedDuration::from_mins(40)
    );
    advance(SignedDuration::from_mins(40));
    let InvocationOutcome::Reflected { run, changed } = env.run(&again).await.unwrap() else {
        panic!("nobody was looked at again")
    };
    assert_eq!(
        (changed, run.counts.reinvited, run.counts.waiting),
        (1, 2, 0)
    );
    assert_eq!(env.mark_mails_sent().await, 1);
    let users = env.users().await;
    let email = of_crew(1, &users).email.unwrap();
    assert_eq!(email.as_str(), "righter@example.jp");
}

#[tokio::test]
async fn the_changes_of_a_day_are_one_entry_and_the_night_says_how_many_there_were() {
    let mut company = people(6);
    let env = after_night(&company).await;
    for number in 0..3 {
        company[number]["last_name"] = json!("改姓");
        env.set_crews(&company).await;
        advance(SignedDuration::from_mins(5));
        let (run, _) = env
            .reflect(&[crew_id(u32::try_from(number).unwrap())])
            .await;
        assert_eq!(run.counts.reinvited as usize, number + 1);
    }
    let id = &env.workspace.workspace_id;
    let runs = env.store.runs(id, None, 10).await.unwrap();
    assert_eq!(runs.len(), 2, "the night, and the entry of the day");
    assert!(runs[1].is_day_entry() && !runs[0].is_day_entry());
    assert!(!runs[1].looked_at_everybody());
    let newest = env.store.newest_run(id).await.unwrap().unwrap();
    assert_eq!(newest.trigger, Trigger::Schedule);

    company[4]["last_name"] = json!("改姓");
    company.push(person(20));
    env.set_crews(&company).await;
    advance(SignedDuration::from_hours(12));
    let night = env.nightly_run().await;
    let by_day = night.by_day.unwrap();
    assert_eq!((by_day.reflected, by_day.found), (3, 1));
    advance(SignedDuration::from_hours(24));
    let by_day = env.nightly_run().await.by_day.unwrap_or_default();
    assert_eq!((by_day.reflected, by_day.found), (0, 0));
}

#[tokio::test]
async fn of_the_batches_of_a_day_only_the_last_log_is_kept_and_it_names_everybody() {
    let mut company = people(4);
    let env = after_night(&company).await;
    let nightly = env.services.objects().len();
    let mut run = None;
    for number in 0..3 {
        company[number]["last_name"] = json!(format!("改姓{number}"));
        env.set_crews(&company).await;
        advance(SignedDuration::from_mins(5));
        let crew = crew_id(u32::try_from(number).unwrap());
        run = Some(env.reflect(&[crew]).await.0);
        assert_eq!(env.services.objects().len(), nightly + 1);
    }
    let key = run.unwrap().log_key.unwrap();
    for number in 0..3 {
        let named = env.services.objects_with(&format!("改姓{number}"));
        assert_eq!(named, [format!("logs/{key}")]);
    }
}

#[tokio::test]
async fn whatever_was_reported_the_night_ends_as_it_would_have_alone() {
    let alone = after_night(&initial_company()).await;
    alone.set_crews(&changed_company(4)).await;
    advance(SignedDuration::from_hours(12));
    alone.nightly_run().await;
    let alone = alone.final_state().await.users;

    restart_clock();
    let env = after_night(&initial_company()).await;
    env.set_crews(&changed_company(4)).await;
    // Lost, doubled, in any order, together and one by one.
    let reports: [&[u32]; 7] = [
        &[23, 2],
        &[2, 4],
        &[15, 14, 13],
        &[1],
        &[12, 6, 5, 9_999],
        &[23],
        &[20, 2000],
    ];
    for crews in reports {
        let crews: Vec<String> = crews.iter().copied().map(crew_id).collect();
        let message = env.report(&crews).await;
        env.run(&message).await.unwrap();
        env.run(&message).await.unwrap();
        advance(SignedDuration::from_mins(3));
    }
    advance(SignedDuration::from_mins(12 * 60 - 3 * 7));
    env.nightly_run().await;
    assert_eq!(env.final_state().await.users, alone);
}

#[tokio::test]
async fn an_initial_password_waits_for_the_csv_of_the_night() {
    let mut company = people(3);
    let env = after_night(&company).await;
    company.push(code_only(7));
    env.set_crews(&company).await;
    let (run, changed) = env.reflect(&[crew_id(7)]).await;
    assert_eq!((changed, run.counts.waiting), (0, 1));
    assert_eq!(run.outcome, RunOutcome::Success, "it is no failure");
    let log = env.log(run.log_key.as_ref().unwrap());
    let line = log.iter().find(|line| line.contains("00007")).unwrap();
    assert!(
        line.contains("反映待ち") && line.contains("初期パスワード"),
        "{line}"
    );
    advance(SignedDuration::from_hours(12));
    assert_eq!(env.nightly_run().await.counts.registered, 1);
}

#[tokio::test]
async fn a_failure_by_day_is_in_the_entry_and_mailed_by_the_night_only() {
    let mut company = people(3);
    let env = after_night(&company).await;
    company[0]["email"] = json!("bad");
    env.set_crews(&company).await;
    let (run, _) = env.reflect(&[crew_id(0)]).await;
    assert_eq!((run.counts.failed, run.outcome), (1, RunOutcome::Failure));
    assert!(env.waiting_mails().await.is_empty());
    company[0]["email"] = json!("mended@example.jp");
    env.set_crews(&company).await;
    let (run, _) = env.reflect(&[crew_id(0)]).await;
    assert_eq!((run.counts.failed, run.outcome), (0, RunOutcome::Success));
}

#[tokio::test]
async fn people_who_do_not_concern_us_leave_no_entry() {
    let mut company = people(3);
    let env = after_night(&company).await;
    company.push(person(9));
    retire(&mut company[3..]);
    env.set_crews(&company).await;
    let message = env.report(&[crew_id(9), crew_id(77)]).await;
    let done = env.run(&message).await.unwrap();
    assert!(matches!(done, InvocationOutcome::NothingToDo), "{done:?}");
    let id = &env.workspace.workspace_id;
    assert_eq!(env.store.runs(id, None, 10).await.unwrap().len(), 1);
    assert_eq!(env.seats_and_lease().await.running(now()), None);
    assert!(env.seats_and_lease().await.unended.is_empty());
}

#[tokio::test]
async fn a_batch_of_fifty_people_costs_one_request_to_smarthr_however_large_the_company_is() {
    let mut company = people(120);
    let env = after_night(&company).await;
    for person in &mut company[..50] {
        person["last_name"] = json!("改姓");
    }
    env.set_crews(&company).await;
    let crews: Vec<String> = (0..50).map(crew_id).collect();
    let message = env.report(&crews).await;
    env.proxy.restart(None);
    env.run(&message).await.unwrap();
    let calls = env.proxy.by_operation();
    assert_eq!(calls["GET /api/v1/crews"], 1, "{calls:#?}");
    env.proxy.restart(None);
    env.run(&message).await.unwrap();
    let again = env.proxy.by_operation();
    assert!(!again.contains_key("GET /api/v1/crews"), "{again:#?}");
}

#[tokio::test]
async fn while_the_sync_is_off_or_smarthr_refuses_us_nothing_is_changed_and_nothing_waits() {
    let mut company = people(3);
    let env = after_night(&company).await;
    retire(&mut company[..1]);
    env.set_crews(&company).await;
    env.change_connection(|connection| connection.settings.enabled = false)
        .await;
    let message = env.report(&[crew_id(0)]).await;
    env.run(&message).await.unwrap();
    assert_eq!(env.users().await.len(), 3);
    let id = &env.workspace.workspace_id;
    let changed = env.store.changed_crews(id).await.unwrap();
    assert!(changed.is_nothing(now()));
    env.change_connection(|connection| connection.settings.enabled = true)
        .await;

    env.revoke_tokens().await;
    let message = env.report(&[crew_id(0)]).await;
    env.run(&message).await.unwrap();
    assert_eq!(env.users().await.len(), 3);
    assert!(env.connection().await.needs_reconnect());
}

#[tokio::test]
async fn an_outage_of_smarthr_is_waited_out_and_the_entry_does_not_fail() {
    let mut company = people(3);
    let env = after_night(&company).await;
    retire(&mut company[..1]);
    env.set_crews(&company).await;
    let message = env.report(&[crew_id(0)]).await;
    let body = json!({ "code": 9, "type": "service_maintenance", "message": "", "errors": null });
    let outage = json!({ "path": "/api/v1/crews", "status": 503, "body": body });
    env.smarthr_fault(outage).await;
    let done = env.run(&message).await.unwrap();
    assert!(matches!(done, InvocationOutcome::AwaitsRetry), "{done:?}");
    env.clear_smarthr_faults().await;
    let again = env.queued_runs().pop().unwrap();
    advance(SignedDuration::from_mins(5));
    let done = env.run(&again).await.unwrap();
    assert!(
        matches!(done, InvocationOutcome::Reflected { changed: 1, .. }),
        "{done:?}"
    );
    assert_eq!(env.users().await.len(), 2);
}

#[tokio::test]
async fn the_progress_with_a_person_is_shown_with_its_times() {
    let mut company = people(3);
    let env = after_night(&company).await;
    company[1]["email"] = json!("right@example.jp");
    env.set_crews(&company).await;
    env.reflect(&[crew_id(1), crew_id(55)]).await;
    let id = &env.workspace.workspace_id;
    let people = env.store.person_progress(id).await.unwrap();
    let found = people.iter().find(|it| it.crew_id.as_str() == crew_id(1));
    let found = found.unwrap();
    assert!(found.is_found && found.user_id.is_some());
    assert_eq!(found.decision, Some((Action::Reinvite, Outcome::Success)));
    assert_eq!(found.written_at, Some(now()));
    assert_eq!(
        (found.mailed_at, found.ended_at),
        (Some(now()), Some(now()))
    );
    let missing = people.iter().find(|it| it.crew_id.as_str() == crew_id(55));
    let missing = missing.unwrap();
    assert!(!missing.is_found && missing.decision.is_none());
    assert_eq!((missing.written_at, missing.ended_at), (None, Some(now())));
}

#[tokio::test]
async fn a_preview_of_some_people_shows_them_and_changes_nobody() {
    let mut company = people(5);
    let env = after_night(&company).await;
    retire(&mut company[..2]);
    env.set_crews(&company).await;
    let preview = RunMessage {
        mode: Mode::Preview,
        crew_ids: vec![domain::CrewId::new(crew_id(1))],
        ..env.manual_message()
    };
    let run = env.run_to_end(&preview).await;
    assert_eq!((run.counts.deleted, run.counts.unchanged), (1, 0));
    assert_eq!(env.users().await.len(), 5);
}

#[tokio::test]
async fn an_immediate_run_ends_no_night_that_was_interrupted() {
    let mut company = people(60);
    let env = TestEnv::new(200, None).await;
    env.set_crews(&company).await;
    let night = env.nightly_message();
    let writes = CrashPoint::Before(20);
    let killed = env.proxy.crash_at(writes, env.run(&night)).await;
    assert!(killed.is_none());
    // Its message comes again after its visibility timeout; the lease ends before.
    advance(SignedDuration::from_mins(10));
    company.push(person(99));
    env.set_crews(&company).await;
    env.reflect(&[crew_id(99)]).await;
    assert_eq!(env.stored_run(&night).await.outcome, RunOutcome::Running);
    let run = env.run_to_end(&night).await;
    assert_eq!((run.failure, run.counts.invited), (None, 60));
}
