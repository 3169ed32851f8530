//! A real SAML identity provider: SimpleSAMLphp (Debian), which `infra/tools/install.sh browser` installs, in PHP's own
//! server.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, Command, Stdio};

use end_to_end::Story;

use crate::files::folder;

/// Where the configuration of the provider is.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/saml-identity-provider");

/// A provider with which the workspace of a story is registered. It has the people of `config/authsources.php`, and the
/// system's clock, which a story has until its first night.
#[derive(Debug)]
pub struct SamlIdentityProvider {
    url: String,
    process: Child,
    /// Read no further, but open: PHP writes its log there.
    _log: BufReader<ChildStderr>,
}

impl SamlIdentityProvider {
    /// Starts it on a free port, at another site than the product.
    pub fn start(story: &Story) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap();
        drop(port);
        let folder = folder(format!("saml-identity-provider/{}", address.port()));
        let key = Command::new("php")
            .arg(format!("{HERE}/make-key.php"))
            .arg(&folder)
            .status();
        assert!(
            key.expect("PHP is installed: `infra/tools/install.sh browser`")
                .success()
        );
        let url = format!("http://{address}");
        let (base, id) = (story.stack.base_url(), &story.workspace_id);
        let mut process = Command::new("php")
            .args([
                "-S",
                &address.to_string(),
                "-t",
                "/usr/share/simplesamlphp/www",
            ])
            .env("SIMPLESAMLPHP_CONFIG_DIR", format!("{HERE}/config"))
            .env("IDP_URL", &url)
            .env("IDP_FOLDER", &folder)
            .env("SP_ENTITY_ID", format!("{base}/sso/metadata/{id}"))
            .env("SP_ACS_URL", format!("{base}/sso/acs/{id}"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        log.read_line(&mut String::new()).unwrap();
        Self {
            url,
            process,
            _log: log,
        }
    }

    /// Returns its metadata, as an admin downloads it there.
    pub async fn metadata(&self) -> String {
        let address = format!("{}/saml2/idp/metadata.php", self.url);
        let answer = reqwest::get(address).await.unwrap();
        answer.text().await.unwrap()
    }
}

impl Drop for SamlIdentityProvider {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
