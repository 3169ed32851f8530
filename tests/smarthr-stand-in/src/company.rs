//! One company at SmartHR: its logins, its people, its custom items.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::format_time;
use crate::crew::Crew;
use crate::crew_list::CrewList;
use crate::custom_items::CustomItems;
use crate::webhooks::Webhook;

/// An e-mail address with its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Login {
    pub(crate) fn new(email: &str, password: &str) -> Self {
        Self {
            email: email.to_owned(),
            password: password.to_owned(),
        }
    }
}

/// A company account and its logins. `tenant_id` never changes; the customer may change `subdomain`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) tenant_id: String,
    pub(crate) subdomain: String,
    pub(crate) name: String,
    /// SmartHR's admins in the company, who may connect an app.
    #[serde(default)]
    pub(crate) admins: Vec<Login>,
    /// People who may log in but are no admins.
    #[serde(default)]
    pub(crate) members: Vec<Login>,
}

/// A company.
pub(crate) struct Company {
    pub(crate) account: Account,
    pub(crate) crews: CrewList,
    pub(crate) items: CustomItems,
    pub(crate) webhooks: Vec<Webhook>,
    created_at: Timestamp,
}

impl Company {
    pub(crate) fn new(account: Account, now: Timestamp) -> Self {
        Self {
            account,
            crews: CrewList::default(),
            items: CustomItems::default(),
            webhooks: Vec::new(),
            created_at: now,
        }
    }

    /// Retires the people whose time has come, and returns their ids.
    pub(crate) fn retire_due_crews(&mut self, now: Timestamp) -> Vec<String> {
        let due = self.crews.iter().filter(|crew| crew.is_due(now));
        let due: Vec<String> = due.map(|crew| crew.id().to_owned()).collect();
        if !due.is_empty() {
            for crew in self.crews.iter_mut() {
                crew.retire_if_due(now);
            }
        }
        due
    }

    pub(crate) fn webhook(&self, id: &str) -> Option<&Webhook> {
        self.webhooks.iter().find(|webhook| webhook.id == id)
    }

    pub(crate) fn crew(&self, id: &str) -> Option<&Crew> {
        self.crews.iter().find(|crew| crew.id() == id)
    }

    /// Returns the company as the API shows it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.account.tenant_id,
            "name": self.account.name,
            "code": null,
            "corporate_number": null,
            "address": null,
            "tel_number": null,
            "owner_id": null,
            "updated_at": format_time(self.created_at),
            "created_at": format_time(self.created_at),
        })
    }

    /// Returns the departments as the API shows them; every company here has the same.
    pub(crate) fn departments(&self) -> Vec<Value> {
        let time = format_time(self.created_at);
        (0_u8..)
            .zip(DEPARTMENTS)
            .map(|(position, (name, parent))| {
                let parent = parent.map(|name| nested_department(name, &self.account.tenant_id));
                let full_name = match &parent {
                    Some(parent) => format!("{}/{name}", parent["name"].as_str().unwrap_or("")),
                    None => (*name).to_owned(),
                };
                json!({
                    "id": department_id(name),
                    "name": name,
                    "full_name": full_name,
                    "position": position,
                    "code": null,
                    "parent": parent,
                    "children": [],
                    "company_id": self.account.tenant_id,
                    "updated_at": time,
                    "created_at": time,
                })
            })
            .collect()
    }

    /// Returns the employment types as the API shows them; every company here has SmartHR's presets.
    pub(crate) fn employment_types(&self) -> Vec<Value> {
        let time = format_time(self.created_at);
        let types = EMPLOYMENT_TYPES.iter().map(|(_, preset)| {
            let mut shown = employment_type(preset);
            shown["updated_at"] = json!(time);
            shown["created_at"] = json!(time);
            shown
        });
        types.collect()
    }
}

const DEPARTMENTS: &[(&str, Option<&str>)] = &[
    ("経営企画部", None),
    ("総務部", None),
    ("人事部", None),
    ("営業部", None),
    ("東日本営業課", Some("営業部")),
    ("西日本営業課", Some("営業部")),
    ("物流部", None),
    ("情報システム部", None),
];

const EMPLOYMENT_TYPES: &[(&str, &str)] = &[
    ("役員", "board_member"),
    ("正社員", "full_timer"),
    ("契約社員", "contract_worker"),
    ("パート・アルバイト", "part_timer"),
];

/// Returns an employment type as a crew shows it, by SmartHR's preset name.
pub(crate) fn employment_type(preset: &str) -> Value {
    let mut types = (1_u8..).zip(EMPLOYMENT_TYPES);
    let found = types.find(|(_, (_, known))| *known == preset);
    let shown = found.map(|(number, (name, preset))| {
        json!({
            "id": format!("e0000000-0000-4000-8000-{number:012}"),
            "name": name,
            "preset_type": preset,
            "code": null,
        })
    });
    shown.unwrap_or_default()
}

fn department_id(name: &str) -> String {
    let number = DEPARTMENTS.iter().position(|(known, _)| *known == name);
    let number = number.map_or(0, |index| index + 1);
    format!("d0000000-0000-4000-8000-{number:012}")
}

fn nested_department(name: &str, tenant_id: &str) -> Value {
    json!({
        "id": department_id(name),
        "name": name,
        "full_name": name,
        "position": 0,
        "code": null,
        "company_id": tenant_id,
    })
}
