//! What holds of every simulated night, a night counted by hand, and the goals of the nights in docs/performance.md.

use simulate::scenario::{self, Companies, Ses};
use simulate::time::{HOUR, MINUTE, SECOND};
use simulate::{Deployed, Outcome, Scenario, quotas};

fn companies(count: usize, people: u64, invited: u64) -> Companies {
    Companies {
        count,
        people,
        invited,
    }
}

/// Returns a night of a few companies at SES with these limits.
fn night(all: Vec<Companies>, a_second: u64, a_day: u64) -> Scenario {
    let ses = Ses {
        a_second,
        a_day,
        mails_at_once: None,
    };
    Scenario::of("a night", all, ses)
}

/// Asserts that nothing is lost, and returns what came of the night.
fn played(deployed: &Deployed, scenario: &Scenario) -> Outcome {
    let outcome = Outcome::of(deployed, scenario);
    let [runs, ended, dead_runs] = outcome.runs;
    assert!(ended + dead_runs >= runs, "{outcome:?}");
    let [mails, sent] = outcome.mails;
    assert!(sent + outcome.dead_mails >= mails, "{outcome:?}");
    let invited = scenario.companies.iter();
    let invited: u64 = invited.map(|it| it.invited * it.count as u64).sum();
    let to_admins = runs.div_ceil(scenario.one_fails_of);
    if scenario.smarthr_is_back == 0 {
        let written = invited - outcome.left_people;
        assert_eq!(mails as u64, written + to_admins as u64, "{outcome:?}");
    }
    outcome
}

#[test]
fn one_company_of_one_person_takes_what_its_calls_take() {
    let outcome = played(
        &Deployed::read(),
        &night(vec![companies(1, 1, 0)], 14, 50_000),
    );
    // The dispatch: start 300, three calls 60, one request 20. The run: start 300, processor 6.2 ms at 512 of 1,769 MB
    // 21, six calls 120, SmartHR's token 500 with four calls 80, storing it 20, a page 500, the end of the run with
    // three calls 60.
    let run = 300 + 60 + 20 + 300 + 21 + 120 + 500 + 80 + 20 + 500 + 60;
    assert_eq!(outcome.last_run, Some(run));
    // Its message 20, start 300, processor 3 ms at 1,024 of 1,769 MB 5, five calls 100, and SES 100.
    assert_eq!(outcome.last_mail, Some(run + 20 + 300 + 5 + 100 + 100));
    assert_eq!(outcome.mails, [1, 1]);
    assert_eq!((outcome.dead_letters, outcome.rang.len()), (0, 0));
}

#[test]
fn nothing_is_lost_whatever_dies_and_whatever_the_seed() {
    let deployed = Deployed::read();
    for seed in 0..20 {
        let all = vec![companies(30, 200, 5), companies(2, 3_000, 700)];
        let mut scenario = night(all, 14, 1_000);
        scenario.seed = seed;
        scenario.dying = 50;
        let outcome = played(&deployed, &scenario);
        assert_eq!(outcome.dead_letters, 0, "{outcome:?}");
        assert_eq!((outcome.left_people, outcome.lost_tokens), (0, 0));
    }
}

#[test]
fn a_message_that_nobody_ever_finishes_is_a_dead_letter() {
    let mut scenario = night(vec![companies(3, 100_000, 1)], 14, 50_000);
    scenario.dying = 1_000;
    let outcome = Outcome::of(&Deployed::read(), &scenario);
    let [runs, ended, dead] = outcome.runs;
    assert_eq!((runs, ended + dead), (3, 3), "{outcome:?}");
    assert_eq!((dead, outcome.left_people), (3, 3));
    assert!(outcome.rang.contains("sync-dead-letters-arrive"));
}

#[test]
fn the_same_seed_plays_the_same_night() {
    let mut scenario = night(vec![companies(50, 300, 20)], 14, 50_000);
    scenario.dying = 10;
    let deployed = Deployed::read();
    let once = Outcome::of(&deployed, &scenario);
    assert_eq!(once, Outcome::of(&deployed, &scenario));
}

#[test]
fn more_places_do_not_end_later() {
    let scenario = night(vec![companies(1_000, 100, 1)], 1_000, 1_000_000);
    let mut before = None;
    for places in [5, 10, 20, 50, 100] {
        let mut deployed = Deployed::read();
        (deployed.sync.places, deployed.sync.reserved) = (places, places);
        let outcome = played(&deployed, &scenario);
        let (last_run, most) = (outcome.last_run.unwrap(), outcome.at_once[0]);
        assert!(most <= places, "{most} > {places}");
        // A second for jitter.
        assert!(before.is_none_or(|before| last_run <= before + SECOND));
        before = Some(last_run);
    }
}

#[test]
fn a_bigger_rate_of_ses_does_not_end_later() {
    let deployed = Deployed::read();
    let all = vec![companies(300, 100, 1)];
    let rates = [1, 2, 5, 14, 50];
    let ends = rates.map(|rate| {
        let outcome = played(&deployed, &night(all.clone(), rate, 50_000));
        assert_eq!(outcome.dead_letters, 0);
        outcome.last_mail.unwrap()
    });
    assert!(
        ends.is_sorted_by(|slower, faster| slower >= faster),
        "{ends:?}"
    );
}

