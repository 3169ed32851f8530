//! 即時反映: what HR changes in SmartHR takes effect within minutes, in real time and through the webhook.

use std::time::{Duration, Instant};

use end_to_end::{Browser, PASSWORD, Person, Story, invitation_link, sign_in};
use serde_json::{Value, json};

/// How many are dismissed one by one: a fifth of those who are linked in the end, which the deletion guard lets go.
const DISMISSED: usize = 20;
/// How many people the company has: of 100 who stay, 20 may go in a day.
const PEOPLE: u32 = 120;
/// How many of those who are dismissed are signed in; the others have an open invitation.
const SIGNED_IN: usize = 4;
/// The goal for 95 of 100 dismissals, from the event to the end of the session or the invitation.
const OUT_WITHIN: Duration = Duration::from_mins(2);
/// When the test gives up.
const PATIENCE: Duration = Duration::from_mins(4);

fn person(number: u32) -> Person {
    Person::new(number, &format!("社員{number:03}"))
        .email(&format!("p{number}@example.jp"))
        .code(&format!("P-{number}"))
}

/// Somebody who is about to be dismissed, and what they hold.
struct Leaver {
    person: Person,
    /// The browser that is signed in, or a fresh one for the link.
    browser: Browser,
    /// The link of the open invitation; `None` for those who are signed in.
    link: Option<String>,
}

impl Leaver {
    /// Returns whether neither the session nor the invitation works any more.
    async fn is_out(&self) -> bool {
        match &self.link {
            None => self.browser.get("/api/v1/session").await.status == 401,
            Some(link) => !self.browser.get(link).await.status.is_success(),
        }
    }
}

/// Changes one person on SmartHR's side, which reports it.
async fn change(story: &Story, person: &Person, changes: Value) {
    let address = format!("crews/{}", person.id());
    story.at_smarthr("PATCH", &address, changes).await;
    story.at_smarthr("POST", "deliveries", Value::Null).await;
}

/// Returns the time below which `percent` of the times are.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent).div_ceil(100) - 1]
}

