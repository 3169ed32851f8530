//! OpenID Connect: discovery, the way to the provider, and an authorization code exchanged for verified claims.

mod authorize;
mod claims;
mod discovery;
mod error;
mod http;
mod public_address;
mod types;

pub(crate) use authorize::Authorization;
pub(crate) use claims::{Claims, Redemption};
pub(crate) use error::{OidcError, TokenFault};
pub use http::{ProviderClient, Reach};
