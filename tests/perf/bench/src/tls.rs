//! TLS in front of a test environment's AWS, with a certificate that only its clients trust.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::Error;

/// The roots that a function reads in AWS too.
const AMAZON_ROOTS: &str = include_str!("../../../../shared/lambda/src/amazon-roots.pem");

/// An endpoint with TLS.
pub(crate) struct TlsEndpoint {
    /// The URL.
    pub(crate) url: String,
    /// The file for `AWS_CA_BUNDLE`: Amazon's roots and the endpoint's.
    pub(crate) roots: PathBuf,
}

impl TlsEndpoint {
    /// Opens an endpoint in front of `upstream`, a `host:port`; writes the roots into `directory`.
    pub(crate) async fn open(upstream: String, directory: &Path) -> Result<Self, Error> {
        let mut root = CertificateParams::new(Vec::new())?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_key = KeyPair::generate()?;
        let root_pem = root.self_signed(&root_key)?.pem();
        let key = KeyPair::generate()?;
        let leaf = CertificateParams::new(vec!["localhost".to_owned()])?
            .signed_by(&key, &Issuer::new(root, root_key))?;
        let roots = directory.join("bench-roots.pem");
        std::fs::write(&roots, AMAZON_ROOTS.to_owned() + &root_pem)?;

        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        tokio::spawn(async move {
            while let Ok((outside, _)) = listener.accept().await {
                let (acceptor, upstream) = (acceptor.clone(), upstream.clone());
                tokio::spawn(async move { pass(&acceptor, outside, &upstream).await });
            }
        });
        Ok(Self {
            url: format!("https://localhost:{port}"),
            roots,
        })
    }
}

async fn pass(acceptor: &TlsAcceptor, outside: TcpStream, upstream: &str) -> Result<(), Error> {
    let mut outside = acceptor.accept(outside).await?;
    let mut inside = TcpStream::connect(upstream).await?;
    copy_bidirectional(&mut outside, &mut inside).await?;
    Ok(())
}