#[tokio::test]
async fn who_is_dismissed_in_smarthr_is_out_within_two_minutes() {
    let people: Vec<Person> = (1..=PEOPLE).map(person).collect();
    let seats = json!({ "seats": 200 });
    let mut story = Story::connected_with("dismissals", seats, &people).await;
    story.night().await;
    let mails = story.new_mails().await;
    let link_of = |number: usize| {
        let address = format!("p{number}@example.jp");
        let mail = mails.iter().find(|mail| mail.to == [address.as_str()]);
        invitation_link(mail.unwrap())
    };
    let mut leavers = Vec::new();
    for (index, person) in people.into_iter().take(DISMISSED).enumerate() {
        let link = link_of(index + 1);
        let browser = story.browser();
        let link = if index < SIGNED_IN {
            story.accept(&link).await.ok();
            let email = format!("p{}@example.jp", index + 1);
            sign_in(&browser, &email, PASSWORD).await.ok();
            None
        } else {
            Some(link)
        };
        let leaver = Leaver {
            person,
            browser,
            link,
        };
        assert!(!leaver.is_out().await);
        leavers.push(leaver);
    }

    let began = Instant::now();
    let mut waiting: Vec<(Leaver, Instant)> = Vec::new();
    let mut leavers = leavers.into_iter();
    let mut times = Vec::new();
    while times.len() < DISMISSED && began.elapsed() < PATIENCE {
        if let Some(leaver) = leavers.next() {
            let retired = json!({ "emp_status": "retired" });
            change(&story, &leaver.person, retired).await;
            waiting.push((leaver, Instant::now()));
        }
        let mut left = Vec::new();
        for (leaver, dismissed_at) in waiting {
            if leaver.is_out().await {
                times.push(dismissed_at.elapsed());
            } else {
                left.push((leaver, dismissed_at));
            }
        }
        waiting = left;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    assert_eq!(times.len(), DISMISSED, "some are still in");
    let (p50, p95) = (percentile(&mut times, 50), percentile(&mut times, 95));
    println!(
        "out in: p50 {} s, p95 {} s, of {DISMISSED}",
        p50.as_secs(),
        p95.as_secs()
    );
    assert!(p95 <= OUT_WITHIN, "{times:?}");
}

#[tokio::test]
async fn a_mended_address_is_invited_within_three_minutes_and_mailed_once_while_hr_is_typing() {
    let mistyped = person(1).email("p1@exmaple.jp");
    let mut story = Story::connected("mended-address", &[mistyped.clone(), person(2)]).await;
    story.night().await;
    // An hour later, so that the invitation of the night is no reason to wait.
    story.hours_pass(2).await;
    story.new_mails().await;
    let typed = ["p1@example.j", "p1@example.jp"];
    for email in typed {
        change(&story, &mistyped, json!({ "email": email })).await;
    }
    let began = Instant::now();
    let mut arrived = Vec::new();
    while arrived.is_empty() && began.elapsed() < Duration::from_mins(3) {
        tokio::time::sleep(Duration::from_secs(2)).await;
        arrived = story.new_mails().await;
    }
    let to: Vec<_> = arrived.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(to, [["p1@example.jp"]]);
    story.accept(&invitation_link(&arrived[0])).await.ok();
    assert!(
        sign_in(&story.browser(), "p1@example.jp", PASSWORD)
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn after_an_import_in_smarthr_everybody_is_looked_at_by_day() {
    let people = [person(1), person(2)];
    let mut story = Story::connected("import", &people[..1]).await;
    story.night().await;
    story.hours_pass(2).await;
    story.new_mails().await;
    story.put_people(&people).await;
    let imported = json!({ "event": "crew_imported" });
    story.at_smarthr("POST", "reports", imported).await;
    story.at_smarthr("POST", "deliveries", Value::Null).await;
    // No further report comes meanwhile.
    story.time_passes(Duration::from_mins(2)).await;
    let began = Instant::now();
    let mut arrived = Vec::new();
    while arrived.is_empty() && began.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_secs(2)).await;
        arrived = story.new_mails().await;
    }
    let to: Vec<_> = arrived.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(to, [["p2@example.jp"]]);
}

#[tokio::test]
async fn an_admin_syncs_one_person_at_once_and_sees_each_step_although_reports_are_ignored() {
    let leaver = person(1);
    let mut story = Story::connected("sync-employee", &[leaver.clone(), person(2)]).await;
    story.night().await;
    story.save(json!({ "immediate": false })).await.ok();
    change(&story, &leaver, json!({ "emp_status": "retired" })).await;

    let address = format!("/api/v1/employees/{}/sync", leaver.id());
    story.admin.post(&address, json!({})).await.ok();
    let began = Instant::now();
    let steps = loop {
        let steps = story.admin.get(&address).await.ok().json();
        if steps["ended_at"].is_string() {
            break steps;
        }
        assert!(began.elapsed() < PATIENCE, "{steps}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(steps["found"], true);
    assert_eq!([&steps["action"], &steps["outcome"]], ["削除", "成功"]);
    for step in ["read_at", "matched_at", "decided_at", "written_at"] {
        assert!(steps[step].is_string(), "{step} of {steps}");
    }
    assert_eq!(story.user("社員001").await, Value::Null);
    assert!(story.user("社員002").await.is_object());
}

#[tokio::test]
async fn an_engineer_syncs_people_by_employee_code_or_id_after_a_preview() {
    let [by_code, by_id] = [person(1), person(2)];
    let people = [by_code.clone(), by_id.clone(), person(3)];
    let mut story = Story::connected("sync-by-code", &people).await;
    story.night().await;
    story.save(json!({ "immediate": false })).await.ok();
    for person in &people {
        change(&story, person, json!({ "emp_status": "retired" })).await;
    }
    let workspace_id = story.workspace_id.clone();
    let of_code = json!({ "workspace_id": workspace_id, "employee_code": "P-1" });
    let of_id = json!({ "workspace_id": workspace_id, "crew_ids": [by_id.id()] });

    let mut preview = of_code.clone();
    preview["mode"] = json!("preview");
    let previewed = story.stack.invoke("workspace-sync", preview).await.unwrap();
    assert_eq!(previewed["runs"][0]["counts"]["deleted"], 1, "{previewed}");
    assert!(story.user("社員001").await.is_object());

    let done = story.stack.invoke("workspace-sync", of_code).await.unwrap();
    assert_eq!(
        done["runs"][0]["state"], "in the entry of the day",
        "{done}"
    );
    assert_eq!(story.user("社員001").await, Value::Null);
    assert!(story.user("社員002").await.is_object());

    story.stack.invoke("workspace-sync", of_id).await.unwrap();
    assert_eq!(story.user("社員002").await, Value::Null);
    assert!(story.user("社員003").await.is_object());
}
