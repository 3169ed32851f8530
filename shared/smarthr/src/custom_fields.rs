//! The choices that a company makes for a person in our items, among the custom fields of a crew.

use domain::{CrewAttribute, CustomItemId, CustomItemIds, LoginMethod, UnreadableAttribute};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::items::{UnknownChoice, login_choice, sync_choice};

/// A custom field as SmartHR sends it.
#[derive(Deserialize)]
pub(crate) struct RawField {
    value: Option<RawValue>,
    template: Option<RawTemplate>,
}

#[derive(Deserialize)]
struct RawTemplate {
    id: String,
}

/// The company's own items may have values of any type; ours have texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawValue {
    Text(String),
    Other(IgnoredAny),
}

/// Whether the person is a sync target, and how they log in; `None` where nothing is chosen.
type Choices = (Option<bool>, Option<LoginMethod>);

/// Returns the choices in our items, when the settings need them.
///
/// # Errors
/// [`UnreadableAttribute`] when the token may not read custom fields, or a value is none of our choices.
pub(crate) fn choices(
    fields: Option<&[RawField]>,
    items: Option<&CustomItemIds>,
) -> Result<Choices, UnreadableAttribute> {
    let unreadable = |is_missing| UnreadableAttribute {
        attribute: CrewAttribute::Items,
        is_missing,
    };
    let Some(items) = items else {
        return Ok(Choices::default());
    };
    let fields = fields.ok_or(unreadable(true))?;
    let unknown = |UnknownChoice| unreadable(false);
    Ok((
        choice(fields, items.sync_target.as_ref(), sync_choice).map_err(unknown)?,
        choice(fields, items.login_method.as_ref(), login_choice).map_err(unknown)?,
    ))
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

#[cfg(test)]
mod tests {
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

    fn read(fields: Value, items: Option<&CustomItemIds>) -> Result<Choices, UnreadableAttribute> {
        let fields: Option<Vec<RawField>> = serde_json::from_value(fields).unwrap();
        choices(fields.as_deref(), items)
    }

    fn unreadable(is_missing: bool) -> Result<Choices, UnreadableAttribute> {
        Err(UnreadableAttribute {
            attribute: CrewAttribute::Items,
            is_missing,
        })
    }

    #[test]
    fn choices_come_as_physical_name_or_id_and_among_other_items() {
        let fields = json!([
            {"value": 12.5, "template": {"id": "their-own"}},
            {"value": ["x"], "template": null},
            {"value": "kitera_sync_off", "template": {"id": "target"}},
            {"value": "login-1", "template": {"id": "login"}},
        ]);
        let choices = read(fields, Some(&items()));
        assert_eq!(choices, Ok((Some(false), Some(LoginMethod::Sso))));
    }

    #[test]
    fn no_entry_and_null_both_mean_that_nothing_is_chosen() {
        let fields = json!([{"value": null, "template": {"id": "target"}}]);
        assert_eq!(read(fields, Some(&items())), Ok((None, None)));
    }

    #[test]
    fn custom_fields_that_may_not_be_read_are_not_taken_for_unset() {
        assert_eq!(read(Value::Null, Some(&items())), unreadable(true));
        let nobody_asked = read(Value::Null, None);
        assert_eq!(nobody_asked, Ok((None, None)));
    }

    #[test]
    fn a_value_that_is_none_of_our_choices_is_not_guessed() {
        let fields = json!([{"value": "maybe", "template": {"id": "login"}}]);
        assert_eq!(read(fields, Some(&items())), unreadable(false));
    }
}
