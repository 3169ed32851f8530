//! Shared parts of all functions behind the HTTP API: sessions and CSRF checks, problem documents, the
//! security headers, and the layout and frame of the pages.

// The templates of this crate call `web::asset`, as those of the functions do.
extern crate self as web;

mod assets;
mod browser_name;
mod confirmation;
mod cookies;
mod frame;
mod input;
mod leave_page;
mod next_step;
mod other_sign_ins;
mod page;
mod problem;
mod problem_page;
mod problems_in_frame;
mod qr_code;
mod refused_sign_ins;
mod related_company_access;
mod remedy_page;
mod request_source;
mod return_path;
mod same_origin;
mod second_factor_due;
mod security_headers;
mod serve;
mod signed_in;
mod start_session;
mod unknown_address;

pub use assets::{asset, asset_file};
pub use browser_name::browser_name;
pub use confirmation::{
    CONFIRMATION_REQUIRED, CONFIRMED, address_after_confirming, address_to_confirm_at,
    check_confirmed, confirmed_notice, is_confirmed, page_of_form,
};
pub use cookies::{
    clearing_cookie, cookie_value, host_cookie, known_browser_cookie, known_browser_token,
    session_cookie,
};
pub use frame::{Banner, Frame, OtherWorkspace};
pub use input::{Input, LARGEST_BODY, too_large};
pub use leave_page::LeavePage;
pub use next_step::NextStep;
pub use other_sign_ins::{entering, has_not_ended, other_sign_ins, switched};
pub use page::{html_page, html_page_of_problem};
pub use problem::{Problem, ProblemCode, UNREADABLE};
pub use problem_page::ProblemPage;
pub use problems_in_frame::with_problems_in_frame;
pub use qr_code::qr_code;
pub use refused_sign_ins::{RefusedSignIn, SignInMethod, log_refused_sign_in};
pub use related_company_access::RelatedCompanyAccess;
pub use remedy_page::{ALLOWED_DOMAINS, CONTRACT, RELATED_COMPANIES, RemedyPage, remedy_page};
pub use request_source::RequestSource;
pub use return_path::{ReturnPath, to_sign_in};
pub use same_origin::{PublicOrigin, check_same_origin};
pub use second_factor_due::second_factor_due;
pub use security_headers::{secured, with_security_headers};
pub use serve::serve;
pub use signed_in::{SignedIn, session_times, token_hash_of};
pub use start_session::{
    SessionStart, StartedSession, end_previous_session, renew_recorded_session, renew_session,
    start_recorded_session, start_session,
};
