//! A workspace that is connected to a SmartHR company, and everything that its runs talk to.

use std::sync::Arc;

use connection::Connections;
use credentials::Random;
use domain::{CrewId, Group, GroupId, Workspace, WorkspaceId, day_entry_id};
use domain::{Mode, Run, Trigger};
use lambda::SdkConfig;
use smarthr::{Client, Endpoints, Tuning};
use smarthr_stand_in::{Options, StandIn};
use storage::Store;

use storage::queues::{QueueUrls, Queues, RunMessage};
use storage::seats_and_lease::SeatsAndLease;
use storage::secrets::{SecretNames, Secrets};
use storage::sync_logs::SyncLogs;
use storage::testing::{sdk_config, table_names};
use sync::{Invocation, InvocationOutcome, RunError, Runner};
use tokio::net::TcpListener;
use tokio::time::{Duration, Instant};

use crate::clock::now;
use crate::endpoint::{Endpoint, open};
use crate::fault_proxy::FaultProxy;
use crate::services::Services;
use crate::single_sign_on;

/// The time before the end of an invocation in which a run begins no step.
const NO_STEP_BEFORE_END: Duration = Duration::from_secs(15);

/// A workspace, and everything that its runs talk to.
pub struct TestEnv {
    /// The proxy that every outgoing call passes.
    pub proxy: Arc<FaultProxy>,
    /// SQS, S3, Secrets Manager and SES.
    pub services: Arc<Services>,
    /// The database behind the fault proxy: what a test reads is not counted.
    pub store: Store,
    /// The configuration that reaches AWS through the fault proxy.
    pub sdk: SdkConfig,
    /// The workspace that the runs are about.
    pub workspace: Workspace,
    pub(crate) smarthr: StandIn,
    pub(crate) http: reqwest::Client,
    smarthr_proxy_url: String,
}

impl TestEnv {
    /// Sets up a connected workspace with this number of seats, whose sync is for everybody in SmartHR. SmartHR accepts
    /// `limit` requests a second, or any number if that is `None`.
    pub async fn new(seats: u32, limit: Option<u32>) -> Self {
        let no_redirects = reqwest::redirect::Policy::none();
        // Reading the system's root certificates takes longer than all else here.
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let http = http.redirect(no_redirects).build().unwrap();
        let database = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let database_url = format!("http://{}", database.local_addr().unwrap());
        let memory = dynoxide::Database::memory().unwrap();
        tokio::spawn(dynoxide::server::serve_on(database, memory));
        let options = Options {
            rate_per_second: limit,
            rate_per_hour: None,
            access_token_seconds: u32::MAX,
            private_webhooks: true,
            deliver_by_itself: false,
            ..Options::default()
        };
        let smarthr = StandIn::start(options).await.unwrap();
        let proxy = Arc::new(FaultProxy::default());
        let services = Arc::new(Services::default());
        let endpoint = |upstream: String, services| Endpoint {
            proxy: Arc::clone(&proxy),
            http: http.clone(),
            upstream,
            services,
        };
        let aws = open(endpoint(database_url.clone(), Some(Arc::clone(&services)))).await;
        let smarthr_proxy_url = open(endpoint(smarthr.base_url().to_owned(), None)).await;
        let store = Store::new(&sdk_config(&database_url).unwrap(), table_names(""));
        store.create_tables().await.unwrap();
        let env = Self {
            proxy,
            services,
            store,
            sdk: sdk_config(&aws).unwrap(),
            workspace: workspace(seats),
            smarthr,
            http,
            smarthr_proxy_url,
        };
        env.connect().await;
        env
    }

    /// Returns the URL of SmartHR through the fault proxy.
    pub fn smarthr_proxy_url(&self) -> &str {
        &self.smarthr_proxy_url
    }

    /// Returns the runner of a new process, which knows only what is stored.
    pub fn runner(&self) -> Runner {
        let random = Arc::new(Random::os());
        let urls = QueueUrls {
            sync: "http://localhost/1/sync".into(),
            manual_sync: "http://localhost/1/manual-sync".into(),
            mail: "http://localhost/1/mail".into(),
        };
        let queues = Queues::new(&self.sdk, urls);
        let store = Store::new(&self.sdk, table_names(""));
        let endpoints = Endpoints {
            api_base: format!("{}/api", self.smarthr_proxy_url),
            oauth_base: format!("{}/oauth", self.smarthr_proxy_url),
        };
        let jitter = Arc::clone(&random);
        let connections = Connections {
            store: store.clone(),
            secrets: self.secrets(),
            queues: queues.clone(),
            smarthr: Client::new(endpoints, Tuning::default(), move || jitter.jitter()).unwrap(),
            random: Arc::clone(&random),
            clock: now,
            public_base_url: "http://localhost".into(),
        };
        Runner {
            store,
            queues,
            logs: SyncLogs::new(&self.sdk, "logs".into()),
            secrets: self.secrets(),
            connections: Arc::new(connections),
            random,
            clock: now,
        }
    }

