//! The values that forms and queries send, which are those of the JSON API.

use serde::Serialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

/// Returns the name of a value of an enum, as in the JSON API.
pub(crate) fn wire_name<T: Serialize>(value: T) -> String {
    let name = serde_json::to_value(value).ok();
    name.as_ref()
        .and_then(|name| name.as_str())
        .unwrap_or_default()
        .to_owned()
}

/// Returns the value of a name; `None` for an unknown one.
pub(crate) fn value_of<T: DeserializeOwned>(name: &str) -> Option<T> {
    let name: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(name).ok()
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;

    #[test]
    fn a_name_leads_back_to_its_value_and_others_to_none() {
        for role in Role::ALL {
            assert_eq!(value_of(&wire_name(role)), Some(role));
        }
        assert_eq!(value_of::<Role>("owner"), None);
    }
}
