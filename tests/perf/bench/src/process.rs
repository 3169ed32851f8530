//! What a process has used so far.

use std::time::Duration;

use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::Error;

/// A process of this machine, by its id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(Pid);

impl Process {
    /// The process of this id.
    pub(crate) fn of(id: u32) -> Result<Self, Error> {
        Ok(Self(Pid::from_raw(i32::try_from(id)?)))
    }

    /// This process.
    pub(crate) fn own() -> Self {
        Self(Pid::this())
    }

    /// CPU time of all its threads, ended ones included, by the scheduler's own clock.
    pub(crate) fn cpu(self) -> Result<Duration, Error> {
        Ok(clock_gettime(clock_getcpuclockid(self.0)?)?.into())
    }

    /// The most memory it ever had in use, in MiB (`VmHWM`).
    pub(crate) fn peak_mib(self) -> Result<f64, Error> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u32>().ok())
            .ok_or("the process has no VmHWM")?;
        Ok(f64::from(kib) / 1024.0)
    }
}
