//! SmartHR's side of the model.

use serde_json::{Value, json};

/// One crew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crew {
    pub(crate) number: u32,
    pub(crate) name: u32,
    pub(crate) email: Option<u32>,
    pub(crate) code: Option<u32>,
    pub(crate) retired: bool,
}

impl Crew {
    pub(crate) fn id(&self) -> String {
        testkit::crew_id(self.number)
    }

    pub(crate) fn shown_name(&self) -> String {
        format!("社員{}", self.name)
    }

    pub(crate) fn shown_email(&self) -> Option<String> {
        self.email.map(|number| format!("p{number}@example.jp"))
    }

    pub(crate) fn shown_code(&self) -> Option<String> {
        self.code.map(|number| format!("{number:05}"))
    }

    fn shown(&self) -> Value {
        json!({
            "id": self.id(), "last_name": self.shown_name(), "email": self.shown_email(),
            "emp_code": self.shown_code(),
            "emp_status": if self.retired { "retired" } else { "employed" },
        })
    }
}

/// Everybody in SmartHR.
#[derive(Clone, Debug, Default)]
pub(crate) struct Company {
    pub(crate) crews: Vec<Crew>,
    hired: u32,
}

impl Company {
    /// Somebody new, by an address and a code unless they are left out.
    pub(crate) fn hire(&mut self, email: Option<u32>, code: Option<u32>) {
        self.crews.push(Crew {
            number: self.hired,
            name: self.hired,
            email,
            code,
            retired: false,
        });
        self.hired += 1;
    }

    /// The number of the next who is hired.
    pub(crate) fn next(&self) -> u32 {
        self.hired
    }

    /// Changes the crew at a place, if anybody is there.
    pub(crate) fn change(&mut self, at: usize, change: impl FnOnce(&mut Crew)) {
        let people = self.crews.len().max(1);
        if let Some(crew) = self.crews.get_mut(at % people) {
            change(crew);
        }
    }

    /// As SmartHR's API shows it.
    pub(crate) fn shown(&self) -> Vec<Value> {
        self.crews.iter().map(Crew::shown).collect()
    }
}
