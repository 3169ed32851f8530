//! The process of chromedriver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a browser may take to close.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many chromedrivers are started until one listens.
const MAX_ATTEMPTS: usize = 5;

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
    ///
    /// It looks for a port that is free on IPv4 and then listens on IPv6 as well: where another test
    /// listens on that port meanwhile, it ends, and the next one chooses another port.
    pub(crate) fn start() -> Self {
        (0..MAX_ATTEMPTS)
            .find_map(|_| Self::start_once())
            .expect("chromedriver printed why it does not listen")
    }

    fn start_once() -> Option<Self> {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-path=/dev/null"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver is installed: `infra/tools/install.sh browser`");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            eprintln!("chromedriver: {line}");
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let Some(port) = port else {
            process.wait().expect("chromedriver ends");
            return None;
        };
        Some(Self {
            process,
            port,
            session: None,
        })
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
