//! One page of `GET /v1/crews`, converted to employees at once, which take less memory. It is read person by person:
//! whatever one record holds is at most that person's failure.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::text::visible;
use domain::{
    CrewAttribute, CrewId, CustomItemIds, EmailAddress, Employee, EmploymentStatus, NameParts,
    UnreadableAttribute, display_name,
};
use serde::Deserialize;
use serde_json::Value;

use crate::custom_fields::{RawField, choices};
use crate::error::SmartHrError;
use crate::response::{FromJson, json};

/// The attributes of a crew that are requested (`fields=`).
const FIELDS: &str = "id,emp_code,emp_status,email,last_name,first_name,business_last_name,\
    business_first_name,preferred_last_name,preferred_first_name";

/// Returns the value of `fields=`, which asks for custom fields only when an item of ours is used.
pub(crate) fn fields(items: Option<&CustomItemIds>) -> String {
    match items {
        Some(_) => format!("{FIELDS},custom_fields"),
        None => FIELDS.to_owned(),
    }
}

/// A crew as SmartHR sends it. An attribute that the token may not read is null.
#[derive(Deserialize)]
pub(crate) struct RawCrew {
    id: String,
    emp_code: Option<String>,
    emp_status: Option<String>,
    email: Option<String>,
    last_name: Option<String>,
    first_name: Option<String>,
    business_last_name: Option<String>,
    business_first_name: Option<String>,
    preferred_last_name: Option<String>,
    preferred_first_name: Option<String>,
    custom_fields: Option<Vec<RawField>>,
}

impl RawCrew {
    /// Converts the crew; `items` are ours, when the settings need them.
    fn into_employee(self, items: Option<&CustomItemIds>) -> Employee {
        let name = display_name(&NameParts {
            last: [
                self.preferred_last_name.as_deref(),
                self.business_last_name.as_deref(),
                self.last_name.as_deref(),
            ],
            first: [
                self.preferred_first_name.as_deref(),
                self.business_first_name.as_deref(),
                self.first_name.as_deref(),
            ],
        });
        let status = status(self.emp_status.as_deref());
        let choices = choices(self.custom_fields.as_deref(), items);
        let unreadable = status.err().or(choices.err());
        let (sync_choice, login_choice) = choices.unwrap_or_default();
        Employee {
            // Nobody is changed by a status that is a placeholder.
            status: status.unwrap_or(EmploymentStatus::Employed),
            crew_id: CrewId::new(self.id),
            code: self.emp_code.as_deref().and_then(visible),
            email: self.email.as_deref().and_then(address),
            name,
            sync_choice,
            login_choice,
            unreadable,
        }
    }
}

/// A page of crews, with the records that are not of the documented shape as they came.
pub(crate) enum CrewPage {
    /// All records are of the documented shape.
    Documented(Vec<RawCrew>),
    /// Some are not.
    Odd(Vec<Value>),
}

impl FromJson for CrewPage {
    fn from_json(body: &[u8], what: &'static str) -> Result<Self, SmartHrError> {
        match json(body, what) {
            Ok(crews) => Ok(Self::Documented(crews)),
            Err(SmartHrError::UnexpectedAnswer(_)) => json(body, what).map(Self::Odd),
            Err(error) => Err(error),
        }
    }
}

impl CrewPage {
    /// Converts the crews; `items` are ours, when the settings need them.
    pub(crate) fn into_employees(self, items: Option<&CustomItemIds>) -> Vec<Employee> {
        match self {
            Self::Documented(crews) => {
                let crews = crews.into_iter();
                crews.map(|crew| crew.into_employee(items)).collect()
            }
            Self::Odd(records) => {
                let records = records.into_iter().enumerate();
                let employee = |(place, record): (usize, Value)| match RawCrew::deserialize(&record)
                {
                    Ok(crew) => crew.into_employee(items),
                    Err(_) => unreadable(&record, place),
                };
                records.map(employee).collect()
            }
        }
    }
}

/// Parses the employees on a page as SmartHR sends it.
///
/// # Errors
/// [`SmartHrError`] when the page is no list.
pub fn employees_on_page(
    body: &[u8],
    items: Option<&CustomItemIds>,
) -> Result<Vec<Employee>, SmartHrError> {
    Ok(CrewPage::from_json(body, "crews")?.into_employees(items))
}

