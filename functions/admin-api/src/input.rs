//! What comes in: ids and queries whose refusals are problem documents.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use web::Problem;

/// The id in the path. One that cannot be ours is as unknown as any other.
pub(crate) struct Id(pub(crate) String);

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new().schema_type(Type::String);
        id.pattern(Some("^[A-Za-z0-9_-]{1,100}$")).into()
    }
}

impl ToSchema for Id {}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) if is_plain(&id) => Ok(Self(id)),
            _ => Err(Problem::not_found("指定されたデータは存在しません。")),
        }
    }
}

/// Whether a text can be an id of ours: anything else never reaches a table's key.
pub(crate) fn is_plain(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The query.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(_) => Err(Problem::bad_request(
                "bad_request",
                "検索条件が正しくありません。",
            )),
        }
    }
}

/// A text that can be left as it is, replaced, or taken away with `null`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Not mentioned.
    #[default]
    Keep,
    /// `null`, or nothing but blanks.
    Remove,
    /// Something else.
    Set(String),
}

impl<'de> Deserialize<'de> for Edit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(match text.filter(|text| !text.trim().is_empty()) {
            Some(text) => Self::Set(text),
            None => Self::Remove,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Form {
        #[serde(default)]
        email: Edit,
    }

    #[test]
    fn leaving_a_field_out_is_not_taking_it_away() {
        let edit = |json: &str| serde_json::from_str::<Form>(json).unwrap().email;
        assert_eq!(edit("{}"), Edit::Keep);
        assert_eq!(edit(r#"{"email":null}"#), Edit::Remove);
        assert_eq!(edit(r#"{"email":" "}"#), Edit::Remove);
        assert_eq!(edit(r#"{"email":"a@b.jp"}"#), Edit::Set("a@b.jp".into()));
    }

    #[test]
    fn an_id_that_could_be_another_key_is_none() {
        assert!(is_plain("usr_0aF-9"));
        for wrong in ["", "deleted#ws", "a/b", "あ", &"a".repeat(101)] {
            assert!(!is_plain(wrong), "{wrong}");
        }
    }
}
