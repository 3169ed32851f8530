//! A workspace that is linked to a company of people, ready for its nights.

use std::sync::Arc;

use connection::Connections;
use credentials::Random;
use domain::{Group, GroupId, Workspace, WorkspaceId};
use domain::{Mode, Run, Trigger};
use lambda::SdkConfig;
use smarthr::{Client, Endpoints, Tuning};
use smarthr_stand_in::{Options, StandIn};
use storage::Store;
use storage::queues::{Queues, RunMessage};
use storage::secrets::{SecretNames, Secrets};
use storage::sync_logs::SyncLogs;
use storage::testing::{sdk_config, table_names};
use sync::{Invocation, InvocationOutcome, RunError, Runner};
use tokio::net::TcpListener;
use tokio::time::{Duration, Instant};

use crate::clock::now;
use crate::proxy::{Door, open};
use crate::services::Services;
use crate::tap::Tap;

/// How long before the invocation ends a run begins its last step.
const LAST_STEP_BEFORE_END: Duration = Duration::from_secs(15);

/// One workspace and everything it talks to.
pub struct TestEnv {
    /// Where every outgoing call passes.
    pub tap: Arc<Tap>,
    /// What was sent, stored and mailed.
    pub services: Arc<Services>,
    /// The database, past the tap: looking is not counted.
    pub store: Store,
    /// How AWS is reached through the tap.
    pub sdk: SdkConfig,
    /// The workspace.
    pub workspace: Workspace,
    pub(crate) smarthr: StandIn,
    pub(crate) http: reqwest::Client,
    smarthr_door: String,
}

impl TestEnv {
    /// A workspace with so many seats, linked, with everybody in SmartHR in scope, and no limit on
    /// requests at SmartHR unless `limit` says how many a second.
    pub async fn new(seats: u32, limit: Option<u32>) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let database = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let database_url = format!("http://{}", database.local_addr().unwrap());
        let memory = dynoxide::Database::memory().unwrap();
        tokio::spawn(dynoxide::server::serve_on(database, memory));
        let smarthr = StandIn::start(Options {
            rate_per_second: limit,
            rate_per_hour: None,
            access_token_seconds: u32::MAX,
            ..Options::default()
        })
        .await
        .unwrap();

        let (tap, services) = (Arc::new(Tap::default()), Arc::new(Services::default()));
        let door = |beyond: String, services| Door {
            tap: Arc::clone(&tap),
            http: http.clone(),
            beyond,
            services,
        };
        let aws = open(door(database_url.clone(), Some(Arc::clone(&services)))).await;
        let smarthr_door = open(door(smarthr.base_url().to_owned(), None)).await;
        let store = Store::new(&sdk_config(&database_url).unwrap(), table_names(""));
        store.create_tables().await.unwrap();
        let env = Self {
            tap,
            services,
            store,
            sdk: sdk_config(&aws).unwrap(),
            workspace: workspace(seats),
            smarthr,
            http,
            smarthr_door,
        };
        env.link().await;
        env
    }

    /// Where SmartHR is, through the tap.
    pub fn smarthr_door(&self) -> &str {
        &self.smarthr_door
    }

    /// A fresh process: nothing is remembered but what is stored.
    pub fn runner(&self) -> Runner {
        let random = Arc::new(Random::os());
        let queues = Queues::new(
            &self.sdk,
            "http://localhost/1/sync".into(),
            "http://localhost/1/mail".into(),
        );
        let store = Store::new(&self.sdk, table_names(""));
        let endpoints = Endpoints {
            api_base: format!("{}/api", self.smarthr_door),
            oauth_base: format!("{}/oauth", self.smarthr_door),
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

    /// The message that tonight's schedule sends.
    pub fn tonight(&self) -> RunMessage {
        RunMessage {
            workspace_id: self.workspace.workspace_id.clone(),
            run_id: domain::run_id(now(), Trigger::Schedule),
            trigger: Trigger::Schedule,
            mode: Mode::Apply,
            continuation: 0,
        }
    }

    /// Deals with one message in a fresh process that is cut off after 15 minutes.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub async fn run(&self, message: &RunMessage) -> Result<InvocationOutcome, RunError> {
        self.run_for(message, Duration::from_mins(15)).await
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
        let invocation = Invocation {
            deadline: Instant::now() + work + LAST_STEP_BEFORE_END,
            last_delivery: false,
        };
        Box::pin(self.runner().run(message, invocation)).await
    }

    /// As [`TestEnv::run`], when SQS delivers the message for the last time.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub async fn run_for_the_last_time(
        &self,
        message: &RunMessage,
    ) -> Result<InvocationOutcome, RunError> {
        let invocation = Invocation {
            deadline: Instant::now() + Duration::from_mins(15),
            last_delivery: true,
        };
        Box::pin(self.runner().run(message, invocation)).await
    }

    /// The message of 「今すぐ同期」, clicked now.
    pub fn by_hand(&self) -> RunMessage {
        RunMessage {
            run_id: domain::run_id(now(), Trigger::Manual),
            trigger: Trigger::Manual,
            ..self.tonight()
        }
    }

    /// One whole night without any mishap.
    pub async fn night(&self) -> Run {
        match self.run(&self.tonight()).await.unwrap() {
            InvocationOutcome::Ended(run) => run,
            other => panic!("{other:?}"),
        }
    }

    /// All mails that wait are delivered, past the tap; gives how many.
    pub async fn deliver_mails(&self) -> usize {
        let id = &self.workspace.workspace_id;
        let waiting = self.store.waiting_mails(id).await.unwrap();
        for mail_id in &waiting {
            self.store
                .settle_mail(id, mail_id, &storage::outbox::MailResult::Sent, now())
                .await
                .unwrap();
        }
        waiting.len()
    }

    /// The secrets, through the tap.
    pub fn secrets(&self) -> Secrets {
        let names = SecretNames {
            tokens_prefix: "tokens/".into(),
            tokens_key_id: None,
            client_secret_id: "client".into(),
            derivation_key_id: "key".into(),
        };
        Secrets::new(&self.sdk, names)
    }
}

fn workspace(seats: u32) -> Workspace {
    let group = |id: &str, name: &str| Group {
        id: GroupId::new(id),
        name: name.into(),
    };
    Workspace {
        workspace_id: WorkspaceId::new("ws_world"),
        name: "株式会社テスト".into(),
        company_code: "test".into(),
        seats,
        allowed_domains: Vec::new(),
        sso_configured: true,
        groups: vec![
            group("editors", "編集権限グループ"),
            group("viewers", "閲覧権限グループ"),
        ],
        related_company_users: Vec::new(),
    }
}
