//! Amounts of what AWS charges for.

use std::collections::BTreeMap;
use std::ops::{Add, Mul};

/// What AWS charges for, and requests, which cost nothing by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    SmartHrRequests,
    AwsRequests,
    ReadUnits,
    WriteUnits,
    QueueRequests,
    SecretCalls,
    KeyRequests,
    StoredObjects,
    StoredBytes,
    Mails,
    Invocations,
    GigabyteSeconds,
    LogBytes,
}

/// An amount of each item.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Usage(BTreeMap<Item, f64>);

impl Usage {
    /// Adds to the amount of an item.
    pub(crate) fn uses(&mut self, item: Item, amount: f64) {
        *self.0.entry(item).or_default() += amount;
    }

    /// Returns the amount of an item.
    pub(crate) fn of(&self, item: Item) -> f64 {
        self.0.get(&item).copied().unwrap_or_default()
    }

    /// Returns the items that were used, with their amounts.
    pub(crate) fn items(&self) -> impl Iterator<Item = (Item, f64)> {
        self.0.iter().map(|(item, amount)| (*item, *amount))
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        for (item, amount) in other.items() {
            self.uses(item, amount);
        }
        self
    }
}

impl Mul<f64> for Usage {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        let items = self.items().map(|(item, amount)| (item, amount * times));
        Self(items.collect())
    }
}
