//! What an identity provider has to know about us.

use askama::Template;

use crate::namespaces::{EMAIL_FORMAT, METADATA, PROTOCOL};

/// A workspace as a service provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProvider {
    /// Our Entity ID, which assertions are made for.
    pub entity_id: String,
    /// Our ACS URL, to which the browser brings the response.
    pub acs_url: String,
}

#[derive(Template)]
#[template(path = "metadata.xml")]
struct Metadata<'a> {
    us: &'a ServiceProvider,
}

impl ServiceProvider {
    /// Returns our metadata, to be given to the identity provider.
    ///
    /// # Errors
    ///
    /// The template cannot be rendered, which no input can cause.
    pub fn metadata(&self) -> Result<String, askama::Error> {
        Metadata { us: self }.render()
    }
}
