//! People in SmartHR, built attribute by attribute.

use serde_json::{Value, json};

/// A person in SmartHR, employed at first.
#[derive(Clone, Debug)]
pub struct Person(Value);

impl Person {
    /// Returns a person with a family name. The number makes the crew id.
    pub fn new(id: u32, last_name: &str) -> Self {
        Self(json!({
            "id": format!("c0000000-0000-4000-8000-{id:012}"),
            "last_name": last_name,
            "first_name": "太郎",
            "emp_status": "employed",
        }))
    }

    /// Returns 佐藤 太郎, with an e-mail address and an employee code.
    pub fn sato() -> Self {
        Self::new(1, "佐藤").email("sato@example.jp").code("S-1")
    }

    /// Sets an attribute, named as in SmartHR.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: impl Into<Value>) -> Self {
        self.0[attribute] = value.into();
        self
    }

    /// Sets the e-mail address.
    #[must_use]
    pub fn email(self, email: &str) -> Self {
        self.with("email", email)
    }

    /// Sets the employee code, 社員番号.
    #[must_use]
    pub fn code(self, code: &str) -> Self {
        self.with("emp_code", code)
    }

    /// Sets the status to retired.
    #[must_use]
    pub fn retired(self) -> Self {
        self.with("emp_status", "retired")
    }

    /// Returns the crew id.
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    pub(crate) fn json(&self) -> &Value {
        &self.0
    }
}
