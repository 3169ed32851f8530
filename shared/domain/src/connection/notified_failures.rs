//! The failures about which the admins were mailed recently, so that they get no mail every night.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The reasons of failed runs about which the admins were mailed recently.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifiedFailures {
    /// Each reason, with the start of the run that mailed it last.
    pub reasons: BTreeMap<FailureReason, Timestamp>,
}

/// Why a run failed, by the code of its failure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum FailureReason {
    /// The run failed as a whole, with this `RunFailure::code`.
    Run(String),
    /// Some people failed, with this `Failure::code`.
    Person(String),
}

/// The prefix of a person's reason in the database.
const PERSON: &str = "person: ";

impl From<FailureReason> for String {
    fn from(reason: FailureReason) -> Self {
        match reason {
            FailureReason::Run(code) => code,
            FailureReason::Person(code) => format!("{PERSON}{code}"),
        }
    }
}

impl From<String> for FailureReason {
    fn from(stored: String) -> Self {
        match stored.strip_prefix(PERSON) {
            Some(code) => Self::Person(code.into()),
            None => Self::Run(stored),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_stored_as_texts() {
        let stored = r#"{"reasons":{"person: last_system_administrator":"2026-11-23T17:00:00Z","smarthr_down":"2026-11-23T17:00:00Z"}}"#;
        let failures: NotifiedFailures = serde_json::from_str(stored).unwrap();
        let person = FailureReason::Person("last_system_administrator".into());
        assert!(failures.reasons.contains_key(&person));
        let run = FailureReason::Run("smarthr_down".into());
        assert!(failures.reasons.contains_key(&run));
        let mut again: Vec<_> = failures.reasons.into_keys().map(String::from).collect();
        again.sort();
        assert_eq!(again, ["person: last_system_administrator", "smarthr_down"]);
    }
}
