//! One page of `GET /v1/crews`, converted to employees at once, which take less memory.

use domain::text::visible;
use domain::{
    CrewId, CustomItemId, CustomItemIds, EmailAddress, Employee, EmploymentStatus, NameParts,
    display_name,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::items::{UnknownChoice, login_choice, sync_choice};
use crate::read_employees::ReadError;
use crate::response::json;

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

#[derive(Deserialize)]
struct RawField {
    value: Option<RawValue>,
    template: Option<RawTemplate>,
}

#[derive(Deserialize)]
struct RawTemplate {
    id: String,
}

/// A custom field. The company's own items may have values of any type; ours have texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawValue {
    Text(String),
    Other(IgnoredAny),
}

impl RawCrew {
    /// Converts the crew; `items` are ours, when the settings need them.
    pub(crate) fn into_employee(
        self,
        items: Option<&CustomItemIds>,
    ) -> Result<Employee, ReadError> {
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
        let crew_id = CrewId::new(self.id);
        let (sync_choice, login_choice) = match items {
            None => (None, None),
            Some(items) => {
                let fields = self
                    .custom_fields
                    .ok_or(ReadError::AttributeHidden("custom_fields"))?;
                let unknown = |UnknownChoice| ReadError::UnknownChoice {
                    crew_id: crew_id.clone(),
                };
                (
                    choice(&fields, items.sync_target.as_ref(), sync_choice).map_err(unknown)?,
                    choice(&fields, items.login_method.as_ref(), login_choice).map_err(unknown)?,
                )
            }
        };
        Ok(Employee {
            status: status(self.emp_status.as_deref(), &crew_id)?,
            crew_id,
            code: self.emp_code.as_deref().and_then(visible),
            email: self
                .email
                .as_deref()
                .and_then(visible)
                .map(|email| EmailAddress::with_ascii_domain(&email).into_owned()),
            name,
            sync_choice,
            login_choice,
        })
    }
}

/// Parses the employees on a page as SmartHR sends it.
///
/// # Errors
/// [`ReadError`] when one crew cannot be understood.
pub fn employees_on_page(
    body: &[u8],
    items: Option<&CustomItemIds>,
) -> Result<Vec<Employee>, ReadError> {
    employees(json(body, "crews")?, items)
}

pub(crate) fn employees(
    crews: Vec<RawCrew>,
    items: Option<&CustomItemIds>,
) -> Result<Vec<Employee>, ReadError> {
    crews
        .into_iter()
        .map(|crew| crew.into_employee(items))
        .collect()
}

/// Returns the choice in `item`. No entry, null and "" all mean that nothing is chosen.
fn choice<T>(
    fields: &[RawField],
    item: Option<&CustomItemId>,
    understand: fn(&CustomItemId, &str) -> Result<T, UnknownChoice>,
) -> Result<Option<T>, UnknownChoice> {
    let Some(item) = item else { return Ok(None) };
    let entry = fields.iter().find(|field| {
        field
            .template
            .as_ref()
            .is_some_and(|template| template.id == item.template_id)
    });
    match entry.and_then(|entry| entry.value.as_ref()) {
        None => Ok(None),
        Some(RawValue::Text(value)) if value.is_empty() => Ok(None),
        Some(RawValue::Text(value)) => understand(item, value).map(Some),
        Some(RawValue::Other(_)) => Err(UnknownChoice),
    }
}

/// Parses `emp_status`. A missing or unknown one is an error: a guess could delete a user.
fn status(status: Option<&str>, crew_id: &CrewId) -> Result<EmploymentStatus, ReadError> {
    match status {
        Some("employed") => Ok(EmploymentStatus::Employed),
        Some("absent") => Ok(EmploymentStatus::Absent),
        Some("retired") => Ok(EmploymentStatus::Retired),
        Some(_) => Err(ReadError::UnknownStatus {
            crew_id: crew_id.clone(),
        }),
        None => Err(ReadError::AttributeHidden("emp_status")),
    }
}

#[cfg(test)]
mod tests {
    use domain::LoginMethod;
    use serde_json::{Value, json};

