//! Sends the mails of the outbox: SQS → SES, one mail of the outbox a message.
//!
//! | step | file |
//! |---|---|
//! | the messages of a batch, their time limits and failures | `batch` |
//! | a mail is sent once: claimed, rendered, sent, settled | `deliver_once` |
//! | what the mail says now, or why it is dropped | `render` |
//! | mails to one person | `invitation_mails`, `password_mails`, `password_reset_mails`, `sign_in_change_mails` |
//! | mails to admins | `admin_mails`, `system_administrator_mails`, `weekly_summary` |
//! | invitations that wait: the pause, and the time between two | `invitation_limits` |
//! | who gets a mail, and the pages that it leads to | `recipients`, `links` |
//! | posts to a chat, which wait and fail apart from the mails | `chat_posts`, `chat_texts`, `chat_client` |
//! | the keys that links and passwords are derived from | `derivation_keys` |
//! | SES, its waits and rejections | `hand_to_ses` |
//! | SES's quota of 24 hours, and which mails go first | `ses_quota` |
//! | what can go wrong | `error` |

mod admin_mails;
mod batch;
mod chat_client;
mod chat_posts;
mod chat_texts;
mod deliver_once;
mod derivation_keys;
mod error;
mod hand_to_ses;
mod invitation_limits;
mod invitation_mails;
mod links;
mod password_mails;
mod password_reset_mails;
mod recipients;
mod render;
mod ses_quota;
mod sign_in_change_mails;
mod system_administrator_mails;
mod weekly_summary;

#[cfg(test)]
mod tests;

pub use batch::handle;
pub use chat_client::ChatClient;
pub use deliver_once::Delivery;
pub use derivation_keys::KnownKeys;
pub use error::DeliveryError;
pub use hand_to_ses::PATIENCE;
pub use ses_quota::KnownQuota;
