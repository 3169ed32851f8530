//! What happened per person: the rows of the history and of the sync log.

mod action;
mod category;
pub mod cause;
mod field_change;
mod outcome;
mod row;
mod rows_of_plan;

pub use action::{Action, action_of};
pub use category::Category;
pub use field_change::FieldChange;
pub use outcome::Outcome;
pub use row::Row;
pub use rows_of_plan::{GONE_FROM_SMARTHR, STILL_ENTERS, row_of_change, rows_of_rest};
