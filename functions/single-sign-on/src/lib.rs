//! Sign-in at the company's identity provider: `/sso/{company_code}` leads there, and the provider sends the browser
//! back to `/sso/callback/{workspace_id}`. The connection test of システム管理者 and the confirmation (本人確認) of
//! people who are signed in take the same way.
//!
//! `oidc` speaks OpenID Connect: it gets a code, and returns verified claims. `saml` does the same with SAML.
//! Everything else here does not depend on the protocol.
//!
//! It is a function of its own, so that the code that talks to identity providers is not in the others. Nobody is
//! registered here: a person is the active user of this workspace with the address that the provider vouches for.
//! Each workspace has its own redirect URI.

mod app;
mod callback;
mod confirmation;
mod connection_test;
mod flow;
mod oidc;
mod outcome;
mod pages;
mod routes;
mod saml;
mod sign_in;
mod start;
mod system_administrator;
#[cfg(test)]
mod tests;

pub use app::App;
pub use oidc::{ProviderClient, Reach};
pub use routes::router;
