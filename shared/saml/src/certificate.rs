//! A certificate that an identity provider signs with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_keys::{Key, loader};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{Decode as _, Reader as _, SliceReader};
use x509_cert::time::Time;

use crate::MetadataError;

/// A certificate of the identity provider, pinned: only its key is believed, and nothing else of it. SAML takes the key
/// from the metadata, not from a chain of trust; the dates are there to warn people before the provider changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningCertificate {
    /// The certificate in DER, in base64.
    der: String,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl SigningCertificate {
    /// Reads a certificate as metadata has it: DER in base64, with blanks.
    ///
    /// # Errors
    ///
    /// [`MetadataError::BadCertificate`], also for a key other than RSA with 2,048 bits or more, or an elliptic curve of
    /// NIST.
    pub(crate) fn from_base64(text: &str) -> Result<Self, MetadataError> {
        let der: String = text.split_whitespace().collect();
        let bytes = STANDARD
            .decode(&der)
            .map_err(|_| MetadataError::BadCertificate)?;
        let certificate =
            Certificate::from_der(&bytes).map_err(|_| MetadataError::BadCertificate)?;
        let public_key = &certificate.tbs_certificate.subject_public_key_info;
        let validity = certificate.tbs_certificate.validity;
        let read = Self {
            der,
            not_before: timestamp(validity.not_before)?,
            not_after: timestamp(validity.not_after)?,
        };
        let key = read.key().ok_or(MetadataError::BadCertificate)?;
        if key.algorithm_name() == "RSA"
            && rsa_modulus_bytes(public_key.subject_public_key.raw_bytes()) < Some(256)
        {
            return Err(MetadataError::BadCertificate);
        }
        Ok(read)
    }

    /// Returns since when the certificate is valid.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Returns when the certificate ends.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Returns the key, or nothing for one that no signature of ours is made with.
    pub(crate) fn key(&self) -> Option<Key> {
        let bytes = STANDARD.decode(&self.der).ok()?;
        let key = loader::load_x509_cert_der(&bytes).ok()?;
        let signs = key.algorithm_name() == "RSA" || key.algorithm_name().starts_with("EC-P");
        signs.then_some(key)
    }
}

/// Returns the length of the modulus in `SEQUENCE { modulus INTEGER, exponent INTEGER }`. The library verifies with RSA
/// keys from 1,024 bits on.
fn rsa_modulus_bytes(public_key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(public_key).ok()?;
    let modulus = reader.sequence(|reader| {
        let modulus = UintRef::decode(reader)?;
        UintRef::decode(reader)?;
        Ok(modulus.as_bytes().len())
    });
    modulus.ok()
}

fn timestamp(time: Time) -> Result<Timestamp, MetadataError> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs())
        .map_err(|_| MetadataError::BadCertificate)?;
    Timestamp::from_second(seconds).map_err(|_| MetadataError::BadCertificate)
}
