//! One change, or one step of a run, as one DynamoDB transaction: users, their identifiers, the number
//! of users, the lease, the rows of the log, and the mails to send. All of it is written, or nothing.
//!
//! [`Store::commit`](crate::Store::commit) collects the items and executes them:
//!
//! | items | file |
//! |---|---|
//! | seats and lease, always the first one | `seats_and_lease_item` |
//! | or else the count of changes | [`users_version`](crate::users_version) |
//! | created, changed, deleted and restored users | `user_items` |
//! | who of them is an admin | `admin_items` |
//! | reservations of e-mail addresses and employee codes | `identifier_items` |
//! | second factors | [`second_factors`](crate::second_factors) |
//! | mails | [`outbox`](crate::outbox) |
//! | what initial passwords are derived from, and whose they are | [`password_issues`](crate::password_issues) |
//! | how far an import has come | [`user_imports`](crate::user_imports) |
//! | what the audit trail says | [`audit`](crate::audit) |
//! | rows of a run's step | [`run_rows`](crate::run_rows) |

mod admin_items;
mod commit;
mod execute;
mod identifier_items;
mod items;
mod seats_and_lease_item;
mod user_items;
mod user_write;

pub use commit::{Commit, MAX_TRANSACTION_ITEMS, Step};
pub use domain::CredentialHashChanges;
pub(crate) use execute::FirstItem;
pub(crate) use items::{delete, put, update};
pub use user_write::UserWrite;

pub use crate::user_imports::ImportStep;
