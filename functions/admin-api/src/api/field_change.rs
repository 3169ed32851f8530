//! The change of one field of a user, as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

/// The change of one field.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldChangeView {
    /// The label of the field.
    pub(crate) field: String,
    /// The value before; empty when there is none.
    pub(crate) old: String,
    /// The value after; empty when there is none.
    pub(crate) new: String,
}
