//! SmartHR as this product needs it: OAuth, the whole list of crews, our two custom items, and the
//! company's name.
//!
//! A [`Client`] is built once per process. [`Client::session`] binds it to one company's access
//! token; everything that reads or writes that company hangs on the [`Session`]. Every call takes a
//! deadline and, inside it, repeats what may be repeated; its error says whether a later try
//! can help ([`SmartHrError::is_transient`]).

mod answer;
mod call;
mod client;
mod company;
mod crew_page;
mod crews;
mod ensure_items;
mod error;
mod gathered;
mod items;
mod limits;
mod oauth;
mod pacer;
mod request_counts;
mod retry;
mod session;

pub use client::{Client, Endpoints, Tuning};
pub use crew_page::employees_on_page;
pub use crews::{Gap, ReadError};
pub use error::{SmartHrError, Trouble};
pub use items::{ItemId, ItemIds, WantedItems};
pub use oauth::{AppCredentials, OAuthError, Tokens};
pub use request_counts::RequestCounts;
pub use retry::Backoff;
pub use session::{ApiAccess, Session};
