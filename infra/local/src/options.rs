//! The settings of a stack.

use std::num::ParseIntError;

use crate::Error;

/// The settings of a stack.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of the stack's folder below `target/local`, which has its logs.
    pub name: String,
    /// The port of the product; 0 for any free port.
    pub port: u16,
    /// The SmartHR that the stack uses.
    pub smarthr: SmartHr,
}

/// The SmartHR of a stack: a stand-in or another server.
#[derive(Debug, Clone)]
pub enum SmartHr {
    /// A stand-in of the stack's own. The stack sets its OAuth client, redirect URI and clock.
    StandIn(smarthr_stand_in::Options),
    /// Another server that speaks SmartHR's API.
    At {
        /// The value of `SMARTHR_API_BASE_URL`.
        api: String,
        /// The value of `SMARTHR_OAUTH_BASE_URL`.
        oauth: String,
    },
}

impl Options {
    /// Returns the settings of a test: any free port, logs in `target/local/NAME`, and a SmartHR stand-in that reports
    /// changes of people only when the test asks for it, so that nothing but the nights happens otherwise.
    pub fn for_test(name: &str) -> Self {
        let smarthr = smarthr_stand_in::Options {
            deliver_by_itself: false,
            ..smarthr_stand_in::Options::default()
        };
        Self {
            name: name.to_owned(),
            port: 0,
            smarthr: SmartHr::StandIn(smarthr),
        }
    }

    /// Returns the settings of `make run`: port 8080 or `LOCAL_PORT`, and a SmartHR stand-in or the SmartHR at
    /// `SMARTHR_API_BASE_URL` and `SMARTHR_OAUTH_BASE_URL`.
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
