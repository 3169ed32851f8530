//! The eleven nights, each with its own event, and a dismissal by day, so that the console shows a history worth
//! looking at. How they go was counted by hand.
//!
//! Nobody's 72 hours end exactly at a night that counts: those invited three nights before have accepted by
//! then, or SmartHR refuses us that night.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use end_to_end::{Story, invitation_link};
use local::Mail;
use serde_json::json;

use crate::{company, night};

/// The employee who signs in as a メンバー, by number in the company: one of those who accept in time.
pub(crate) const MEMBER: u32 = 23;

/// Who accepts the first invitation in time, by number in the company.
const IN_TIME: [RangeInclusive<u32>; 2] = [1..=1, 21..=40];
/// 45 of those who were invited again in the second night, and the one who has an address now.
const AFTER_THE_MONTH: [RangeInclusive<u32>; 2] = [41..=85, 106..=106];
/// Those who failed so far and have an address.
const AFTER_THE_CORRECTIONS: [RangeInclusive<u32>; 2] = [113..=119, 123..=123];
/// All others who were invited again, but for one who has no number.
const AFTER_THE_REMINDER: [RangeInclusive<u32>; 8] = [
    2..=3,
    6..=8,
    10..=20,
    86..=104,
    108..=108,
    112..=112,
    120..=120,
    122..=122,
];
/// The address of the one without a number, hired in the busy month.
const WITHOUT_A_NUMBER: &str = "haruka.arai@aozora-shoji.example";

/// When somebody who is dismissed by day must be out.
const OUT_WITHIN: Duration = Duration::from_mins(2);

/// Long enough for every resignation that the company knows of at the start, in hours.
const A_MONTH: u64 = 35 * 24;

/// Lets the nights pass.
///
/// # Panics
/// A night did not go as counted.
pub(crate) async fn play(story: &mut Story) {
    // These are nights: what HR enters in between is not reported, and waits for 02:00.
    company::loses_its_reports(story, true).await;
    // Of 124 people three are retired, ten fail, two have a code only.
    let night =
        "night: invited=109 reinvited=0 registered=2 updated=0 deleted=0 failed=10 mails=111 csv=1";
    let mails = night::pass(story, Some(night)).await;
    let accepted = accept(story, &mails, IN_TIME, None).await;
    println!("\n{accepted} people accept, and a month passes");
    company::has_a_busy_month(story).await;
    story.hours_pass(A_MONTH).await;

    // Those who accepted stay, those whose invitations ran out are invited again.
    let night =
        "night: invited=2 reinvited=83 registered=2 updated=3 deleted=4 failed=9 mails=89 csv=1";
    let mails = night::pass(story, Some(night)).await;
    let accepted = accept(story, &mails, AFTER_THE_MONTH, None).await;
    println!("{accepted} people accept");

    println!("\nthe HR people correct what the log named");
    company::corrects_what_the_log_named(story).await;
    // Nine failed: eight have an address by now, one a code.
    let night =
        "night: invited=8 reinvited=0 registered=1 updated=0 deleted=0 failed=0 mails=9 csv=1";
    let mails = night::pass(story, Some(night)).await;
    let accepted = accept(story, &mails, AFTER_THE_CORRECTIONS, None).await;
    println!("{accepted} people accept");

    println!("\nnothing changes");
    let night =
        "night: invited=0 reinvited=0 registered=0 updated=0 deleted=0 failed=0 mails=0 csv=0";
    night::pass(story, Some(night)).await;

    println!("\nsomebody takes KiteRa's permission away in SmartHR, and gives it back");
    company::refuses_kitera_once(story).await;
    let night =
        "night: invited=0 reinvited=0 registered=0 updated=0 deleted=0 failed=0 mails=1 csv=0";
    night::pass(story, Some(night)).await;

    println!("\nthe links of the last who have not accepted ran out");
    // Of the 85 invited by the second night 45 accepted.
    let night =
        "night: invited=0 reinvited=40 registered=0 updated=0 deleted=0 failed=0 mails=40 csv=0";
    let mails = night::pass(story, Some(night)).await;
    let accepted = accept(story, &mails, AFTER_THE_REMINDER, Some(WITHOUT_A_NUMBER)).await;
    println!("{accepted} people accept");

    println!("\nthree marry, one leaves");
    company::has_three_weddings_and_a_farewell(story).await;
    let night =
        "night: invited=0 reinvited=0 registered=0 updated=3 deleted=1 failed=0 mails=0 csv=0";
    night::pass(story, Some(night)).await;

    println!("\nnothing changes");
    let night =
        "night: invited=0 reinvited=0 registered=0 updated=0 deleted=0 failed=0 mails=0 csv=0";
    night::pass(story, Some(night)).await;

    println!("\nfive are hired, one with a private address");
    company::hires_five(story).await;
    // Three with an address, one with a code, one with an address of another domain.
    let night =
        "night: invited=3 reinvited=0 registered=1 updated=0 deleted=0 failed=1 mails=5 csv=1";
    night::pass(story, Some(night)).await;

    println!("\nthe private address is replaced");
    company::replaces_the_private_address(story).await;
    let night =
        "night: invited=1 reinvited=0 registered=0 updated=0 deleted=0 failed=0 mails=1 csv=0";
    night::pass(story, Some(night)).await;

    dismiss_by_day(story).await;

    println!("\na whole branch leaves at once: an admin is to answer");
    company::closes_a_branch(story).await;
    // 30 of 122 who are linked: 110 after the second night, 9, -1, 4, 1 and -1.
    let night = "night: invited=0 reinvited=0 registered=0 updated=0 deleted=0 failed=0 held=30 mails=1 csv=0";
    night::pass(story, Some(night)).await;
}

/// Somebody is dismissed at 14:00, which SmartHR reports at once.
///
/// # Panics
/// They can still sign in two minutes later.
async fn dismiss_by_day(story: &mut Story) {
    night::wait_for_hour(story, 14).await;
    company::loses_its_reports(story, false).await;
    let address = company::dismisses_somebody(story).await;
    let began = Instant::now();
    let found = format!("/api/v1/users?q={address}");
    while story.admin.get(&found).await.ok().json()["users"] != json!([]) {
        assert!(began.elapsed() < OUT_WITHIN, "{address} is still in");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let seconds = began.elapsed().as_secs();
    println!("\n14:00, one is dismissed in SmartHR: out of KiteRa {seconds} s later");
    company::loses_its_reports(story, true).await;
}

/// Has people accept their invitations, by number in the company and `other` by address. Returns how many.
async fn accept(
    story: &Story,
    mails: &[Mail],
    numbers: impl IntoIterator<Item = RangeInclusive<u32>>,
    other: Option<&str>,
) -> usize {
    let mut addresses = company::addresses(story, numbers.into_iter().flatten()).await;
    addresses.extend(other.map(ToOwned::to_owned));
    let is_theirs = |mail: &&Mail| {
        mail.text.contains("/invitations/") && mail.to.iter().any(|to| addresses.contains(to))
    };
    for mail in mails.iter().filter(is_theirs) {
        story.accept(&invitation_link(mail)).await.ok();
    }
    addresses.len()
}
