//! People as SmartHR shows them, in few words.

use serde_json::{Value, json};

/// One person in SmartHR; employed unless said otherwise.
#[derive(Clone, Debug)]
pub struct Person(Value);

impl Person {
    /// A person with a family name, known by an id that never changes.
    pub fn new(id: u32, last_name: &str) -> Self {
        Self(json!({
            "id": format!("c0000000-0000-4000-8000-{id:012}"),
            "last_name": last_name,
            "first_name": "太郎",
            "emp_status": "employed",
        }))
    }

    /// With an attribute as SmartHR names it.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: impl Into<Value>) -> Self {
        self.0[attribute] = value.into();
        self
    }

    /// With an e-mail address.
    #[must_use]
    pub fn email(self, email: &str) -> Self {
        self.with("email", email)
    }

    /// With 社員番号.
    #[must_use]
    pub fn code(self, code: &str) -> Self {
        self.with("emp_code", code)
    }

    /// Who has left.
    #[must_use]
    pub fn retired(self) -> Self {
        self.with("emp_status", "retired")
    }

    /// The crew id.
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    pub(crate) fn json(&self) -> &Value {
        &self.0
    }
}
