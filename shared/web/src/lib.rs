//! What all functions behind the HTTP API share: who is signed in, that a write is meant, how
//! an error looks, and the headers and the frame of every page.

mod cookie;
mod frame;
mod input;
mod origin;
mod page;
mod problem;
mod refused;
mod security_headers;
mod serve;
mod signed_in;
mod start_session;
mod unknown_address;

pub use cookie::{clearing_cookie, session_cookie};
pub use frame::Frame;
pub use input::{Input, LARGEST_BODY, too_large};
pub use origin::{PublicOrigin, check_same_origin};
pub use page::{ProblemPage, html_page, script, stylesheet};
pub use problem::Problem;
pub use refused::{Sessions, frame_refusals};
pub use security_headers::{policy_with_forms_to, secured, with_security_headers};
pub use serve::serve;
pub use signed_in::{
    SignedIn, check_csrf, check_csrf_field, require_signed_in, signed_in, token_hash_of,
};
pub use start_session::{StartedSession, start_session};
