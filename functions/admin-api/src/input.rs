//! Extractors of ids and queries, which refuse with problem documents.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use domain::is_plain_id;
use serde::de::DeserializeOwned;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use web::Problem;

/// The id in the path. An id of an invalid format is treated as unknown.
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
            Ok(Path(id)) if is_plain_id(&id) => Ok(Self(id)),
            _ => Err(Problem::not_found("指定されたデータは存在しません。")),
        }
    }
}

/// The query. A malformed query is refused.
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
