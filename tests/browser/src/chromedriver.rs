//! The process of chromedriver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a browser may take to close.
const PATIENCE: Duration = Duration::from_secs(5);

/// A chromedriver, which ends with its browser when it is dropped.
#[derive(Debug)]
pub(crate) struct ChromeDriver {
    process: Child,
    port: u16,
    /// The WebDriver session of its browser, once that is open.
    pub(crate) session: Option<String>,
}

impl ChromeDriver {
    /// Starts chromedriver on a port that it chooses itself.
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
            .expect("chromedriver prints its port");
        Self {
            process,
            port,
            session: None,
        }
    }

    /// Returns its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for ChromeDriver {
    /// Closes the browser, which a killed driver would leave behind.
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
                // Enough to know that the browser is closed: "HTTP/1.1 200".
                driver.read_exact(&mut [0; 12]).ok();
            }
        }
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}
