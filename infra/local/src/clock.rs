//! The clock that everything in a stack shares.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::Error;

/// The clock that the functions and the SmartHR stand-in share: the system's, plus an offset that only grows. The
/// offset is a number of seconds in a file (`CLOCK_OFFSET_FILE`), which they read at every call.
#[derive(Debug, Clone)]
pub struct Clock {
    file: PathBuf,
    offset: Arc<Mutex<Duration>>,
}

impl Clock {
    /// Returns a clock without offset, stored in `file`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn new(file: PathBuf) -> Result<Self, Error> {
        let clock = Self {
            file,
            offset: Arc::default(),
        };
        clock.write(Duration::ZERO)?;
        Ok(clock)
    }

    /// Returns the path of the file with the offset, in seconds.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Returns the current time of the stack.
    pub fn now(&self) -> Timestamp {
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        #[expect(
            clippy::disallowed_methods,
            reason = "the stack's time is the system's plus the offset"
        )]
        let system = Timestamp::now();
        system.saturating_add(offset).unwrap_or(Timestamp::MAX)
    }

    /// Moves the time of the whole stack, and returns the new time.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn advance(&self, by: Duration) -> Result<Timestamp, Error> {
        {
            let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
            *offset += by;
            self.write(*offset)?;
        }
        Ok(self.now())
    }

    /// Replaces the file in one step, so that no reader sees half a number.
    fn write(&self, offset: Duration) -> Result<(), Error> {
        let next = self.file.with_extension("next");
        fs::write(&next, offset.as_secs().to_string()).map_err(Error::io("writing the clock"))?;
        fs::rename(&next, &self.file).map_err(Error::io("writing the clock"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_for_everybody_who_reads_the_file() {
        let file = std::env::temp_dir().join(format!("clock-{}", std::process::id()));
        let clock = Clock::new(file.clone()).unwrap();
        let before = clock.now();

        clock.advance(Duration::from_hours(1)).unwrap();
        let after = clock.clone().advance(Duration::from_mins(1)).unwrap();

        assert!(after.duration_since(before).as_secs() >= 3660);
        assert_eq!(fs::read_to_string(&file).unwrap(), "3660");
        fs::remove_file(file).unwrap();
    }
}
