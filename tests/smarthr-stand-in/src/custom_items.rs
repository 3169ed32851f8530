//! Custom items of crews (カスタム従業員項目): groups, templates, and values in the form the API gives.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::ApiError;

/// A group of custom items.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) position: Option<i32>,
    pub(crate) access_type: AccessType,
    pub(crate) updated_at: String,
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

/// A custom item.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    pub(crate) elements: Option<Vec<Element>>,
    pub(crate) group_id: String,
    pub(crate) hint: Option<String>,
    pub(crate) scale: Option<i32>,
    pub(crate) separated_by_commas: Option<bool>,
    pub(crate) position: i32,
    pub(crate) updated_at: String,
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

/// A choice of an item of the kind enum.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Element {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) physical_name: Option<String>,
    pub(crate) position: i32,
}

impl Template {
    /// Turns a value as the API takes it (of an enum: an element's physical name or id, never its
    /// display name) into the one that is kept. None if the item has no such choice.
    pub(crate) fn kept(&self, value: &str) -> Option<String> {
        if self.kind != Kind::Enum {
            return Some(value.to_owned());
        }
        let elements = self.elements.iter().flatten();
        elements
            .into_iter()
            .find(|element| element.id == value || element.physical_name.as_deref() == Some(value))
            .map(|element| element.id.clone())
    }

    /// The id of the choice that admins see under this name.
    pub(crate) fn choice_named(&self, name: &str) -> Option<&Element> {
        let mut elements = self.elements.iter().flatten();
        elements.find(|element| element.name == name)
    }

    /// A kept value as the API shows it: an element's physical name if it has one, else its id.
    fn shown_value(&self, kept: &str) -> String {
        let mut elements = self.elements.iter().flatten();
        elements
            .find(|element| element.id == kept)
            .and_then(|element| element.physical_name.clone())
            .unwrap_or_else(|| kept.to_owned())
    }
}

/// All custom items of a company.
#[derive(Default)]
pub(crate) struct CustomItems {
    pub(crate) groups: Vec<Group>,
    pub(crate) templates: Vec<Template>,
}

impl CustomItems {
    pub(crate) fn template(&self, id: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == id)
    }

    /// Deletes a group with its items. Gives the ids of the items that went, whose values have to
    /// go too; None if there is no such group.
    pub(crate) fn delete_group(&mut self, id: &str) -> Option<BTreeSet<String>> {
        let index = self.groups.iter().position(|group| group.id == id)?;
        self.groups.remove(index);
        let (gone, kept) = std::mem::take(&mut self.templates)
            .into_iter()
            .partition(|template| template.group_id == id);
        self.templates = kept;
        let gone: Vec<Template> = gone;
        Some(gone.into_iter().map(|template| template.id).collect())
    }

    /// Deletes one item; None if there is no such item.
    pub(crate) fn delete_template(&mut self, id: &str) -> Option<BTreeSet<String>> {
        let index = self
            .templates
            .iter()
            .position(|template| template.id == id)?;
        Some(BTreeSet::from([self.templates.remove(index).id]))
    }

    /// A group as the API shows it, with its items when they were asked for.
    pub(crate) fn shown_group(&self, group: &Group, with_templates: bool) -> Value {
        let mut shown = json!(group);
        if with_templates {
            let templates = self.templates.iter();
            let own: Vec<&Template> = templates.filter(|item| item.group_id == group.id).collect();
            shown["templates"] = json!(own);
        }
        shown
    }

    /// Reads the `custom_fields` of a write: template ids with the values to keep. A template may
    /// be named by `template_id`, as the API takes it, or by `template.id`, as it shows it.
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
                    let kept = template.kept(value);
                    Some(kept.ok_or_else(|| refused("は一覧にありません"))?)
                }
                _ => return Err(refused("は文字列で指定してください")),
            };
            choices.push((template.id.clone(), value));
        }
        Ok(choices)
    }

    /// Values as admins see them: the item's name and the choice's.
    pub(crate) fn described(&self, values: &BTreeMap<String, String>) -> Vec<String> {
        let described = self.templates.iter().filter_map(|template| {
            let kept = values.get(&template.id)?;
            let mut elements = template.elements.iter().flatten();
            let element = elements.find(|element| element.id == *kept);
            let choice = element.map_or(kept, |element| &element.name);
            Some(format!("{}: {choice}", template.name))
        });
        described.collect()
    }

    /// A crew's `custom_fields`.
    pub(crate) fn shown_values(
        &self,
        values: &BTreeMap<String, String>,
        null_for_unset: bool,
    ) -> Vec<Value> {
        self.templates
            .iter()
            .filter_map(|template| match values.get(&template.id) {
                Some(kept) => Some(json!({
                    "value": template.shown_value(kept),
                    "template": template,
                })),
                None if null_for_unset => Some(json!({"value": null, "template": template})),
                None => None,
            })
            .collect()
    }
}