    use super::*;

    fn items() -> CustomItemIds {
        let item = |template: &str| CustomItemId {
            template_id: template.into(),
            choice_ids: [format!("{template}-0"), format!("{template}-1")],
        };
        CustomItemIds {
            group_id: "g".into(),
            sync_target: Some(item("target")),
            login_method: Some(item("login")),
        }
    }

    fn read(changes: Value, items: Option<&CustomItemIds>) -> Result<Employee, ReadError> {
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
        let crew: RawCrew = serde_json::from_value(crew).unwrap();
        crew.into_employee(items)
    }

    #[test]
    fn a_crew_becomes_an_employee_with_the_business_name_first() {
        let employee = read(json!({"emp_code": ""}), None).unwrap();
        assert_eq!(employee.name.as_deref(), Some("田中 華子"));
        assert_eq!(employee.code, None);
        assert_eq!(employee.email.as_deref(), Some("a@example.jp"));
    }

    #[test]
    fn blanks_are_as_good_as_nothing() {
        let employee = read(json!({"emp_code": " ", "email": "\u{3000} "}), None).unwrap();
        assert_eq!((employee.code, employee.email), (None, None));
        let employee = read(json!({"emp_code": "\u{FEFF}", "email": "\u{200B}"}), None).unwrap();
        assert_eq!((employee.code, employee.email), (None, None));
    }

    #[test]
    fn codes_and_addresses_are_read_without_what_nobody_sees() {
        let fields =
            json!({"emp_code": "\u{FEFF}0093", "email": "\u{202A}hanako@日本語.jp\u{202C}"});
        let employee = read(fields, None).unwrap();
        assert_eq!(employee.code.as_deref(), Some("0093"));
        assert_eq!(employee.email.as_deref(), Some("hanako@xn--wgv71a119e.jp"));
        let wide = read(json!({"emp_code": "００９３"}), None).unwrap();
        assert_eq!(
            wide.code.as_deref(),
            Some("００９３"),
            "a malformed code stays one"
        );
    }

    #[test]
    fn a_missing_or_new_status_is_never_guessed() {
        let missing = read(json!({"emp_status": null}), None);
        assert_eq!(missing, Err(ReadError::AttributeHidden("emp_status")));
        let new = read(json!({"emp_status": "on_loan"}), None);
        assert!(matches!(new, Err(ReadError::UnknownStatus { .. })));
    }

    #[test]
    fn choices_come_as_physical_name_or_id_and_among_other_items() {
        let fields = json!({"custom_fields": [
            {"value": 12.5, "template": {"id": "their-own"}},
            {"value": ["x"], "template": null},
            {"value": "kitera_sync_off", "template": {"id": "target"}},
            {"value": "login-1", "template": {"id": "login"}},
        ]});
        let employee = read(fields, Some(&items())).unwrap();
        let choices = (employee.sync_choice, employee.login_choice);
        assert_eq!(choices, (Some(false), Some(LoginMethod::Sso)));
    }

    #[test]
    fn no_entry_and_null_both_mean_that_nothing_is_chosen() {
        let fields = json!({"custom_fields": [{"value": null, "template": {"id": "target"}}]});
        let employee = read(fields, Some(&items())).unwrap();
        assert_eq!((employee.sync_choice, employee.login_choice), (None, None));
    }

    #[test]
    fn custom_fields_that_may_not_be_read_are_not_taken_for_unset() {
        let hidden = json!({"custom_fields": null});
        let error = read(hidden.clone(), Some(&items()));
        assert_eq!(error, Err(ReadError::AttributeHidden("custom_fields")));
        assert!(read(hidden, None).is_ok(), "nobody asked for them");
    }

    #[test]
    fn a_value_that_is_none_of_our_choices_is_an_error() {
        let fields = json!({"custom_fields": [{"value": "maybe", "template": {"id": "login"}}]});
        let error = read(fields, Some(&items()));
        assert!(matches!(error, Err(ReadError::UnknownChoice { .. })));
    }
}
