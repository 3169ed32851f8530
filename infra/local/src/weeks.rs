//! What follows the two nights: nine more, each with its own event, so that the console shows a history
//! worth looking at. How they go was counted by hand as well.
//!
//! Nobody's 72 hours end exactly at a night that counts: whoever was invited three nights before has
//! accepted by then, or SmartHR refuses us that night.

use std::ops::RangeInclusive;

use local::{Error, Mail, Stack};

use crate::{company::Company, employees, nights::Nights};

/// Who accepts after the second night, by number in the company: 45 of those who were invited again,
/// and the one who has an address now.
const AFTER_THE_MONTH: [RangeInclusive<u32>; 2] = [41..=85, 106..=106];
/// Those who failed so far and have an address.
const AFTER_THE_CORRECTIONS: [RangeInclusive<u32>; 2] = [113..=119, 123..=123];
/// Everybody else who was invited again, but for one who has no number.
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
/// Hired in the busy month.
const WITHOUT_A_NUMBER: &str = "haruka.arai@aozora-shoji.example";

/// In the order of the nights.
///
/// 1. Nine failed: eight have an address by now, one a code.
/// 4. Of the 85 invited by the second night 45 accepted.
/// 7. Three with an address, one with a code, one with an address of another domain.
/// 9. 30 of 123 who are linked: 110 after the second night, 9, -1, 4 and 1.
const EXPECTED: [&str; 9] = [
    "night: invited=8 registered=1 updated=0 deleted=0 failed=0 mails=9 csv=1",
    "night: invited=0 registered=0 updated=0 deleted=0 failed=0 mails=0 csv=0",
    "night: invited=0 registered=0 updated=0 deleted=0 failed=0 mails=1 csv=0",
    "night: invited=40 registered=0 updated=0 deleted=0 failed=0 mails=40 csv=0",
    "night: invited=0 registered=0 updated=3 deleted=1 failed=0 mails=0 csv=0",
    "night: invited=0 registered=0 updated=0 deleted=0 failed=0 mails=0 csv=0",
    "night: invited=3 registered=1 updated=0 deleted=0 failed=1 mails=5 csv=1",
    "night: invited=1 registered=0 updated=0 deleted=0 failed=0 mails=1 csv=0",
    "night: invited=0 registered=0 updated=0 deleted=0 failed=0 held=30 mails=1 csv=0",
];

/// Lets the nights pass; `mails` are those of the night before.
///
/// # Errors
/// A night did not go as counted.
pub(crate) async fn pass(
    stack: &Stack,
    nights: &mut Nights<'_>,
    company: &Company,
    mails: Vec<Mail>,
) -> Result<(), Error> {
    accept(stack, company, &mails, AFTER_THE_MONTH, &[]).await?;

    println!("\nthe HR people correct what the log named");
    company.corrects_what_the_log_named().await?;
    let mails = nights.next(Some(EXPECTED[0])).await?;
    accept(stack, company, &mails, AFTER_THE_CORRECTIONS, &[]).await?;

    println!("\nnothing changes");
    nights.next(Some(EXPECTED[1])).await?;

    println!("\nsomebody takes KiteRa's permission away in SmartHR, and gives it back");
    company.refuses_kitera_once().await?;
    nights.next(Some(EXPECTED[2])).await?;

    println!("\nthe links of the last who have not accepted ran out");
    let mails = nights.next(Some(EXPECTED[3])).await?;
    let last = [WITHOUT_A_NUMBER.to_owned()];
    accept(stack, company, &mails, AFTER_THE_REMINDER, &last).await?;

    println!("\nthree marry, one leaves");
    company.has_three_weddings_and_a_farewell().await?;
    nights.next(Some(EXPECTED[4])).await?;

    println!("\nnothing changes");
    nights.next(Some(EXPECTED[5])).await?;

    println!("\nfive are hired, one with a private address");
    company.hires_five().await?;
    nights.next(Some(EXPECTED[6])).await?;

    println!("\nthe private address is replaced");
    company.replaces_the_private_address().await?;
    nights.next(Some(EXPECTED[7])).await?;

    println!("\na whole branch leaves at once: an admin is to answer");
    company.closes_a_branch().await?;
    nights.next(Some(EXPECTED[8])).await?;
    Ok(())
}

async fn accept(
    stack: &Stack,
    company: &Company,
    mails: &[Mail],
    numbers: impl IntoIterator<Item = RangeInclusive<u32>>,
    others: &[String],
) -> Result<(), Error> {
    let numbers: Vec<u32> = numbers.into_iter().flatten().collect();
    let mut addresses = company.addresses(&numbers).await?;
    addresses.extend_from_slice(others);
    employees::accept(stack.base_url(), mails, &addresses).await?;
    println!("{} people accept", addresses.len());
    Ok(())
}
