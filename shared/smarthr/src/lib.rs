//! SmartHR as this product needs it: OAuth, the whole list of crews, our two custom items, our webhook, and
//! the company's name.
//!
//! A [`Client`] is built once per process. [`Client::session`] binds it to one company's access
//! token; everything that reads or writes that company is a method of [`Session`]. Every call takes a
//! deadline and repeats what may be repeated until then; its error says whether a later call may
//! succeed ([`SmartHrError::is_transient`]).

mod circuit_breaker;
mod client;
mod company;
mod crew_page;
mod custom_fields;
mod ensure_items;
mod error;
mod items;
mod lossy_json;
mod oauth;
mod rate_limit_header;
mod rate_limit_windows;
mod rate_limiter;
mod read_crews;
mod read_employees;
mod request;
mod request_counts;
mod response;
mod retry;
mod session;
mod webhooks;
mod whole_list;

pub use client::{Client, Endpoints, Tuning};
pub use crew_page::employees_on_page;
pub use error::{SmartHrError, TransportError};
pub use items::RequiredItems;
pub use oauth::{AppCredentials, OAuthError, Tokens};
pub use read_crews::ReadCrews;
pub use read_employees::{Gap, ReadError};
pub use request_counts::RequestCounts;
pub use retry::BackoffBounds;
pub use session::{ApiAccess, Session};
pub use webhooks::Webhook;
