//! SAML 2.0 Web Browser SSO, as a service provider: a request that sends the browser to the identity provider, and the
//! response that the browser brings back. Bytes in, claims out: nothing else of SAML leaves this crate.
//!
//! `signature.rs` lets `bergshamra-dsig` verify, and takes only the one form of signature that identity providers make.
//! `response.rs` reads claims from the element that was verified, in the same tree, and from no other.

mod authn_request;
mod certificate;
mod claims;
mod conditions;
mod metadata;
mod metadata_error;
mod namespaces;
mod refusal;
mod response;
mod service_provider;
mod signature;
mod structure;
mod subject;
mod time;
mod xml;

pub use authn_request::AuthnRequest;
pub use claims::Claims;
pub use metadata::read_metadata;
pub use metadata_error::MetadataError;
pub use refusal::Refusal;
pub use response::{Expected, read_response};
pub use service_provider::ServiceProvider;
