//! Ids as types, so that a workspace cannot be confused with a user or a crew. Users of a workspace
//! can share the ids that they have in common (`crate::Interner`).

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
            /// Wraps an id as it is stored; nothing is checked.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into().into())
            }

            /// Returns the id as it is stored.
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
    /// The id of a customer's workspace in KiteRa. It is part of every key.
    WorkspaceId(Box<str>)
);
identifier!(
    /// The id of a KiteRa user. It is never reused: a rehired person gets a new one.
    UserId(Box<str>)
);
identifier!(
    /// The id of a person's record in SmartHR (`crews[].id`, a UUID that never changes).
    CrewId(Box<str>)
);
identifier!(
    /// The id of a SmartHR company account (`token_request_tenant_id`). Crew ids are valid within
    /// one account only.
    TenantId(Arc<str>)
);
identifier!(
    /// The id of a group of a workspace.
    GroupId(Arc<str>)
);
identifier!(
    /// The id of a derivation key. A credential remembers the key that it is derived from.
    KeyId(Box<str>)
);
identifier!(
    /// The id of a run, such as `20261123T170000Z-schedule`. Ids sort by the start of their runs.
    RunId(Box<str>)
);

/// Returns whether a text can be an id of ours: 1 to 100 ASCII letters, digits, hyphens and
/// underscores. No other text may become part of a table's key.
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
