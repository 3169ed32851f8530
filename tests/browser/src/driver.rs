//! chromedriver, as a process of our own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a browser may take to close.
const PATIENCE: Duration = Duration::from_secs(5);

/// A chromedriver; ends with its browser when it is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
    /// Its browser, once it is open.
    pub(crate) session: Option<String>,
}

impl Driver {
    /// Starts one on a port that it chooses itself.
    pub(crate) fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-path=/dev/null"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver is installed: `infra/tools/install.sh browser`");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines
            .find_map(|line| {
                let line = line.ok()?;
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver tells its port");
        Self {
            process,
            port,
            session: None,
        }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    /// A test that failed has not closed its browser, which a driver that is killed would leave behind.
    fn drop(&mut self) {
        if let Some(session) = &self.session
            && let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.port))
        {
            let close = format!(
                "DELETE /session/{session} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            );
            let asked = driver
                .set_read_timeout(Some(PATIENCE))
                .and_then(|()| driver.write_all(close.as_bytes()));
            if asked.is_ok() {
                // "HTTP/1.1 200": it is closed.
                driver.read_exact(&mut [0; 12]).ok();
            }
        }
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}
