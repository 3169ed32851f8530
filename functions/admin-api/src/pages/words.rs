//! The values that forms and queries send, which are those of the JSON API.

use serde::Serialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

/// Returns the word for a value of an enum, as in the JSON API.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref()
        .and_then(|word| word.as_str())
        .unwrap_or_default()
        .to_owned()
}

/// Returns the value of a word; `None` for an unknown word.
pub(crate) fn value_of<T: DeserializeOwned>(word: &str) -> Option<T> {
    let word: StrDeserializer<'_, Error> = word.into_deserializer();
    T::deserialize(word).ok()
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;

    #[test]
    fn a_word_leads_back_to_its_value_and_others_to_none() {
        for role in Role::ALL {
            assert_eq!(value_of(&word(role)), Some(role));
        }
        assert_eq!(value_of::<Role>("owner"), None);
    }
}
