//! Whom the AWS clients trust: Amazon's own roots, as every end point of AWS has a certificate of theirs. Reading
//! the system's hundred and forty would take longer than all else at the start of a function.
//!
//! Custom trust stores should have all five (<https://www.amazontrust.com/repository/>).

use std::path::{Path, PathBuf};

use aws_smithy_http_client::tls::TrustStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{self, PemObject};

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority G2.
const AMAZON: &str = include_str!("amazon-roots.pem");

/// `AWS_CA_BUNDLE` names a file that gives no certificates.
#[derive(Debug, thiserror::Error)]
#[error("AWS_CA_BUNDLE names {file}, which gives no certificates: {why}")]
pub struct InvalidCaBundle {
    file: PathBuf,
    why: String,
}

/// Those of the file that `AWS_CA_BUNDLE` names instead, if it does.
pub(crate) fn trusted() -> Result<TrustStore, InvalidCaBundle> {
    let file = std::env::var_os("AWS_CA_BUNDLE").filter(|file| !file.is_empty());
    let pem = match &file {
        Some(file) => bundle(Path::new(file))?,
        None => AMAZON.into(),
    };
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// What a file of certificates says. The TLS library takes it for granted that there are some.
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
    fn a_bundle_is_taken_as_it_is() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/amazon-roots.pem");
        assert_eq!(bundle(Path::new(file)).unwrap(), AMAZON.as_bytes());
    }

    #[test]
    fn a_bundle_that_gives_no_certificates_is_named() {
        let folder = env!("CARGO_MANIFEST_DIR");
        for (file, why) in [
            ("Cargo.toml", "there are none in it"),
            ("missing.pem", "No such file or directory (os error 2)"),
        ] {
            let file = format!("{folder}/{file}");
            let refused = bundle(Path::new(&file)).unwrap_err().to_string();
            let expected =
                format!("AWS_CA_BUNDLE names {file}, which gives no certificates: {why}");
            assert_eq!(refused, expected);
        }
    }
}
