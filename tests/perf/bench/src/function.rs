//! The binary of a function in a process of its own, under the runtime emulator.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lambda::clock;
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::process::Process;
use crate::runtime_api::RuntimeApi;
use crate::{Error, target};

/// A function that waits for events.
pub(crate) struct Function {
    api: RuntimeApi,
    process: Process,
    invocations: u32,
    /// The CPU time until the function asked for its first event.
    pub(crate) init_cpu: Duration,
    /// Ends the process when it is dropped.
    _child: Child,
}

/// A successful invocation.
pub(crate) struct Invoked {
    /// The answer.
    pub(crate) payload: Value,
    /// The time from the event to the answer.
    pub(crate) wall: Duration,
    /// The CPU time from the event until the function asked for the next one.
    pub(crate) cpu: Duration,
}

impl Function {
    /// Starts the binary of this name with these environment variables only, and waits until it asks for an event. It
    /// runs in the control group at the path `BENCH_CGROUP`, if that is set, which may give it a share of a core as
    /// Lambda does.
    pub(crate) async fn start(
        name: &str,
        environment: &[(&'static str, String)],
    ) -> Result<Self, Error> {
        let mut api = RuntimeApi::open().await?;
        let binary = binary(name)?;
        let log = File::options().append(true).open(target("bench.log"))?;
        let child = Command::new(&binary)
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .stdout(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{}: {error}", binary.display()))?;
        let id = child.id().ok_or("the function ended at once")?;
        if let Some(group) = std::env::var_os("BENCH_CGROUP") {
            std::fs::write(PathBuf::from(group).join("cgroup.procs"), id.to_string())?;
        }
        let process = Process::of(id)?;
        tokio::time::timeout(Duration::from_secs(10), api.asked(1)).await??;
        Ok(Self {
            api,
            process,
            invocations: 0,
            init_cpu: process.cpu()?,
            _child: child,
        })
    }

    /// Invokes the function with `event`; the invocation ends after `time`.
    ///
    /// # Errors
    /// When the function answers with an error, or not at all.
    pub(crate) async fn invoke(&mut self, event: &Value, time: Duration) -> Result<Invoked, Error> {
        self.invocations += 1;
        let before = self.process.cpu()?;
        let ends_at = Duration::try_from(clock::now().as_duration())? + time;
        let started = Instant::now();
        let answer = self.api.invoke(event.to_string(), ends_at).await?;
        self.api.asked(self.invocations + 1).await?;
        if answer.failed {
            return Err(String::from_utf8_lossy(&answer.body).into());
        }
        Ok(Invoked {
            payload: serde_json::from_slice(&answer.body)?,
            wall: answer.at - started,
            cpu: self.process.cpu()?.saturating_sub(before),
        })
    }

    /// Returns the CPU time since the process began.
    pub(crate) fn cpu(&self) -> Result<Duration, Error> {
        self.process.cpu()
    }

    /// Returns the peak memory so far, in MiB.
    pub(crate) fn peak_mib(&self) -> Result<f64, Error> {
        self.process.peak_mib()
    }
}

/// Returns the binary of a function, from the folder that `BENCH_FUNCTIONS` names, or from beside this binary.
pub(crate) fn binary(name: &str) -> Result<PathBuf, Error> {
    match std::env::var_os("BENCH_FUNCTIONS") {
        Some(folder) => Ok(PathBuf::from(folder).join(name).join("bootstrap")),
        None => Ok(std::env::current_exe()?.with_file_name(name)),
    }
}
