//! Custom items of crews (カスタム従業員項目): groups, templates, and values in the form the API gives.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::ApiError;

/// A group of custom items. SmartHR alone writes its id and its times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    #[serde(skip_deserializing)]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    position: Option<i32>,
    #[serde(default)]
    access_type: AccessType,
    #[serde(skip_deserializing)]
    pub(crate) updated_at: String,
    #[serde(skip_deserializing)]
    pub(crate) created_at: String,
}

/// What SmartHR's admins may do with the items of a group.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccessType {
    #[default]
    ReadAndUpdate,
    Hidden,
    ReadAndUpdateValues,
    ReadAndUpdateOnlyOrigin,
}

/// A custom item. SmartHR alone writes its id and its times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Template {
    #[serde(skip_deserializing)]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    pub(crate) elements: Option<Vec<Element>>,
    pub(crate) group_id: String,
    hint: Option<String>,
    scale: Option<i32>,
    separated_by_commas: Option<bool>,
    position: i32,
    #[serde(skip_deserializing)]
    pub(crate) updated_at: String,
    #[serde(skip_deserializing)]
    pub(crate) created_at: String,
}

/// What a custom item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Date,
    Decimal,
    Enum,
    File,
    String,
    Text,
}

/// A choice of an item of the kind enum. SmartHR alone writes its id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Element {
    #[serde(skip_deserializing)]
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) physical_name: Option<String>,
    position: i32,
}

impl Template {
    /// Returns the stored form of a value that the API was sent (of an enum: an element's physical name or id,
    /// never its display name); `None` if the item has no such choice.
    fn stored(&self, value: &str) -> Option<String> {
        if self.kind != Kind::Enum {
            return Some(value.to_owned());
        }
        let chosen = self.element(|element| {
            element.id == value || element.physical_name.as_deref() == Some(value)
        });
        chosen.map(|element| element.id.clone())
    }

    /// Returns the choice that admins see under this name.
    pub(crate) fn choice_named(&self, name: &str) -> Option<&Element> {
        self.element(|element| element.name == name)
    }

    /// Returns a stored value as the API shows it: an element's physical name if it has one, else its id.
    fn shown(&self, stored: &str) -> String {
        let element = self.element(|element| element.id == stored);
        let physical_name = element.and_then(|element| element.physical_name.clone());
        physical_name.unwrap_or_else(|| stored.to_owned())
    }

    fn element(&self, is_meant: impl Fn(&Element) -> bool) -> Option<&Element> {
        let mut elements = self.elements.iter().flatten();
        elements.find(|element| is_meant(element))
    }
}

/// All custom items of a company.
#[derive(Default)]
pub(crate) struct CustomItems {
    pub(crate) groups: Vec<Group>,
    pub(crate) templates: Vec<Template>,
}

impl CustomItems {
    pub(crate) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    pub(crate) fn template(&self, id: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == id)
    }

    /// Deletes a group with its items. Returns the ids of the deleted items, whose values must go too; `None` if
    /// there is no such group.
    pub(crate) fn delete_group(&mut self, id: &str) -> Option<BTreeSet<String>> {
        let index = self.groups.iter().position(|group| group.id == id)?;
        self.groups.remove(index);
        let deleted = self
            .templates
            .extract_if(.., |template| template.group_id == id);
        Some(deleted.map(|template| template.id).collect())
    }

    /// Deletes one item, as [`CustomItems::delete_group`] does; `None` if there is no such item.
    pub(crate) fn delete_template(&mut self, id: &str) -> Option<BTreeSet<String>> {
        let mut templates = self.templates.iter();
        let index = templates.position(|template| template.id == id)?;
        Some(BTreeSet::from([self.templates.remove(index).id]))
    }

    /// Returns a group as the API shows it, with its items if they were asked for.
    pub(crate) fn group_json(&self, group: &Group, with_templates: bool) -> Value {
        let mut shown = json!(group);
        if with_templates {
            let templates = self.templates.iter();
            let own: Vec<&Template> = templates.filter(|item| item.group_id == group.id).collect();
            shown["templates"] = json!(own);
        }
        shown
    }

    /// Reads the `custom_fields` of a write: template ids with the values to store. A template may be named by
    /// `template_id`, as the API takes it, or by `template.id`, as it shows it.
    pub(crate) fn choices(
        &self,
        custom_fields: Option<&Value>,
    ) -> Result<Vec<(String, Option<String>)>, ApiError> {
        let refused = |message| ApiError::bad_field("crew", "custom_fields", message);
        let fields = custom_fields.and_then(Value::as_array);
        let mut choices = Vec::new();
        for field in fields.into_iter().flatten() {
            let id = field["template_id"]
                .as_str()
                .or(field["template"]["id"].as_str());
            let template = id.and_then(|id| self.template(id));
            let template = template.ok_or_else(|| refused("の項目は存在しません"))?;
            let value = match &field["value"] {
                Value::Null => None,
                Value::String(value) => {
                    let stored = template.stored(value);
                    Some(stored.ok_or_else(|| refused("は一覧にありません"))?)
                }
                _ => return Err(refused("は文字列で指定してください")),
            };
            choices.push((template.id.clone(), value));
        }
        Ok(choices)
    }

    /// Returns values as admins see them: the item's name and the choice's.
    pub(crate) fn described(&self, values: &BTreeMap<String, String>) -> Vec<String> {
        let described = self.templates.iter().filter_map(|template| {
            let stored = values.get(&template.id)?;
            let element = template.element(|element| element.id == *stored);
            let choice = element.map_or(stored, |element| &element.name);
            Some(format!("{}: {choice}", template.name))
        });
        described.collect()
    }

    /// Returns a crew's `custom_fields`.
    pub(crate) fn values_json(
        &self,
        values: &BTreeMap<String, String>,
        null_for_unset: bool,
    ) -> Vec<Value> {
        let fields = self.templates.iter().filter_map(|template| {
            let value = values
                .get(&template.id)
                .map(|stored| template.shown(stored));
            let is_shown = value.is_some() || null_for_unset;
            is_shown.then(|| json!({"value": value, "template": template}))
        });
        fields.collect()
    }
}
