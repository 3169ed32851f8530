//! DynamoDB items and their attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// An item, or the key of one: attributes by name.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Returns a key of string attributes.
pub(crate) fn key<const N: usize>(attributes: [(&str, &str); N]) -> Item {
    attributes
        .map(|(name, value)| (name.to_owned(), text(value)))
        .into()
}

/// Returns a string attribute.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// Returns a number attribute.
#[expect(clippy::needless_pass_by_value, reason = "numbers are copied")]
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Returns the string attribute `name` of an item.
pub(crate) fn string<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// Lets DynamoDB delete an item after `at`, within some days.
pub(crate) fn expire_at(item: &mut Item, at: Timestamp) {
    item.insert("ttl".into(), number(at.as_second()));
}

/// Reads a value from an item; attributes that it does not know are ignored.
pub(crate) fn from_item<T: DeserializeOwned>(
    item: Item,
    what: &'static str,
) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(StoreError::corrupt(what))
}

/// Reads one record. One that cannot be read is logged by its key and attribute, which the error names.
pub(crate) fn read<T: DeserializeOwned>(item: &Item, what: &'static str) -> Result<T, StoreError> {
    serde_dynamo::from_item(item.clone()).map_err(|_: serde_dynamo::Error| {
        let attribute = unreadable_attribute::<T>(item);
        let key = |names: &[&str]| names.iter().find_map(|it| string(item, it));
        let workspace_id = key(&["workspace_id", "pk"]);
        let id = key(&["mail_id", "user_id", "sk"]);
        tracing::error!(
            what,
            workspace_id,
            id,
            attribute,
            "a stored record cannot be read"
        );
        StoreError::Corrupt {
            what,
            why: format!("this version does not know the shape of its attribute {attribute}"),
        }
    })
}

/// Reads one record of a list, as [`read`] does. One that cannot be read is left out: it must not keep the others from
/// being read.
pub(crate) fn readable<T: DeserializeOwned>(item: &Item, what: &'static str) -> Option<T> {
    read(item, what).ok()
}

/// Returns the name of the attribute because of which an item cannot be read, without its value.
pub(crate) fn unreadable_attribute<T: DeserializeOwned>(item: &Item) -> String {
    let item = serde_dynamo::AttributeValue::from(AttributeValue::M(item.clone()));
    let deserializer = serde_dynamo::Deserializer::from_attribute_value(item);
    let read: Result<T, _> = serde_path_to_error::deserialize(deserializer);
    read.err().map_or_else(String::new, |error| {
        let path = error.path().to_string();
        match path.split_once('.') {
            Some((attribute, _)) if !attribute.is_empty() => attribute.to_owned(),
            _ if path == "." => "one that is missing".to_owned(),
            _ => path,
        }
    })
}

/// Writes a value as an item.
pub(crate) fn to_item<T: Serialize>(value: &T, what: &'static str) -> Result<Item, StoreError> {
    serde_dynamo::to_item(value).map_err(StoreError::corrupt(what))
}
