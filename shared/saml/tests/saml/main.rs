//! Sign-ins by SAML: what is read, what is refused, and attacks.

mod attacks;
mod metadata;
mod reading;
mod real_providers;
mod refusals;
mod requests;
mod sign_in;
mod wrapping;
