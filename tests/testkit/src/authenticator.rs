//! An authenticator that holds one passkey, and the browser around it. It knows nothing of the product's library.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// An authenticator. Tests change one thing.
pub struct Authenticator {
    /// The origin of the page that asks.
    pub origin: String,
    /// The site that the passkey is for, whatever the page says.
    pub rp_id: Option<String>,
    /// Whether it verifies who uses it.
    pub verifies_user: bool,
    /// The signature counter, to which every use adds one; `None` if it does not count, as synced passkeys.
    pub counter: Option<u32>,
    key: EcdsaKeyPair,
    credential_id: Vec<u8>,
    user_handle: Option<Value>,
}

impl Authenticator {
    /// Returns an authenticator with a new key, for pages of `origin`.
    pub fn new(origin: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self {
            origin: origin.to_owned(),
            rp_id: None,
            verifies_user: true,
            counter: Some(0),
            credential_id: key.public_key().as_ref()[1..33].to_vec(),
            key,
            user_handle: None,
        }
    }

    /// Answers options for a registration, as `PublicKeyCredential.toJSON()` does.
    pub fn register(&mut self, options: &Value) -> Value {
        self.user_handle = Some(options["user"]["id"].clone());
        let rp_id = options["rp"]["id"].as_str().unwrap();
        let mut data = self.data(rp_id, HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(
            u16::try_from(self.credential_id.len())
                .unwrap()
                .to_be_bytes(),
        );
        data.extend(&self.credential_id);
        data.extend(self.cose_key());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        let client_data = self.client_data("webauthn.create", options);
        self.answer(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "attestationObject": URL_SAFE_NO_PAD.encode(attestation),
            "transports": ["internal"],
        }))
    }

    /// Answers options for an authentication.
    pub fn authenticate(&mut self, options: &Value) -> Value {
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [&data, digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.answer(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature),
            "userHandle": self.user_handle,
        }))
    }

    fn data(&mut self, rp_id: &str, flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(rp_id);
        let verified = if self.verifies_user { USER_VERIFIED } else { 0 };
        self.counter = self.counter.map(|counter| counter + 1);
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags | USER_PRESENT | verified);
        data.extend(self.counter.unwrap_or_default().to_be_bytes());
        data
    }

    /// The public key, as a COSE key (RFC 9053) for ES256.
    fn cose_key(&self) -> Vec<u8> {
        let point = &self.key.public_key().as_ref()[1..];
        let (x, y) = point.split_at(32);
        [
            b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20",
            x,
            b"\x22\x58\x20",
            y,
        ]
        .concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        })
        .to_string()
    }

    fn answer(&self, response: &Value) -> Value {
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        })
    }
}
