//! A crew: SmartHR's record of a person who works, or worked, at a company.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::clock::{format_time, retirement_of};
use crate::crew_attributes::{ATTRIBUTES, LISTS};
use crate::custom_items::CustomItems;
use crate::error::ApiError;

/// The attributes that only SmartHR itself writes.
const WRITTEN_BY_SMARTHR: &[&str] = &[
    "id",
    "updated_at",
    "custom_fields",
    "preferred_last_name",
    "preferred_first_name",
    "preferred_last_name_yomi",
    "preferred_first_name_yomi",
];

/// One person. Only known attributes are stored; the others are shown as null.
#[derive(Clone, PartialEq)]
pub(crate) struct Crew {
    attributes: Map<String, Value>,
    /// The values of custom items by template id; of an enum, the element's id.
    values: BTreeMap<String, String>,
    retires_at: Option<Timestamp>,
}

impl Crew {
    /// Returns an employed person without a name.
    pub(crate) fn new(id: String, now: Timestamp) -> Self {
        let attributes = [
            ("id", Value::String(id)),
            ("emp_status", json!("employed")),
            ("gender", json!("female")),
            ("recruitment_type", recruitment_type()),
            ("created_at", json!(format_time(now))),
            ("updated_at", json!(format_time(now))),
        ];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value));
        Self {
            attributes: attributes.into_iter().collect(),
            values: BTreeMap::new(),
            retires_at: None,
        }
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// Returns an attribute that is text; `None` if it is null or something else.
    pub(crate) fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Value::as_str)
    }

    /// Overwrites the attributes that `changes` names; null blanks one. Attributes that SmartHR does not have, or
    /// writes itself, are ignored, as SmartHR does.
    pub(crate) fn write(&mut self, changes: &Map<String, Value>, now: Timestamp) {
        let before = self.attributes.clone();
        for (name, value) in changes {
            let known = ATTRIBUTES.contains(&name.as_str());
            if !known || WRITTEN_BY_SMARTHR.contains(&name.as_str()) {
                continue;
            }
            let is_blank = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if is_blank {
                self.attributes.remove(name);
            } else {
                self.attributes.insert(name.clone(), value.clone());
            }
        }
        if self.attributes.get("resigned_at") != before.get("resigned_at") {
            self.retires_at = self.next_retirement(now);
        }
        if self.attributes != before {
            self.touch(now);
        }
    }

    /// Returns when the resignation date will retire the person. A date that was already past when it was entered
    /// never does (SmartHR help).
    fn next_retirement(&self, now: Timestamp) -> Option<Timestamp> {
        let resigned_at: Date = self.text("resigned_at")?.parse().ok()?;
        retirement_of(resigned_at).filter(|turn| *turn > now)
    }

    /// Whether the time of retirement has come.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.retires_at.is_some_and(|turn| turn <= now)
    }

    pub(crate) fn retire_if_due(&mut self, now: Timestamp) {
        if self.is_due(now)
            && let Some(turn) = self.retires_at.take()
        {
            self.attributes
                .insert("emp_status".to_owned(), json!("retired"));
            self.touch(turn);
        }
    }

    /// Sets or clears the value of a custom item.
    pub(crate) fn choose(&mut self, template_id: &str, value: Option<String>, now: Timestamp) {
        if self.values.get(template_id) == value.as_ref() {
            return;
        }
        match value {
            Some(value) => self.values.insert(template_id.to_owned(), value),
            None => self.values.remove(template_id),
        };
        self.touch(now);
    }

    /// Does what [`Crew::write`] does, and sets or clears the custom items in `custom_fields`.
    ///
    /// # Errors
    ///
    /// Those of [`CustomItems::choices`]; nothing is written then.
    pub(crate) fn write_with_items(
        &mut self,
        changes: &Map<String, Value>,
        items: &CustomItems,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let choices = items.choices(changes.get("custom_fields"))?;
        self.write(changes, now);
        for (template_id, value) in choices {
            self.choose(&template_id, value, now);
        }
        Ok(())
    }

    /// Drops the values of deleted items. The person counts as unchanged, since nobody wrote to them.
    pub(crate) fn forget_values(&mut self, templates: &BTreeSet<String>) {
        let values = &mut self.values;
        values.retain(|template, _| !templates.contains(template));
    }

    /// Returns this crew as the successor of one with the same id: created when that was, and unchanged if nothing
    /// else differs.
    pub(crate) fn in_place_of(mut self, old: &Self) -> Self {
        if let Some(created_at) = old.attributes.get("created_at") {
            self.attributes
                .insert("created_at".to_owned(), created_at.clone());
        }
        let is_same = {
            let written = |(name, _): &(&String, &Value)| *name != "updated_at";
            let ours = self.attributes.iter().filter(written);
            ours.eq(old.attributes.iter().filter(written)) && self.values == old.values
        };
        if is_same { old.clone() } else { self }
    }

    /// Returns the custom items with a value as admins see them: name and choice.
    pub(crate) fn described_items(&self, items: &CustomItems) -> Vec<String> {
        items.described(&self.values)
    }

    fn touch(&mut self, now: Timestamp) {
        self.attributes
            .insert("updated_at".to_owned(), json!(format_time(now)));
    }

    /// Returns the crew as the API shows it: every attribute, null where nothing is known.
    pub(crate) fn to_json(&self, items: &CustomItems, null_for_unset: bool) -> Map<String, Value> {
        let mut shown = Map::new();
        for name in ATTRIBUTES.iter() {
            let value = match self.attributes.get(*name) {
                Some(value) => value.clone(),
                None if LISTS.contains(name) => json!([]),
                None => Value::Null,
            };
            shown.insert((*name).to_owned(), value);
        }
        for part in [
            "last_name",
            "first_name",
            "last_name_yomi",
            "first_name_yomi",
        ] {
            shown.insert(format!("preferred_{part}"), self.preferred(part));
        }
        let fields = items.values_json(&self.values, null_for_unset);
        shown.insert("custom_fields".to_owned(), Value::Array(fields));
        shown
    }

    /// Returns the business name, or else the legal one, part by part: a half-filled business name is mixed with
    /// the legal name.
    fn preferred(&self, part: &str) -> Value {
        let business = self.text(&format!("business_{part}"));
        let business = business.filter(|name| !name.is_empty());
        json!(business.or_else(|| self.text(part)))
    }
}

