//! The request that sends a browser to the identity provider.

use std::io::Write as _;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::SamlProvider;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use url::Url;

use crate::ServiceProvider;
use crate::namespaces::{ASSERTION, PROTOCOL};

/// A request to sign somebody in. It is not signed: the response is bound to its id, and goes to the ACS URL that the
/// provider knows from our metadata.
pub struct AuthnRequest<'a> {
    /// Who asks.
    pub from: &'a ServiceProvider,
    /// The id that the response answers, an XML name: a letter or `_` first.
    pub id: &'a str,
    /// When it is asked, in whole seconds.
    pub issued_at: Timestamp,
    /// Whether the person has to sign in again, even if the identity provider knows them already.
    pub force_sign_in: bool,
}

#[derive(Template)]
#[template(path = "authn_request.xml")]
struct Message<'a> {
    request: &'a AuthnRequest<'a>,
    destination: &'a str,
}

impl AuthnRequest<'_> {
    /// Returns the address at `provider` to which the browser is sent: binding HTTP-Redirect. `relay_state` comes back
    /// beside the response, unsigned.
    ///
    /// # Errors
    ///
    /// The provider's address is none, which metadata is not taken with.
    pub fn address(&self, provider: &SamlProvider, relay_state: &str) -> std::io::Result<Url> {
        let destination = &provider.sign_in_url;
        let message = Message {
            request: self,
            destination,
        }
        .render()
        .map_err(std::io::Error::other)?;
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        deflated.write_all(message.trim_end().as_bytes())?;
        let mut url = Url::parse(destination).map_err(std::io::Error::other)?;
        url.query_pairs_mut()
            .append_pair("SAMLRequest", &STANDARD.encode(deflated.finish()?))
            .append_pair("RelayState", relay_state);
        Ok(url)
    }
}
