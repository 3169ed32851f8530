//! The contents of the tables, to prove that nothing changed.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use testkit::TestEnv;

/// The tables of what customers have: all but the audit trail and the sessions.
pub const SHARED: [&str; 6] = [
    "workspaces",
    "users",
    "identifiers",
    "runs",
    "outbox",
    "webhooks",
];
/// All tables; the last two have the audit trail, and sessions, sign-in guesses and OAuth states.
pub const EVERYTHING: [&str; 8] = [
    "workspaces",
    "users",
    "identifiers",
    "runs",
    "outbox",
    "webhooks",
    "audit",
    "sessions",
];

/// Returns all items of these tables, each as a line.
pub async fn dump(env: &TestEnv, tables: &[&str]) -> BTreeSet<String> {
    let database = aws_sdk_dynamodb::Client::new(&env.sdk);
    let mut lines = BTreeSet::new();
    for table in tables {
        let scan = database.scan().table_name(*table);
        let mut items = scan.into_paginator().items().send();
        while let Some(item) = items.next().await {
            let item = line(&AttributeValue::M(item.unwrap()));
            lines.insert(format!("{table}: {item}"));
        }
    }
    lines
}

/// Fails with the differing lines unless both are the same.
#[track_caller]
pub fn assert_unchanged(before: &BTreeSet<String>, after: &BTreeSet<String>) {
    let different: Vec<&String> = before.symmetric_difference(after).collect();
    assert!(different.is_empty(), "{different:#?}");
}

/// Returns the same text for the same value, whatever the order of its maps.
fn line(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => {
            let lines = map.iter().map(|(name, value)| (name, line(value)));
            format!("{:?}", lines.collect::<BTreeMap<_, _>>())
        }
        AttributeValue::L(list) => format!("{:?}", list.iter().map(line).collect::<Vec<_>>()),
        other => format!("{other:?}"),
    }
}
