//! One row of the table: what was measured of one piece of work, and what it must keep to.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// What was measured; what does not apply is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Row {
    /// The work.
    pub(crate) name: String,
    /// People, or workspaces, that it is about.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_cpu_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zip_mib: Option<f64>,
    /// The requests by operation, to see what they are.
    #[serde(skip)]
    pub(crate) operations: BTreeMap<String, usize>,
    /// What it must keep to.
    #[serde(skip)]
    pub(crate) limits: Vec<Limit>,
}

/// The most that something may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    /// What, with its unit.
    pub(crate) what: &'static str,
    /// As measured.
    pub(crate) measured: f64,
    /// The most it may be.
    pub(crate) most: f64,
    /// Whether it is exact: a count is, and breaking it fails the bench; a time depends on the machine.
    pub(crate) exact: bool,
}

impl Limit {
    /// A count that must be kept.
    #[expect(clippy::cast_precision_loss, reason = "no count here is that large")]
    pub(crate) fn count(what: &'static str, measured: usize, most: usize) -> Self {
        Self {
            what,
            measured: measured as f64,
            most: most as f64,
            exact: true,
        }
    }

    /// A time, or a size, to be kept.
    pub(crate) fn measure(what: &'static str, measured: f64, most: f64) -> Self {
        Self {
            what,
            measured,
            most,
            exact: false,
        }
    }

    /// The measured part of what is allowed.
    pub(crate) fn ratio(&self) -> f64 {
        if self.most == 0.0 {
            return self.measured;
        }
        self.measured / self.most
    }

    /// Whether it is kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.measured <= self.most
    }
}

/// The median; of an even number the lower one. 0 of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}

/// The median of times, in seconds.
pub(crate) fn median_s(times: impl IntoIterator<Item = Duration>) -> f64 {
    median(times.into_iter().map(|time| time.as_secs_f64()).collect())
}

/// The median of times, in milliseconds.
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
