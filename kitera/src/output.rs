//! What a subcommand found or did, for people and for programs.

use serde::Serialize;
use serde_json::Value;

/// The answer of a subcommand.
#[derive(Debug, Default)]
pub(crate) struct Output {
    text: String,
    json: Value,
}

impl Output {
    /// Returns the answer that people read as `text` and programs as the JSON of `value`.
    pub(crate) fn new(text: String, value: &impl Serialize) -> Self {
        Self {
            text,
            json: serde_json::to_value(value).unwrap_or_default(),
        }
    }

    /// Returns what people read.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Prints it.
    pub(crate) fn print(&self, as_json: bool) {
        if as_json {
            println!("{:#}", self.json);
        } else {
            println!("{}", self.text.trim_end());
        }
    }
}
