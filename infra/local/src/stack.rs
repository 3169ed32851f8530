//! Starts and ends a whole stack.

use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::deployment::{Deployment, Parameters};
use crate::folders::Folder;
use crate::invoke::Lambda;
use crate::mailbox::Mailbox;
use crate::ministack::{self, Ministack};
use crate::night::Nights;
use crate::runtime::{Servers, listen};
use crate::smarthr::SmartHrServer;
use crate::tables::Tables;
use crate::{Account, Clock, DispatchedRun, Error, Mail, Night, Options, gateway, venv};

/// A running stack. It ends when this value is dropped, and with the process in any case.
pub struct Stack {
    base_url: String,
    deployment: Deployment,
    nights: Nights,
    smarthr: SmartHrServer,
    // Fields are dropped in this order: the servers first, then AWS, then the lock of the folder.
    servers: Servers,
    ministack: Ministack,
    folder: Folder,
}

impl Stack {
    /// Starts the stack, which takes about two seconds, or a minute if `target/venv` must be created
    /// first.
    ///
    /// # Errors
    /// A port is taken, a binary is not built, Python is missing, or the template is refused.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let servers = Servers::new()?;
        let folder = Folder::take(&options.name)?;
        let clock = Clock::new(folder.join("clock"))?;

        // The listeners come first, because the deployment needs their ports.
        let (mails, mail_server) = listen(0)?;
        let (requests, address) = listen(options.port)?;
        let base_url = format!("http://localhost:{}", address.port());
        let mailbox = Mailbox::default();
        servers.spawn(mailbox.clone().serve(mails));
        let smarthr = {
            let (base_url, clock) = (base_url.clone(), clock.clone());
            servers
                .run(async move { SmartHrServer::start(options.smarthr, &base_url, &clock).await })
                .await?
        };

        let python = spawn_blocking(venv::python).await??;
        let ministack = Ministack::start(&python, &folder, mail_server)?;
        let parameters = Parameters {
            public_base_url: base_url.clone(),
            smarthr_api: smarthr.api.clone(),
            smarthr_oauth: smarthr.oauth.clone(),
            aws: ministack.endpoint().to_owned(),
        };
        let clock_file = clock.file().to_owned();
        let deployment =
            spawn_blocking(move || Deployment::make(&python, &parameters, &clock_file)).await??;

        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let nights = Nights {
            clock,
            lambda: Lambda::new(http.clone(), ministack.endpoint()),
            tables: Tables::new(ministack.endpoint(), &deployment)?,
            mailbox,
            http,
            endpoint: ministack.endpoint().to_owned(),
        };
        let routes = gateway::routes(nights.clone(), deployment.output("ApiId")?);
        servers.spawn(gateway::serve(requests, routes));
        Ok(Self {
            base_url,
            deployment,
            nights,
            smarthr,
            servers,
            ministack,
            folder,
        })
    }

    /// Returns the product's address, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the address of the SmartHR stand-in; `None` if another SmartHR is used.
    pub fn smarthr_url(&self) -> Option<&str> {
        self.smarthr
            .stand_in
            .as_ref()
            .map(smarthr_stand_in::StandIn::base_url)
    }

    /// Returns the address of the stand-in for AWS.
    pub fn aws_endpoint(&self) -> &str {
        self.ministack.endpoint()
    }

    /// Returns the AWS account of the stack.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn account(&self) -> Result<Account, Error> {
        Account::new(self.ministack.endpoint())
    }

    /// Returns one of the template's outputs, such as `UsersTable`.
    ///
    /// # Errors
    /// The template has no such output.
    pub fn output(&self, name: &str) -> Result<&str, Error> {
        self.deployment.output(name)
    }

    /// Returns the path of the log of ministack and of the functions.
    pub fn log(&self) -> PathBuf {
        self.folder.join(ministack::LOG)
    }

    /// Returns the clock of the whole stack.
    pub fn clock(&self) -> &Clock {
        &self.nights.clock
    }

    /// Invokes a function, named like its folder, such as `provision`, and returns its answer.
    ///
    /// # Errors
    /// The function failed ([`Error::Function`]) or could not be reached.
    pub async fn invoke(&self, function: &str, event: Value) -> Result<Value, Error> {
        let lambda = self.nights.lambda.clone();
        let function = function.to_owned();
        self.servers
            .run(async move { lambda.invoke(&function, &event).await })
            .await
    }

    /// Sends the schedule's event of a night at `scheduled_at`, and returns the runs that it asks for, without waiting
    /// for them. The same event again asks for the same runs.
    ///
    /// # Errors
    /// nightly-sync failed.
    pub async fn begin_night(&self, scheduled_at: Timestamp) -> Result<Vec<DispatchedRun>, Error> {
        let nights = self.nights.clone();
        self.servers
            .run(async move { nights.begin(scheduled_at).await })
            .await
    }

    /// Runs a night now, as the schedule does at 02:00, and waits until all runs have ended and all
    /// mails have arrived.
    ///
    /// # Errors
    /// A function failed, or the runs took more than ten minutes.
    pub async fn night(&self) -> Result<Night, Error> {
        let nights = self.nights.clone();
        self.servers.run(async move { nights.night().await }).await
    }

    /// Waits until no mail is being delivered, and returns all mails so far, oldest first.
    ///
    /// # Errors
    /// No mail arrived for a minute although some were being delivered; the log says why.
    pub async fn mails(&self) -> Result<Vec<Mail>, Error> {
        let nights = self.nights.clone();
        let arrived = async move { nights.mails_arrived().await };
        self.servers.run(arrived).await?;
        Ok(self.nights.mailbox.mails())
    }
}
