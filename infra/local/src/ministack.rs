//! Starts and ends ministack, the stand-in for AWS.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use aws_sdk_dynamodb::config::Credentials;

use crate::Error;
use crate::folders::{self, Folder};

/// The name of the log in the stack's folder.
pub(crate) const LOG: &str = "ministack.log";
/// The AWS region of the stack.
pub(crate) const REGION: &str = "ap-northeast-1";

/// Returns the credentials of the account's owner, who may do everything. Functions have the
/// credentials of their roles.
pub(crate) fn credentials() -> Credentials {
    Credentials::new("test", "test", None, None, "local")
}

/// The stand-in for AWS. It ends when this value is dropped, and with this program in any case: see
/// `launch.py`.
pub(crate) struct Ministack {
    endpoint: String,
    process: Child,
    // ministack ends when this pipe is closed.
    input: Option<ChildStdin>,
}

impl Ministack {
    /// Starts ministack on a free port of 127.0.0.1; requests wait until it is ready. Mails go to
    /// `mail_server`. The output, including the functions', goes to [`LOG`].
    ///
    /// # Errors
    /// The process cannot be started.
    pub(crate) fn start(
        python: &Path,
        folder: &Folder,
        mail_server: SocketAddr,
    ) -> Result<Self, Error> {
        let mut process = Command::new(python)
            .arg(folders::root().join("infra/local/launch.py"))
            // Functions inherit the environment: nothing of the developer's, such as real AWS
            // credentials, may reach them.
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TMPDIR", folder.join("tmp"))
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_REGION", REGION)
            // Functions may do only what their roles in the template allow, as in AWS.
            .env("AUTH", "true")
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .env("SMTP_HOST", mail_server.to_string())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(folder.log(LOG)?)
            .spawn()
            .map_err(Error::io("starting ministack"))?;

        let input = process.stdin.take();
        let mut port = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output)
                .read_line(&mut port)
                .map_err(Error::io("reading ministack's port"))?;
        }
        let port: u16 = port.trim().parse().map_err(|_| Error::Malformed {
            what: "ministack's port",
            reason: format!("it printed {port:?}; see {}", folder.join(LOG).display()),
        })?;
        Ok(Self {
            endpoint: format!("http://127.0.0.1:{port}"),
            process,
            input,
        })
    }

    /// Returns ministack's address, for `AWS_ENDPOINT_URL`.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Drop for Ministack {
    fn drop(&mut self) {
        drop(self.input.take());
        // ministack kills itself and its children; this only reaps the process.
        _ = self.process.wait();
    }
}
