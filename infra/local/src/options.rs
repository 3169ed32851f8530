use std::num::ParseIntError;

use crate::Error;

/// What may be chosen about a stack.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder below `target/local`, for logs.
    pub name: String,
    /// Port of the local address; 0 for any free one.
    pub port: u16,
    /// Which SmartHR it talks to.
    pub smarthr: SmartHr,
}

/// Which SmartHR a stack talks to.
#[derive(Debug, Clone)]
pub enum SmartHr {
    /// A stand-in of its own; the OAuth client, redirect URI and clock are filled in.
    StandIn(smarthr_stand_in::Options),
    /// One that is there already.
    At {
        /// As `SMARTHR_API_BASE_URL`.
        api: String,
        /// As `SMARTHR_OAUTH_BASE_URL`.
        oauth: String,
    },
}

impl Options {
    /// For a test: any free port, a SmartHR stand-in, logs in `target/local/NAME`.
    pub fn for_test(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            port: 0,
            smarthr: SmartHr::StandIn(smarthr_stand_in::Options::default()),
        }
    }

    /// For `make run`: port 8080 or `LOCAL_PORT`; a SmartHR stand-in, or what
    /// `SMARTHR_API_BASE_URL` and `SMARTHR_OAUTH_BASE_URL` say.
    ///
    /// # Errors
    /// `LOCAL_PORT` is not a port.
    pub fn from_environment() -> Result<Self, Error> {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let port = set("LOCAL_PORT").map_or(Ok(8080), |port| port.parse());
        let port = port.map_err(|error: ParseIntError| Error::Malformed {
            what: "LOCAL_PORT",
            reason: error.to_string(),
        })?;
        let smarthr = match (set("SMARTHR_API_BASE_URL"), set("SMARTHR_OAUTH_BASE_URL")) {
            (Some(api), Some(oauth)) => SmartHr::At { api, oauth },
            _ => SmartHr::StandIn(smarthr_stand_in::Options::default()),
        };
        Ok(Self {
            name: "run".to_owned(),
            port,
            smarthr,
        })
    }
}
