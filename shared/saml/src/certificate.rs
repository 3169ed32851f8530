//! A certificate that an identity provider signs with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_keys::{Key, loader};
use domain::SamlCertificate;
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{Decode as _, Reader as _, SliceReader};
use x509_cert::time::Time;

use crate::MetadataError;

/// Reads a certificate as metadata has it: DER in base64, with blanks.
///
/// # Errors
///
/// [`MetadataError::BadCertificate`], also for a key other than RSA with 2,048 bits or more, or an elliptic curve of NIST.
pub(crate) fn read(text: &str) -> Result<SamlCertificate, MetadataError> {
    let der: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(&der).ok();
    let certificate = bytes.and_then(|bytes| Certificate::from_der(&bytes).ok());
    let certificate = certificate
        .ok_or(MetadataError::BadCertificate)?
        .tbs_certificate;
    let read = SamlCertificate {
        der,
        not_after: timestamp(certificate.validity.not_after)?,
    };
    let key = key(&read).ok_or(MetadataError::BadCertificate)?;
    let public_key = certificate.subject_public_key_info.subject_public_key;
    if key.algorithm_name() == "RSA" && rsa_modulus_bytes(public_key.raw_bytes()) < Some(256) {
        return Err(MetadataError::BadCertificate);
    }
    Ok(read)
}

/// Returns the key of `certificate`, or nothing for one that no signature of ours is made with.
pub(crate) fn key(certificate: &SamlCertificate) -> Option<Key> {
    let bytes = STANDARD.decode(&certificate.der).ok()?;
    let key = loader::load_x509_cert_der(&bytes).ok()?;
    let signs = key.algorithm_name() == "RSA" || key.algorithm_name().starts_with("EC-P");
    signs.then_some(key)
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
