//! Whom a report is about: of what SmartHR sends, only the ids are read.

use domain::CrewId;
use serde_json::Value;

/// The longest id that is taken for a crew's. SmartHR's are UUIDs.
const LONGEST_ID: usize = 64;

/// Whom a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reported {
    /// A crew that was created, changed or deleted.
    Crew(CrewId),
    /// Anybody: an import, or a report that does not say whom it is about.
    Everybody,
    /// Nobody: a kind of event that says nothing about people.
    Nobody,
}

impl Reported {
    /// Reads a report, with whole people in it or ids only. What cannot be read may be about anybody: SmartHR sent it,
    /// and would send it for days if it were refused.
    pub(crate) fn of(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return Self::Everybody;
        };
        match body["event"].as_str() {
            Some("crew_created" | "crew_updated" | "crew_deleted") => {
                crew_id(&body).map_or(Self::Everybody, Self::Crew)
            }
            Some("crew_imported") => Self::Everybody,
            _ => Self::Nobody,
        }
    }
}

fn crew_id(body: &Value) -> Option<CrewId> {
    let id = body["crew"]["id"].as_str().or(body["crew_id"].as_str())?;
    let is_id = (1..=LONGEST_ID).contains(&id.len())
        && id
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-');
    is_id.then(|| CrewId::new(id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn crew(id: &str) -> Reported {
        Reported::Crew(CrewId::new(id))
    }

    #[test]
    fn a_report_names_its_crew_by_the_id_alone_or_within_the_whole_person() {
        let id = "a0000000-0000-4000-8000-000000000007";
        for event in ["crew_created", "crew_updated", "crew_deleted"] {
            let ids_only = format!(r#"{{"event":"{event}","crew":{{"id":"{id}"}}}}"#);
            assert_eq!(Reported::of(ids_only.as_bytes()), crew(id));
            let whole = format!(
                r#"{{"event":"{event}","triggered_at":"x","sender":{{}},"crew":{{"emp_code":7,"id":"{id}","new":[]}}}}"#
            );
            assert_eq!(Reported::of(whole.as_bytes()), crew(id));
        }
        let flat = format!(r#"{{"event":"crew_updated","crew_id":"{id}"}}"#);
        assert_eq!(Reported::of(flat.as_bytes()), crew(id));
    }

    #[test]
    fn an_import_and_what_names_nobody_may_be_about_anybody() {
        for body in [
            r#"{"event":"crew_imported"}"#,
            r#"{"event":"crew_updated"}"#,
            r#"{"event":"crew_updated","crew":{"id":null}}"#,
            r#"{"event":"crew_updated","crew":{"id":"a b"}}"#,
            r#"{"event":"crew_updated","crew":[]}"#,
            r#"{"event":"crew_updated","crew":{"id":""#,
            "",
        ] {
            assert_eq!(Reported::of(body.as_bytes()), Reported::Everybody, "{body}");
        }
    }

    #[test]
    fn an_event_that_is_not_known_is_about_nobody() {
        for body in [
            r#"{"event":"dependent_updated","crew":{"id":"a"}}"#,
            r#"{"event":"workflow_approved"}"#,
            r#"{"event":7}"#,
            "[]",
            "7",
        ] {
            assert_eq!(Reported::of(body.as_bytes()), Reported::Nobody, "{body}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_an_id_is_short_and_has_no_other_characters(
            body in prop::collection::vec(any::<u8>(), 0..200),
            id in "\\PC{0,80}",
        ) {
            let named = serde_json::json!({"event": "crew_updated", "crew": {"id": id}});
            for body in [body, named.to_string().into_bytes()] {
                if let Reported::Crew(id) = Reported::of(&body) {
                    let id = id.as_str();
                    prop_assert!(!id.is_empty() && id.len() <= LONGEST_ID && id.is_ascii());
                    prop_assert!(!id.contains(|it: char| !it.is_ascii_alphanumeric() && it != '-'));
                }
            }
        }
    }
}