    /// Returns the message that the schedule sends for a run that starts now.
    pub fn nightly_message(&self) -> RunMessage {
        RunMessage::first(
            self.workspace.workspace_id.clone(),
            domain::run_id(now(), Trigger::Schedule),
            Trigger::Schedule,
            Mode::Apply,
        )
    }

    /// Notes that SmartHR reported these crews as changed, and returns the message that asks for an immediate run.
    pub async fn report(&self, crews: &[String]) -> RunMessage {
        let crews: Vec<CrewId> = crews.iter().map(CrewId::new).collect();
        let id = &self.workspace.workspace_id;
        let reported = self.store.report_changed_crews(id, &crews, false, now());
        reported.await.unwrap();
        self.immediate_message()
    }

    /// Returns the message that asks for an immediate run of the people whom SmartHR reported.
    pub fn immediate_message(&self) -> RunMessage {
        RunMessage {
            run_id: day_entry_id(now()),
            trigger: Trigger::Immediate,
            ..self.nightly_message()
        }
    }

    /// Carries out an immediate run after SmartHR reported these crews, and returns the entry of the day and the number
    /// of changes.
    pub async fn reflect(&self, crews: &[String]) -> (Run, usize) {
        let message = self.report(crews).await;
        match self.run(&message).await {
            Ok(InvocationOutcome::Reflected { run, changed }) => (run, changed),
            other => panic!("{other:?}"),
        }
    }

    /// Handles a message in a new process whose invocation ends after 15 minutes.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub async fn run(&self, message: &RunMessage) -> Result<InvocationOutcome, RunError> {
        self.invoke(message, Duration::from_mins(15), false).await
    }

    /// As [`TestEnv::run`], in an invocation in which no step begins after `work`.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub async fn run_for(
        &self,
        message: &RunMessage,
        work: Duration,
    ) -> Result<InvocationOutcome, RunError> {
        self.invoke(message, work + NO_STEP_BEFORE_END, false).await
    }

    /// As [`TestEnv::run`], for the last delivery of the message.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub async fn run_last_delivery(
        &self,
        message: &RunMessage,
    ) -> Result<InvocationOutcome, RunError> {
        self.invoke(message, Duration::from_mins(15), true).await
    }

    async fn invoke(
        &self,
        message: &RunMessage,
        ends_in: Duration,
        last_delivery: bool,
    ) -> Result<InvocationOutcome, RunError> {
        let invocation = Invocation {
            deadline: Instant::now() + ends_in,
            last_delivery,
        };
        Box::pin(self.runner().run(message, invocation)).await
    }

    /// Returns the message that 「今すぐ同期」 sends now.
    pub fn manual_message(&self) -> RunMessage {
        RunMessage {
            run_id: domain::run_id(now(), Trigger::Manual),
            trigger: Trigger::Manual,
            ..self.nightly_message()
        }
    }

    /// Carries out a nightly run, which must end in one invocation.
    pub async fn nightly_run(&self) -> Run {
        self.run_to_end(&self.nightly_message()).await
    }

    /// As [`TestEnv::run`], of a run that must end in this invocation.
    pub async fn run_to_end(&self, message: &RunMessage) -> Run {
        ended(self.run(message).await)
    }

    /// As [`TestEnv::run`], of a message whose run must have ended before.
    pub async fn run_ended_before(&self, message: &RunMessage) {
        let done = self.run(message).await.unwrap();
        assert!(
            matches!(done, InvocationOutcome::EndedBefore(_)),
            "{done:?}"
        );
    }

    /// Returns the record of the run that a message asks for.
    pub async fn stored_run(&self, message: &RunMessage) -> Run {
        let id = &message.workspace_id;
        let run = self.store.run(id, &message.run_id, message.mode).await;
        run.unwrap().unwrap()
    }

    /// Returns the stored seats and lease.
    pub async fn seats_and_lease(&self) -> SeatsAndLease {
        let id = &self.workspace.workspace_id;
        self.store.seats_and_lease(id).await.unwrap()
    }

    /// Returns the secrets, through the fault proxy.
    pub fn secrets(&self) -> Secrets {
        let names = SecretNames {
            tokens_prefix: "tokens/".into(),
            tokens_key_id: None,
            client_secret_id: "client".into(),
            derivation_key_id: "key".into(),
            sso_prefix: "sso/".into(),
            chat_prefix: "chat/".into(),
        };
        Secrets::new(&self.sdk, names)
    }
}

/// Returns the run of an invocation that must have ended it.
pub fn ended(done: Result<InvocationOutcome, RunError>) -> Run {
    match done {
        Ok(InvocationOutcome::Ended(run)) => run,
        other => panic!("{other:?}"),
    }
}

fn workspace(seats: u32) -> Workspace {
    let group = |id: &str, name: &str| Group {
        id: GroupId::new(id),
        name: name.into(),
    };
    Workspace {
        single_sign_on: Some(single_sign_on::tested()),
        groups: vec![
            group("editors", "編集権限グループ"),
            group("viewers", "閲覧権限グループ"),
        ],
        ..Workspace::new(WorkspaceId::new("ws_test"), "株式会社テスト", "test", seats)
    }
}
