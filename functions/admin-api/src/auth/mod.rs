//! Authentication and authorization. Every handler of the API takes an extractor of [`api`], and every
//! page one of [`page`], so that none can forget to check the sign-in, the role and, for a write, the
//! CSRF token.

pub(crate) mod api;
pub(crate) mod page;
