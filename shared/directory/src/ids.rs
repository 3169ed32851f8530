//! Identifiers as types, so that a workspace cannot be taken for a user or a crew.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the identifier as it is stored; nothing is checked.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
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
    WorkspaceId
);
identifier!(
    /// A KiteRa user. Never reused: a rehired person gets a new one.
    UserId
);
identifier!(
    /// A person's record in SmartHR (`crews[].id`, a UUID that never changes).
    CrewId
);
identifier!(
    /// A SmartHR company account (`token_request_tenant_id`). Crew ids mean nothing outside it.
    TenantId
);
identifier!(
    /// A group of a workspace.
    GroupId
);
identifier!(
    /// One run of the sync. Sorts by start: `20261123T170000Z-schedule`.
    RunId
);
