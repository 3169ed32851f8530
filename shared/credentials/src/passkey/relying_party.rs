//! The site that passkeys are registered for.

use url::Url;
use webauthn_rp::request::{AsciiDomain, RpId};

/// The site that passkeys are registered for and used at: the product's own origin, and nothing above or below its
/// host.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub(super) id: RpId,
    /// The only origin whose pages may ask for a passkey.
    pub(super) origin: String,
}

/// The address of the product is not one that passkeys can be registered for.
#[derive(Debug, thiserror::Error)]
#[error("PUBLIC_BASE_URL has no host that passkeys can be registered for")]
pub struct InvalidPublicAddress;

impl RelyingParty {
    /// Returns the site at an address, such as `https://app.kitera.example`.
    ///
    /// # Errors
    /// [`InvalidPublicAddress`] when the text is not a URL with a host.
    pub fn of(public_base_url: &str) -> Result<Self, InvalidPublicAddress> {
        let url = Url::parse(public_base_url).map_err(|_| InvalidPublicAddress)?;
        let host = url.host_str().ok_or(InvalidPublicAddress)?.to_owned();
        let domain = AsciiDomain::try_from(host).map_err(|_| InvalidPublicAddress)?;
        Ok(Self {
            id: RpId::Domain(domain),
            origin: url.origin().ascii_serialization(),
        })
    }
}
