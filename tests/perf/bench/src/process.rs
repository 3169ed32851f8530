//! The CPU time and memory of a process.

use std::time::Duration;

use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::Error;

/// A process of this machine, by its id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(Pid);

impl Process {
    /// Returns the process with this id.
    pub(crate) fn of(id: u32) -> Result<Self, Error> {
        Ok(Self(Pid::from_raw(i32::try_from(id)?)))
    }

    /// Returns this process.
    pub(crate) fn own() -> Self {
        Self(Pid::this())
    }

    /// Returns the CPU time of all threads, ended ones included.
    pub(crate) fn cpu(self) -> Result<Duration, Error> {
        Ok(clock_gettime(clock_getcpuclockid(self.0)?)?.into())
    }

    /// Returns the peak memory, in MiB (`VmHWM`).
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
