//! Texts that are stored and never shown.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A secret text in an item of the database. No log, error or failed assertion shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(String);

impl Redacted {
    /// Returns the text, to derive a secret from it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Redacted {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redacted_text_is_stored_as_it_is_and_shown_to_nobody() {
        let seed = Redacted::from("a seed");
        assert_eq!(format!("{seed:?}"), "[redacted]");
        assert_eq!(serde_json::to_string(&seed).unwrap(), "\"a seed\"");
    }
}
