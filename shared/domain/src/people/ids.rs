//! Identifiers as types, so that a workspace cannot be taken for a user or a crew. What many users of a
//! workspace have in common can be shared by them (`crate::Interner`).

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident($text:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($text);

        impl $name {
            /// Takes the identifier as it is stored; nothing is checked.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into().into())
            }

            /// The identifier as it is stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier!(
    /// A customer's workspace in KiteRa: the tenant. Part of every key.
    WorkspaceId(Box<str>)
);
identifier!(
    /// A KiteRa user. Never reused: a rehired person gets a new one.
    UserId(Box<str>)
);
identifier!(
    /// A person's record in SmartHR (`crews[].id`, a UUID that never changes).
    CrewId(Box<str>)
);
identifier!(
    /// A SmartHR company account (`token_request_tenant_id`). Crew ids mean nothing outside it.
    TenantId(Arc<str>)
);
identifier!(
    /// A group of a workspace.
    GroupId(Arc<str>)
);
identifier!(
    /// One run of the sync. Sorts by start: `20261123T170000Z-schedule`.
    RunId(Box<str>)
);

/// Returns whether a text can be an id of ours: 1 to 100 letters, digits, hyphens and underscores, all of
/// them ASCII. No other text may reach the key of a table.
pub fn is_plain_id(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_be_another_key_is_none() {
        assert!(is_plain_id("usr_0aF-9"));
        for wrong in ["", "deleted#ws", "a/b", "あ", &"a".repeat(101)] {
            assert!(!is_plain_id(wrong), "{wrong}");
        }
    }
}