fn recruitment_type() -> Value {
    json!({
        "id": "c0000000-0000-4000-8000-000000000001",
        "name": "新卒",
        "preset_type": "new_graduate",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn person(changes: &Value) -> Crew {
        let mut crew = Crew::new("1".to_owned(), at("2026-11-20T00:00:00Z"));
        crew.write(changes.as_object().unwrap(), at("2026-11-20T00:00:00Z"));
        crew
    }

    fn shown(crew: &Crew) -> Map<String, Value> {
        crew.to_json(&CustomItems::default(), false)
    }

    #[test]
    fn a_half_filled_business_name_is_mixed_with_the_legal_name() {
        let crew = person(&json!({
            "last_name": "佐藤", "first_name": "花子",
            "business_last_name": "田中", "business_first_name": "",
        }));
        assert_eq!(shown(&crew)["preferred_last_name"], "田中");
        assert_eq!(shown(&crew)["preferred_first_name"], "花子");
    }

    #[test]
    fn a_coming_resignation_retires_at_one_in_the_morning_of_the_day_after() {
        let mut crew = person(&json!({"resigned_at": "2026-11-30"}));
        crew.retire_if_due(at("2026-11-30T15:59:59Z"));
        assert_eq!(crew.text("emp_status"), Some("employed"));
        crew.retire_if_due(at("2026-11-30T17:00:00Z"));
        assert_eq!(crew.text("emp_status"), Some("retired"));
        assert_eq!(crew.text("updated_at"), Some("2026-11-30T16:00:00.000Z"));
    }

    #[test]
    fn a_date_that_was_past_when_it_was_typed_in_retires_nobody() {
        let mut crew = person(&json!({"resigned_at": "2026-11-18"}));
        crew.retire_if_due(at("2027-11-30T00:00:00Z"));
        assert_eq!(crew.text("emp_status"), Some("employed"));
    }

    #[test]
    fn a_blanked_date_retires_nobody() {
        let mut crew = person(&json!({"resigned_at": "2026-11-30"}));
        let blank = json!({"resigned_at": null});
        crew.write(blank.as_object().unwrap(), at("2026-11-21T00:00:00Z"));
        crew.retire_if_due(at("2027-11-30T00:00:00Z"));
        assert_eq!(crew.text("emp_status"), Some("employed"));
    }

    #[test]
    fn writing_what_is_there_already_is_not_an_update() {
        let mut crew = person(&json!({"email": "a@example.jp"}));
        let same = json!({"email": "a@example.jp"});
        crew.write(same.as_object().unwrap(), at("2026-11-25T00:00:00Z"));
        assert_eq!(crew.text("updated_at"), Some("2026-11-20T00:00:00.000Z"));
    }
}