/// Returns what can be shown of the record at this place of its page, which is not of the documented shape.
fn unreadable(record: &Value, place: usize) -> Employee {
    let shown = |name: &str| match &record[name] {
        Value::String(text) => visible(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let is_odd = |name: &&str| !matches!(record[*name], Value::String(_) | Value::Null);
    let mut names = FIELDS.split(',').skip(1);
    let attribute = match names.find(is_odd) {
        _ if !record["id"].is_string() => CrewAttribute::Record,
        Some("emp_status") => CrewAttribute::Status,
        Some("emp_code") => CrewAttribute::Code,
        Some("email") => CrewAttribute::Email,
        Some(_) => CrewAttribute::Name,
        None => CrewAttribute::Items,
    };
    let part = |name: &str| record[name].as_str();
    let name = display_name(&NameParts {
        last: ["preferred_last_name", "business_last_name", "last_name"].map(part),
        first: ["preferred_first_name", "business_first_name", "first_name"].map(part),
    });
    Employee {
        crew_id: CrewId::new(shown("id").unwrap_or_else(|| id_of_unknown(record, place))),
        code: shown("emp_code"),
        email: shown("email"),
        name,
        status: EmploymentStatus::Employed,
        sync_choice: None,
        login_choice: None,
        unreadable: Some(UnreadableAttribute {
            attribute,
            is_missing: false,
        }),
    }
}

/// Returns the visible part of an address, as mail programs write its domain; `None` if nothing is visible.
fn address(text: &str) -> Option<String> {
    let email = visible(text)?;
    Some(EmailAddress::with_ascii_domain(&email).into_owned())
}

/// Returns an id that no crew has, the same whenever the record is read.
fn id_of_unknown(record: &Value, place: usize) -> String {
    let mut hash = DefaultHasher::new();
    record.to_string().hash(&mut hash);
    format!("unreadable-{place}-{:016x}", hash.finish())
}

/// Parses `emp_status`. A missing or unknown one is not guessed: that could delete a user.
fn status(status: Option<&str>) -> Result<EmploymentStatus, UnreadableAttribute> {
    match status {
        Some("employed") => Ok(EmploymentStatus::Employed),
        Some("absent") => Ok(EmploymentStatus::Absent),
        Some("retired") => Ok(EmploymentStatus::Retired),
        other => Err(UnreadableAttribute {
            attribute: CrewAttribute::Status,
            is_missing: other.is_none(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(changes: Value) -> Employee {
        let mut crew = json!({
            "id": "c1", "emp_code": "001", "emp_status": "employed", "email": "a@example.jp",
            "last_name": "佐藤", "first_name": "華子", "business_last_name": "田中",
            "business_first_name": "", "preferred_last_name": null, "preferred_first_name": null,
            "custom_fields": [],
        });
        let Value::Object(changes) = changes else {
            panic!("changes are an object")
        };
        crew.as_object_mut().unwrap().extend(changes);
        let page = Value::Array(vec![crew]).to_string();
        let mut employees = employees_on_page(page.as_bytes(), None).unwrap();
        assert_eq!(employees.len(), 1);
        employees.remove(0)
    }

    fn unreadable(attribute: CrewAttribute, is_missing: bool) -> UnreadableAttribute {
        UnreadableAttribute {
            attribute,
            is_missing,
        }
    }

    #[test]
    fn a_crew_becomes_an_employee_with_the_business_name_first() {
        let employee = read(json!({"emp_code": ""}));
        assert_eq!(employee.name.as_deref(), Some("田中 華子"));
        assert_eq!(employee.code, None);
        assert_eq!(employee.email.as_deref(), Some("a@example.jp"));
    }

    #[test]
    fn blanks_are_as_good_as_nothing() {
        let employee = read(json!({"emp_code": " ", "email": "\u{3000} "}));
        assert_eq!((employee.code, employee.email), (None, None));
        let employee = read(json!({"emp_code": "\u{FEFF}", "email": "\u{200B}"}));
        assert_eq!((employee.code, employee.email), (None, None));
    }

    #[test]
    fn codes_and_addresses_are_read_without_what_nobody_sees() {
        let fields =
            json!({"emp_code": "\u{FEFF}0093", "email": "\u{202A}hanako@日本語.jp\u{202C}"});
        let employee = read(fields);
        assert_eq!(employee.code.as_deref(), Some("0093"));
        assert_eq!(employee.email.as_deref(), Some("hanako@xn--wgv71a119e.jp"));
        let wide = read(json!({"emp_code": "００９３"}));
        assert_eq!(
            wide.code.as_deref(),
            Some("００９３"),
            "a malformed code stays one"
        );
    }

    #[test]
    fn a_missing_or_new_status_is_never_guessed() {
        let missing = read(json!({"emp_status": null}));
        assert_eq!(
            missing.unreadable,
            Some(unreadable(CrewAttribute::Status, true))
        );
        for new in [
            json!("on_loan"),
            json!("EMPLOYED"),
            json!(""),
            json!(1),
            json!([]),
        ] {
            let new = read(json!({ "emp_status": new }));
            assert_eq!(
                new.unreadable,
                Some(unreadable(CrewAttribute::Status, false))
            );
            assert_eq!(new.code.as_deref(), Some("001"));
        }
    }

    #[test]
    fn a_value_of_another_type_is_shown_and_not_used() {
        let number = read(json!({"emp_code": 12}));
        assert_eq!(number.code.as_deref(), Some("12"));
        assert_eq!(
            number.unreadable,
            Some(unreadable(CrewAttribute::Code, false))
        );
        let list = read(json!({"custom_fields": {}}));
        assert_eq!(
            list.unreadable,
            Some(unreadable(CrewAttribute::Items, false))
        );
        let nobody = read(json!({"id": null}));
        assert_eq!(
            nobody.unreadable,
            Some(unreadable(CrewAttribute::Record, false))
        );
    }

    #[test]
    fn half_a_character_costs_nobody_but_that_character() {
        let page = br#"[{"id":"c1","emp_status":"employed","last_name":"\ud842","first_name":"\uD842\uDFB7"}]"#;
        let page = [b"\xEF\xBB\xBF".as_slice(), page].concat();
        let employees = employees_on_page(&page, None).unwrap();
        assert_eq!(employees[0].name.as_deref(), Some("\u{FFFD} 𠮷"));
        assert_eq!(employees[0].unreadable, None);
    }
}
