//! A row of the table: the measurements of one piece of work, and their limits.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::fixed_work::multiple_of;

/// The measurements of one piece of work; `None` where one does not apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Row {
    /// The name of the work.
    pub(crate) name: String,
    /// The number of people or workspaces that the work is about.
    pub(crate) people: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) requests: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_writes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpu_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wall_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peak_mib: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) init_cpu_ms: Option<f64>,
    /// `init_cpu_ms` as a multiple of that of a function that only starts, measured in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) init_of_bare: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_cpu_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zip_mib: Option<f64>,
    /// The requests by operation.
    #[serde(skip)]
    pub(crate) operations: BTreeMap<String, usize>,
    /// The limits.
    #[serde(skip)]
    pub(crate) limits: Vec<Limit>,
}

/// The most that a measurement may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    /// The name of the measurement, with its unit.
    pub(crate) what: &'static str,
    /// The measured value.
    pub(crate) measured: f64,
    /// The largest value that is allowed.
    pub(crate) most: f64,
    /// Whether the measurement is a count, which fails the bench beyond the limit. A time depends on the machine.
    pub(crate) exact: bool,
}

impl Row {
    /// The limit of the requests.
    pub(crate) fn requests_at_most(&self, most: usize) -> Limit {
        Limit::count("requests", self.requests.unwrap_or_default(), most)
    }

    /// The limit of the users that are written.
    pub(crate) fn writes_at_most(&self, most: usize) -> Limit {
        Limit::count("user writes", self.user_writes.unwrap_or_default(), most)
    }

    /// The limit of the processor time, as a multiple of that of the fixed work.
    pub(crate) fn cpu_of_fixed_at_most(&self, most: f64) -> Limit {
        let cpu_s = self.cpu_s.unwrap_or_default();
        Limit::measure("CPU × fixed", multiple_of(cpu_s).unwrap_or_default(), most)
    }

    /// The limit of the wall time.
    pub(crate) fn wall_s_at_most(&self, most: f64) -> Limit {
        Limit::measure("wall s", self.wall_s.unwrap_or_default(), most)
    }

    /// The limit of the peak memory.
    pub(crate) fn mib_at_most(&self, most: f64) -> Limit {
        Limit::measure("MiB", self.peak_mib.unwrap_or_default(), most)
    }
}

impl Limit {
    /// The limit of a count.
    #[expect(clippy::cast_precision_loss, reason = "no count here is that large")]
    pub(crate) fn count(what: &'static str, measured: usize, most: usize) -> Self {
        Self {
            what,
            measured: measured as f64,
            most: most as f64,
            exact: true,
        }
    }

    /// The limit of a time or a size.
    pub(crate) fn measure(what: &'static str, measured: f64, most: f64) -> Self {
        Self {
            what,
            measured,
            most,
            exact: false,
        }
    }

    /// Returns the measured value as a part of what is allowed.
    pub(crate) fn ratio(&self) -> f64 {
        if self.most == 0.0 {
            return self.measured;
        }
        self.measured / self.most
    }

    /// Returns whether the measured value is within the limit.
    pub(crate) fn is_kept(&self) -> bool {
        self.measured <= self.most
    }
}

/// Returns the median: of an even number of values the lower one, of none 0.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}

/// Returns the median of times, in seconds.
pub(crate) fn median_s(times: impl IntoIterator<Item = Duration>) -> f64 {
    median(times.into_iter().map(|time| time.as_secs_f64()).collect())
}

/// Returns the median of times, in milliseconds.
pub(crate) fn median_ms(times: impl IntoIterator<Item = Duration>) -> f64 {
    median_s(times) * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![9.0]) - 9.0).abs() < f64::EPSILON);
    }

    #[test]
    fn what_must_be_none_is_kept_by_none_only() {
        assert!(Limit::count("user writes", 0, 0).is_kept());
        assert!(!Limit::count("user writes", 1, 0).is_kept());
    }
}
