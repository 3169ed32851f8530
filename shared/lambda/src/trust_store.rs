//! The certificate authorities that the AWS clients trust: Amazon's own, which sign for every
//! endpoint of AWS. Reading the system's 140 would take longer than all else at the start of a
//! function.
//!
//! Custom trust stores should have all five (<https://www.amazontrust.com/repository/>).

use std::path::{Path, PathBuf};

use aws_smithy_http_client::tls::TrustStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{self, PemObject};

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority G2.
const AMAZON: &str = include_str!("amazon-roots.pem");

/// The error of an `AWS_CA_BUNDLE` without certificates.
#[derive(Debug, thiserror::Error)]
#[error("AWS_CA_BUNDLE names {file}, which has no certificates: {why}")]
pub struct InvalidCaBundle {
    file: PathBuf,
    why: String,
}

/// Returns Amazon's authorities, or those of the file that `AWS_CA_BUNDLE` names.
pub(crate) fn trusted() -> Result<TrustStore, InvalidCaBundle> {
    let file = std::env::var_os("AWS_CA_BUNDLE").filter(|file| !file.is_empty());
    let pem = match &file {
        Some(file) => bundle(Path::new(file))?,
        None => AMAZON.into(),
    };
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// Returns the content of a file of certificates. The TLS library expects at least one.
fn bundle(file: &Path) -> Result<Vec<u8>, InvalidCaBundle> {
    let unusable = |why: String| InvalidCaBundle {
        file: file.to_owned(),
        why,
    };
    let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
    match count(&pem) {
        Ok(0) => Err(unusable("there are none in it".into())),
        Ok(_) => Ok(pem),
        Err(error) => Err(unusable(error.to_string())),
    }
}

fn count(pem: &[u8]) -> Result<usize, pem::Error> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map(|certificates| certificates.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_five_roots_of_amazon_are_trusted() {
        assert_eq!(count(AMAZON.as_bytes()).unwrap(), 5);
    }

    #[test]
    fn a_bundle_is_used_as_it_is() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/amazon-roots.pem");
        assert_eq!(bundle(Path::new(file)).unwrap(), AMAZON.as_bytes());
    }

    #[test]
    fn a_bundle_without_certificates_is_named() {
        let folder = env!("CARGO_MANIFEST_DIR");
        for (file, why) in [
            ("Cargo.toml", "there are none in it"),
            ("missing.pem", "No such file or directory (os error 2)"),
        ] {
            let file = format!("{folder}/{file}");
            let refused = bundle(Path::new(&file)).unwrap_err().to_string();
            let expected = format!("AWS_CA_BUNDLE names {file}, which has no certificates: {why}");
            assert_eq!(refused, expected);
        }
    }
}