#[test]
fn when_the_quota_is_used_up_mails_wait_and_those_to_admins_go_out() {
    let mut scenario = night(vec![companies(20, 100, 100)], 14, 1_000);
    scenario.rings = vec!["ses-quota-nearly-used"];
    let outcome = played(&Deployed::read(), &scenario);
    assert_eq!(outcome.mails, [2_002, 2_002]);
    assert_eq!((outcome.dead_letters, outcome.false_alarms.len()), (0, 0));
    // 900 invitations a day.
    let last = outcome.last_mail.unwrap();
    assert!((48 * HOUR..50 * HOUR).contains(&last), "{last}");
    assert!(
        outcome.last_admins_mail.unwrap() < 5 * MINUTE,
        "{outcome:?}"
    );
}

#[test]
fn a_table_that_is_too_slow_is_waited_for() {
    let mut deployed = Deployed::read();
    deployed.warm = [400; 3];
    let outcome = played(&deployed, &night(vec![companies(4, 500, 500)], 100, 50_000));
    assert_eq!((outcome.left_people, outcome.dead_letters), (0, 0));
    // 2,000 people of four write units each, 400 a second.
    assert!(outcome.last_run.unwrap() > 15 * SECOND, "{outcome:?}");
}

#[test]
fn rotated_tokens_outlast_the_rush_for_secrets_manager_by_the_patience_of_a_minute() {
    let scenario = night(vec![companies(3_000, 100, 0)], 14, 50_000);
    let mut deployed = Deployed::read();
    (deployed.sync.places, deployed.sync.reserved) = (200, 200);
    assert_eq!(played(&deployed, &scenario).lost_tokens, 0);
    deployed.store_patience = SECOND;
    let impatient = Outcome::of(&deployed, &scenario);
    assert!(impatient.lost_tokens > 0, "{impatient:?}");
}

#[test]
fn more_places_than_the_function_may_have_are_throttled() {
    let mut deployed = Deployed::read();
    (deployed.sync.places, deployed.sync.reserved) = (50, 20);
    let scenario = night(vec![companies(500, 100, 0)], 14, 50_000);
    let outcome = played(&deployed, &scenario);
    assert!(outcome.rang.contains("workspace-sync-throttles"));
}

#[test]
fn without_the_right_to_call_itself_a_run_that_waits_for_smarthr_is_lost() {
    let mut scenario = night(vec![companies(5, 100, 0)], 14, 50_000);
    scenario.smarthr_is_back = 12 * HOUR;
    let mut deployed = Deployed::read();
    assert_eq!(Outcome::of(&deployed, &scenario).dead_letters, 0);
    deployed.may_recurse = false;
    assert_eq!(Outcome::of(&deployed, &scenario).dead_letters, 5);
}

#[test]
fn what_the_functions_reserve_leaves_the_account_its_share() {
    let deployed = Deployed::read();
    let reserved = deployed.sync.reserved + deployed.mail.reserved;
    assert!(reserved + quotas::UNRESERVED <= quotas::ACCOUNT_CONCURRENCY);
    let places = deployed.sync.places + deployed.sync_by_day.places;
    assert!(places < deployed.sync.reserved);
    assert!(deployed.mail.places <= deployed.mail.reserved);
    // AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping": six times the timeout;
    // a run needs no more than its own.
    assert!(deployed.mail.visibility >= 6 * deployed.mail.timeout);
    assert!(deployed.sync.visibility >= deployed.sync.timeout);
}

#[test]
fn reports_of_the_day_are_looked_at_within_a_minute_by_fifty_places_and_not_by_five() {
    let mut scenario = night(vec![companies(3_000, 1_000, 0)], 50, 250_000);
    scenario.reported_over = Some(6 * MINUTE);
    let mut deployed = Deployed::read();
    let outcome = played(&deployed, &scenario);
    assert!(outcome.longest_wait < MINUTE, "{outcome:?}");
    assert_eq!(outcome.rang.len(), 0, "{outcome:?}");
    (deployed.sync_by_day.places, deployed.sync_by_day.reserved) = (5, 5);
    assert!(played(&deployed, &scenario).longest_wait > 3 * MINUTE);
}

/// The largest night that a build without optimization plays in a few seconds; `cargo run --release -p simulate` plays
/// all.
const MOST_INVITED: u64 = 20_000;

#[test]
fn the_nights_of_the_table_reach_their_goals() {
    let deployed = Deployed::read();
    let invited = |scenario: &Scenario| -> u64 {
        let companies = scenario.companies.iter();
        companies.map(|it| it.invited * it.count as u64).sum()
    };
    let mut nights = scenario::all();
    nights.retain(|scenario| invited(scenario) <= MOST_INVITED);
    assert!(nights.len() >= 4, "{nights:?}");
    for scenario in nights {
        let outcome = played(&deployed, &scenario);
        println!("{outcome}");
        assert!(outcome.is_good(), "{outcome:?}");
        if scenario.name == "10,000 x 100" {
            assert!(outcome.last_run.unwrap() <= 6 * MINUTE, "{outcome:?}");
            assert!(outcome.last_mail.unwrap() <= 15 * MINUTE, "{outcome:?}");
        }
    }
}
