//! The keys of the provider, and tokens signed with them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use aws_lc_rs::{hmac, signature::RsaSubjectPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::token::{IdToken, Signature};

pub(crate) struct Keys {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    /// A key that the provider does not publish.
    unknown: RsaKeyPair,
}

impl Keys {
    pub(crate) fn generate() -> Self {
        Self {
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
            ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
            unknown: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
        }
    }

    /// Returns the published key set (RFC 7517).
    pub(crate) fn published(&self) -> Value {
        let key = self.rsa.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let modulus = key.modulus().big_endian_without_leading_zero();
        let exponent = key.exponent().big_endian_without_leading_zero();
        let point = self.ec.public_key().as_ref();
        json!({ "keys": [
            { "kty": "RSA", "use": "sig", "kid": "rsa", "n": number(modulus), "e": number(exponent) },
            {
                "kty": "EC", "use": "sig", "kid": "ec", "crv": "P-256",
                "x": number(&point[1..33]), "y": number(&point[33..65]),
            },
        ]})
    }

    /// Returns the token as it goes to the client (RFC 7515, section 3.1).
    pub(crate) fn sign(&self, token: &IdToken, client_secret: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&token.header), part(&token.claims));
        let signature = match token.signature {
            Signature::Rsa => rsa(&self.rsa, &signed),
            Signature::UnknownKey => rsa(&self.unknown, &signed),
            Signature::Ec => {
                let random = SystemRandom::new();
                let signature = self.ec.sign(&random, signed.as_bytes());
                signature.unwrap().as_ref().to_vec()
            }
            Signature::MacOfPublicKey => {
                let key: &RsaSubjectPublicKey = self.rsa.public_key();
                mac(key.as_ref(), &signed)
            }
            Signature::MacOfPublishedKey => mac(self.published().to_string().as_bytes(), &signed),
            Signature::MacOfClientSecret => mac(client_secret.as_bytes(), &signed),
            Signature::Nothing => Vec::new(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn rsa(key: &RsaKeyPair, signed: &str) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(
        &RSA_PKCS1_SHA256,
        &random,
        signed.as_bytes(),
        &mut signature,
    )
    .unwrap();
    signature
}

fn mac(key: &[u8], signed: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
}
