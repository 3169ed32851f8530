//! A real OpenID provider: `oidc-provider` (npm), which `infra/tools/install.sh browser` installs, as a process of its
//! own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use end_to_end::Story;

use crate::files::target;

/// The client id of KiteRa at the provider.
pub const CLIENT_ID: &str = "kitera";
/// The client secret of KiteRa at the provider.
pub const CLIENT_SECRET: &str = "secret-of-the-browser-test";

/// A provider with which the workspace of a story is registered. Anybody signs in there with their address.
#[derive(Debug)]
pub struct IdentityProvider {
    /// Its issuer identifier.
    pub issuer: String,
    process: Child,
    /// Kept open: the provider ends when it cannot write.
    _output: BufReader<ChildStdout>,
}

impl IdentityProvider {
    /// Starts it on a free port, with the clock of the story.
    pub fn start(story: &Story) -> Self {
        let folder = target().join("identity-provider");
        let architecture = if cfg!(target_arch = "aarch64") {
            "arm64"
        } else {
            "x64"
        };
        let node = format!("node_modules/node-linux-{architecture}/bin/node");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/identity-provider/provider.js");
        std::fs::copy(script, folder.join("provider.js")).unwrap();
        let redirect_uri = format!(
            "{}/sso/callback/{}",
            story.stack.base_url(),
            story.workspace_id
        );
        let clock: &Path = story.stack.clock().file();
        let mut process = Command::new(folder.join(node))
            .arg("provider.js")
            .arg(redirect_uri)
            .arg(clock)
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("oidc-provider is installed: `infra/tools/install.sh browser`");
        let mut issuer = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut issuer).unwrap();
        Self {
            issuer: issuer.trim().to_owned(),
            process,
            _output: output,
        }
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
