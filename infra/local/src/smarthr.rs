//! The SmartHR that a stack talks to: the stand-in, or another server.

use smarthr_stand_in::StandIn;

use crate::deployment::{SMARTHR_CLIENT_ID, SMARTHR_CLIENT_SECRET};
use crate::{Clock, Error, SmartHr};

/// The SmartHR of a running stack.
pub(crate) struct SmartHrServer {
    /// The value of `SMARTHR_API_BASE_URL`.
    pub(crate) api: String,
    /// The value of `SMARTHR_OAUTH_BASE_URL`.
    pub(crate) oauth: String,
    /// The stand-in, which runs until it is dropped; `None` for another SmartHR.
    pub(crate) stand_in: Option<StandIn>,
}

impl SmartHrServer {
    /// Starts the stand-in, if `smarthr` is one, on the current runtime, with the deployed OAuth
    /// client, the product's callback address, webhooks on this machine, and the stack's clock.
    ///
    /// # Errors
    /// No port is free.
    pub(crate) async fn start(
        smarthr: SmartHr,
        base_url: &str,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let mut options = match smarthr {
            SmartHr::StandIn(options) => options,
            SmartHr::At { api, oauth } => {
                return Ok(Self {
                    api,
                    oauth,
                    stand_in: None,
                });
            }
        };
        SMARTHR_CLIENT_ID.clone_into(&mut options.client_id);
        SMARTHR_CLIENT_SECRET.clone_into(&mut options.client_secret);
        options.redirect_uris = vec![format!("{base_url}/smarthr/callback")];
        options.private_webhooks = true;
        options.clock_offset_file = Some(clock.file().to_owned());
        let stand_in = StandIn::start(options)
            .await
            .map_err(Error::io("starting the SmartHR stand-in"))?;
        let base = stand_in.base_url();
        Ok(Self {
            api: format!("{base}/api"),
            oauth: format!("{base}/oauth"),
            stand_in: Some(stand_in),
        })
    }
}
