//! The SAML identity provider of a workspace, as read from its metadata.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What of an identity provider's metadata is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlProvider {
    /// The name by which the provider issues assertions.
    pub entity_id: String,
    /// Where browsers are sent to sign in.
    pub sign_in_url: String,
    /// The one or two certificates that the provider signs with.
    pub certificates: Vec<SamlCertificate>,
}

/// A certificate of an identity provider, pinned: its key is believed, and nothing else of it. The date is there to warn
/// people before the provider changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlCertificate {
    /// The certificate in DER, in base64.
    pub der: String,
    /// When the certificate ends.
    pub not_after: Timestamp,
}
