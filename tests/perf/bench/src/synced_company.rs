//! A company in SmartHR and its workspace in KiteRa, which the real function syncs.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use domain::{Mode, Run, RunOutcome, Trigger, UserId};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};
use storage::queues::RunMessage;
use testkit::{Fault, TestEnv};

use crate::Error;
use crate::environment::environment;
use crate::function::Function;

/// Lambda's longest invocation.
pub(crate) const FIFTEEN_MINUTES: Duration = Duration::from_mins(15);

/// A company and its test environment.
pub(crate) struct SyncedCompany {
    pub(crate) env: TestEnv,
    /// The crews in SmartHR.
    pub(crate) people: Vec<Value>,
    /// The time by which every transaction is slowed down.
    pub(crate) slow_steps: Option<Duration>,
    runs: i64,
    versions: HashMap<UserId, u64>,
}

/// What a nightly run cost.
pub(crate) struct NightlyRun {
    /// The run at its end.
    pub(crate) run: Run,
    /// The number of requests to AWS and SmartHR.
    pub(crate) requests: usize,
    /// The requests by operation.
    pub(crate) operations: BTreeMap<String, usize>,
    /// The number of users that are new, changed or gone.
    pub(crate) user_writes: usize,
    /// The messages to the mail queue.
    pub(crate) mails: Vec<String>,
    /// The time from the message to the last answer, without the start of processes.
    pub(crate) wall: Duration,
    /// The CPU time of the function's processes, including their start.
    pub(crate) cpu: Duration,
    /// The peak memory of the largest process, in MiB.
    pub(crate) peak_mib: f64,
    /// The number of invocations, each in a new process.
    pub(crate) invocations: u32,
}

impl SyncedCompany {
    /// Sets up a company whose crews are not in KiteRa yet. `limit` is SmartHR's, in requests a second.
    pub(crate) async fn open(people: Vec<Value>, limit: Option<u32>) -> Result<Self, Error> {
        let env = TestEnv::new(u32::MAX, limit).await;
        env.set_crews(&people).await;
        Ok(Self {
            env,
            people,
            slow_steps: None,
            runs: 0,
            versions: HashMap::new(),
        })
    }

    /// Carries out a nightly run, in as many invocations of this length as it takes.
    pub(crate) async fn nightly_run(&mut self, invocation: Duration) -> Result<NightlyRun, Error> {
        self.runs += 1;
        let yesterday = lambda::clock::now() - SignedDuration::from_hours(24);
        let started_at = yesterday + SignedDuration::from_secs(self.runs);
        let run_id = domain::run_id(started_at, Trigger::Schedule);
        let id = &self.env.workspace.workspace_id;
        let mut next = Some(RunMessage {
            run_id: run_id.clone(),
            ..self.env.nightly_message()
        });
        let settings = environment(&self.env);
        let (mut wall, mut cpu) = (Duration::ZERO, Duration::ZERO);
        let (mut peak_mib, mut invocations, mut mails) = (0.0_f64, 0, Vec::new());
        self.env.proxy.restart(None);
        if let Some(slow) = self.slow_steps {
            let (proxy, fault) = (&self.env.proxy, Fault::Slow(slow));
            proxy.inject("TransactWriteItems", 0, usize::MAX, fault);
        }
        while let Some(message) = next.take() {
            let mut function = Function::start("workspace-sync", &settings).await?;
            let invoked = function.invoke(&from_sqs(&message)?, invocation).await?;
            let failures = invoked.payload["batchItemFailures"].as_array();
            if failures.is_none_or(|failures| !failures.is_empty()) {
                return Err(format!("the run failed: {}", invoked.payload).into());
            }
            wall += invoked.wall;
            cpu += function.cpu()?;
            peak_mib = peak_mib.max(function.peak_mib()?);
            invocations += 1;
            while let Some((queue, body)) = self.env.services.take_message() {
                match queue.as_str() {
                    "sync" => next = Some(serde_json::from_str(&body)?),
                    _ => mails.push(body),
                }
            }
        }
        let requests = self.env.proxy.calls();
        let operations = self.env.proxy.by_operation();
        let run = self.env.store.run(id, &run_id, Mode::Apply).await?;
        let run = run.ok_or("the run was not stored")?;
        if run.outcome != RunOutcome::Success {
            let (outcome, why) = (run.outcome, &run.failure);
            return Err(format!("after {invocations} invocations: {outcome:?}, {why:?}").into());
        }
        Ok(NightlyRun {
            run,
            requests,
            operations,
            user_writes: self.users_written().await?,
            mails,
            wall,
            cpu,
            peak_mib,
            invocations,
        })
    }

    /// Returns the number of users that are new, changed or gone since the last call.
    async fn users_written(&mut self) -> Result<usize, Error> {
        let id = &self.env.workspace.workspace_id;
        let users = self.env.store.users(id).await?;
        let versions = users.into_iter().map(|user| (user.user_id, user.version));
        let before = std::mem::replace(&mut self.versions, versions.collect());
        let now = self.versions.iter();
        let written = now.filter(|(id, version)| before.get(*id) != Some(*version));
        let gone = before.keys().filter(|id| !self.versions.contains_key(*id));
        Ok(written.count() + gone.count())
    }

    /// Empties the outbox by deleting and creating its table.
    pub(crate) async fn clear_outbox(&self) -> Result<(), Error> {
        let endpoint = self.env.sdk.endpoint_url().unwrap_or_default();
        let database = Client::new(&storage::testing::sdk_config(endpoint)?);
        let outbox = database.describe_table().table_name("outbox").send();
        let outbox = outbox.await?.table.ok_or("there is no outbox")?;
        database.delete_table().table_name("outbox").send().await?;
        let mut create = database
            .create_table()
            .table_name("outbox")
            .billing_mode(aws_sdk_dynamodb::types::BillingMode::PayPerRequest)
            .set_key_schema(outbox.key_schema)
            .set_attribute_definitions(outbox.attribute_definitions);
        for index in outbox.global_secondary_indexes.unwrap_or_default() {
            create = create.global_secondary_indexes(
                aws_sdk_dynamodb::types::GlobalSecondaryIndex::builder()
                    .set_index_name(index.index_name)
                    .set_key_schema(index.key_schema)
                    .set_projection(index.projection)
                    .build()?,
            );
        }
        create.send().await?;
        Ok(())
    }
}

/// Returns the event with which SQS delivers a message.
pub(crate) fn from_sqs(message: &impl Serialize) -> Result<Value, Error> {
    Ok(json!({ "Records": [{
        "messageId": "1", "receiptHandle": "1", "awsRegion": "ap-northeast-1",
        "body": serde_json::to_string(message)?, "md5OfBody": "",
        "attributes": {}, "messageAttributes": {},
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:ap-northeast-1:123456789012:q",
    }] }))
}
