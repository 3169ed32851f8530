//! The printed tables.

use crate::nights::Nights;
use crate::prices::{dollars, monthly, price};
use crate::usage::{Item, Usage};

/// The template, whose resources are counted.
const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

/// Prints what the runs of one company use.
pub(crate) fn print_usage(all: &[Nights]) {
    println!("One company, one night:\n");
    println!(
        "| people | night | SmartHR requests | read units | write units | SQS | Secrets Manager | KMS | S3 | CSV bytes | mails | GB-seconds | log bytes | US$ |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for nights in all {
        let kinds = [
            ("nothing changed", &nights.quiet),
            ("1 % changed", &nights.usual),
            ("the first", &nights.first),
        ];
        for (kind, used) in kinds {
            let of = |item| used.of(item);
            println!(
                "| {} | {kind} | {} | {:.1} | {:.0} | {} | {} | {} | {} | {} | {} | {:.2} | {:.0} | {:.5} |",
                thousands(nights.people),
                of(Item::SmartHrRequests),
                of(Item::ReadUnits),
                of(Item::WriteUnits),
                of(Item::QueueRequests),
                of(Item::SecretCalls),
                of(Item::KeyRequests),
                of(Item::StoredObjects),
                of(Item::StoredBytes),
                of(Item::Mails),
                of(Item::GigabyteSeconds),
                of(Item::LogBytes),
                dollars(used),
            );
        }
    }
}

/// Prints the requests of all companies in a night.
pub(crate) fn print_requests(all: &[Nights], workspaces: &[u32]) {
    println!("\nRequests of a night, all companies together, dispatch and watch included:\n");
    println!(
        "| people in each | workspaces | SmartHR, 1 % changed | AWS, 1 % changed | SmartHR, the first | AWS, the first |"
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    for nights in all {
        for &count in workspaces {
            let companies = f64::from(count);
            let requests = |night: &Usage| {
                let sum = night.clone() * companies + dispatch(companies) + watch(companies);
                let of = |item| sum.of(item);
                format!("{} | {}", of(Item::SmartHrRequests), of(Item::AwsRequests))
            };
            println!(
                "| {} | {} | {} | {} |",
                thousands(nights.people),
                thousands(count),
                requests(&nights.usual),
                requests(&nights.first),
            );
        }
    }
}

/// Prints the cost of a month.
pub(crate) fn print_months(all: &[Nights], workspaces: &[u32]) {
    println!("\nA month of 30 nights in which 1 % change, US$:\n");
    println!("| people in each | workspaces | nights | secrets | storage | the rest | sum |");
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    for nights in all {
        for &count in workspaces {
            let companies = f64::from(count);
            let run = dollars(
                &(nights.usual.clone() * companies + dispatch(companies) + watch(companies)),
            ) * 30.0;
            let secrets = (companies + 2.0) * monthly::SECRET;
            let people = companies * f64::from(nights.people);
            let storage = people * monthly::PERSON_BYTES / 1e9 * monthly::STORED_GIGABYTE;
            let rest = standing();
            println!(
                "| {} | {} | {run:.2} | {secrets:.2} | {storage:.2} | {rest:.2} | {:.2} |",
                thousands(nights.people),
                thousands(count),
                run + secrets + storage + rest,
            );
        }
    }
}

/// Returns what nightly-sync uses: the index of enabled workspaces, and a call for every ten messages.
fn dispatch(workspaces: f64) -> Usage {
    let mut used = enabled_workspaces(workspaces);
    let calls = (workspaces / 10.0).ceil();
    used.uses(Item::QueueRequests, calls);
    used.uses(Item::AwsRequests, calls);
    used.uses(Item::Invocations, 1.0);
    used
}

/// Returns what night-watch uses at 02:30: the same index, and a call for every hundred runs of less than 4 KB.
fn watch(workspaces: f64) -> Usage {
    let mut used = enabled_workspaces(workspaces);
    used.uses(Item::ReadUnits, workspaces / 2.0);
    used.uses(Item::AwsRequests, (workspaces / 100.0).ceil());
    used.uses(Item::Invocations, 1.0);
    used
}

/// Returns what reading the index of enabled workspaces uses: 100 bytes each, a megabyte a call.
fn enabled_workspaces(workspaces: f64) -> Usage {
    let mut used = Usage::default();
    used.uses(Item::ReadUnits, (workspaces * 100.0 / 4096.0).ceil() / 2.0);
    used.uses(Item::AwsRequests, (workspaces * 100.0 / 1e6).ceil());
    used
}

/// Returns the monthly cost that does not depend on customers, in US dollars.
fn standing() -> f64 {
    let declared = |kind: &str| {
        let line = format!("    Type: {kind}");
        f64::from(u32::try_from(TEMPLATE.lines().filter(|it| **it == line).count()).unwrap())
    };
    declared("AWS::CloudWatch::Alarm") * monthly::ALARM
        + declared("AWS::CloudWatch::Dashboard") * monthly::DASHBOARD
        + monthly::METRICS * monthly::METRIC
        + declared("AWS::KMS::Key") * monthly::KEY
        + declared("AWS::DynamoDB::Table")
            * declared("AWS::Serverless::Function")
            * monthly::KEY_REQUESTS_OF_A_TABLE
            * price(Item::KeyRequests)
        + declared("AWS::Lambda::EventSourceMapping")
            * monthly::POLLS_OF_A_QUEUE
            * price(Item::QueueRequests)
}

fn thousands(count: u32) -> String {
    if count < 1_000 {
        count.to_string()
    } else {
        format!("{},{:03}", count / 1_000, count % 1_000)
    }
}
