//! A run may die at any call, before the other side hears of it or before its answer comes. The next
//! delivery of its message finishes it with the same result as an undisturbed one.

use std::collections::BTreeMap;

use directory::{Credential, User};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sync::Done;
use world::{Death, World, advance, now};

/// The company before: somebody for every kind of change.
fn before() -> Vec<Value> {
    let mut people: Vec<Value> = (0..12).map(person).collect();
    people.extend((12..18).map(code_only));
    people
}

/// The company after: joiners with and without an address, leavers, new names, swapped addresses,
/// an address gained and one lost, and people who fail.
fn after() -> Vec<Value> {
    let mut people = before();
    for leaver in &mut people[..3] {
        leaver["emp_status"] = json!("retired");
    }
    people[3]["last_name"] = json!("改姓");
    let swapped = people[4]["email"].take();
    people[4]["email"] = people[5]["email"].take();
    people[5]["email"] = swapped;
    people[6]["email"] = Value::Null;
    people[12]["email"] = json!("gained@example.jp");
    people.extend((20..50).map(person));
    people.extend((50..56).map(code_only));
    people.push(
        json!({ "id": id(60), "last_name": "形式", "email": "bad", "emp_status": "employed" }),
    );
    people
}

fn id(number: u32) -> String {
    format!("c0000000-0000-4000-8000-{number:012}")
}

fn person(number: u32) -> Value {
    json!({
        "id": id(number), "last_name": format!("社員{number}"), "emp_status": "employed",
        "emp_code": format!("{number:05}"), "email": format!("p{number}@example.jp"),
    })
}

fn code_only(number: u32) -> Value {
    let mut person = person(number);
    person["email"] = Value::Null;
    person
}

/// What is left of a world that must be the same however often it died: everything but random ids,
/// the order of mails, and who looked when.
#[derive(Debug, PartialEq, Eq)]
struct End {
    users: BTreeMap<String, String>,
    seats: u32,
    runs: Vec<String>,
    log: String,
    mails: BTreeMap<String, usize>,
}

fn shape(user: &User) -> String {
    let credential = match user.credential {
        Credential::None => "none",
        Credential::Password => "password",
        Credential::Initial { .. } => "initial",
    };
    format!(
        "{} {:?} {:?} {:?} {credential} serial {} invited {}",
        user.name,
        user.email,
        user.code,
        user.status,
        user.serial,
        user.invitation.is_some(),
    )
}

async fn end_of(world: &World) -> End {
    let id = &world.workspace.workspace_id;
    let users = world.store.users(id).await.unwrap();
    let by_id: BTreeMap<String, String> = users
        .iter()
        .map(|user| (user.user_id.to_string(), user.name.clone()))
        .collect();
    for user in &users {
        if let Some(email) = &user.email {
            let holders = world.store.holders_of_email(email).await.unwrap();
            assert_eq!(holders, [(id.clone(), user.user_id.clone())]);
        }
        if let Some(code) = &user.code {
            let holder = world.store.holder_of_code(id, code).await.unwrap();
            assert_eq!(holder.as_ref(), Some(&user.user_id));
        }
    }
    let gate = world.store.gate(id).await.unwrap();
    assert_eq!(gate.users as usize, users.len());
    assert_eq!(gate.running(now()), None);
    let runs = world.store.runs(id, None, 10).await.unwrap();
    let key = runs[0].log_key.clone().unwrap();
    let log = world.services.object(&format!("logs/{key}")).unwrap();
    let mut log: Vec<String> = String::from_utf8(log.to_vec())
        .unwrap()
        .lines()
        .map(ToOwned::to_owned)
        .collect();
    log.sort();
    let mut asked = String::new();
    while let Some((_queue, message)) = world.services.take_message() {
        asked.push_str(&message);
    }
    let mut mails = BTreeMap::new();
    for mail_id in world.store.waiting_mails(id).await.unwrap() {
        assert!(
            asked.contains(&format!("\"{mail_id}\"")),
            "{mail_id} was not asked for"
        );
        // "invitation#usr_…#2": whose it is, in place of the random id; "failed-run#…": the run.
        let mut parts: Vec<String> = mail_id.split('#').map(ToOwned::to_owned).collect();
        parts[1] = by_id.get(&parts[1]).cloned().unwrap_or_default();
        *mails.entry(parts.join("#")).or_default() += 1;
    }
    End {
        users: users
            .iter()
            .map(|user| {
                let crew = user.link.as_ref().unwrap().crew_id.to_string();
                (crew, shape(user))
            })
            .collect(),
        seats: gate.users,
        runs: runs
            .iter()
            .map(|run| format!("{:?} {:?}", run.outcome, run.counts))
            .collect(),
        log: log.join("\n"),
        mails,
    }
}

/// A world after its first night, with the company changed and every mail of that night delivered.
async fn second_evening() -> World {
    let world = World::new(100, None).await;
    world.people(&before()).await;
    world.night().await;
    world.deliver_mails().await;
    while world.services.take_message().is_some() {}
    world.people(&after()).await;
    advance(SignedDuration::from_hours(24));
    world
}

/// Tonight's run, which dies as planned and is delivered again until it ends.
async fn night_with(world: &World, death: Option<Death>) -> bool {
    let message = world.tonight();
    world.tap.restart(death);
    let died = tokio::select! {
        done = world.run(&message) => {
            assert!(matches!(done, Ok(Done::Ended(_))), "{done:?}");
            false
        }
        () = world.tap.died() => true,
    };
    world.tap.restart(None);
    if died {
        // SQS delivers again when the visibility timeout is over.
        advance(SignedDuration::from_mins(16));
        let done = world.run(&message).await.unwrap();
        assert!(matches!(done, Done::Ended(_) | Done::Before(_)), "{done:?}");
    }
    died
}

#[tokio::test]
async fn a_run_that_dies_at_any_call_is_finished_by_the_next_delivery_with_the_same_result() {
    let world = second_evening().await;
    world.tap.restart(None);
    night_with(&world, None).await;
    let undisturbed = end_of(&world).await;
    assert!(undisturbed.mails.len() > 30, "{:#?}", undisturbed.mails);

    let (mut points, mut recovered, mut call) = (0, 0, 0);
    loop {
        let mut reached = false;
        for death in [Death::Before(call), Death::After(call)] {
            let world = second_evening().await;
            if night_with(&world, Some(death)).await {
                reached = true;
                points += 1;
                assert_eq!(end_of(&world).await, undisturbed, "{death:?}");
                recovered += 1;
            }
        }
        if !reached {
            break;
        }
        call += 1;
    }
    println!("crash points: {points}, recovered: {recovered}");
    assert!(points > 40, "{points}");
}
