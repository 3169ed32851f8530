//! An ID token before it is signed.

use serde_json::Value;

/// An ID token before it is signed.
#[derive(Clone, Debug)]
pub struct IdToken {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// How it is signed, whatever its header says.
    pub signature: Signature,
}

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// With the published RSA key (RS256).
    Rsa,
    /// With the published EC key (ES256).
    Ec,
    /// With an RSA key that is not published.
    UnknownKey,
    /// With a MAC, whose key is the public RSA key (HS256).
    MacOfPublicKey,
    /// With a MAC, whose key is the published key set as text (HS256).
    MacOfPublishedKey,
    /// With a MAC, whose key is the client secret (HS256).
    MacOfClientSecret,
    /// Not at all.
    Nothing,
}

impl IdToken {
    /// Says in the header how the token is signed, and signs it so.
    pub fn sign_as(&mut self, algorithm: &str, signature: Signature) {
        self.header["alg"] = algorithm.into();
        self.signature = signature;
    }
}
