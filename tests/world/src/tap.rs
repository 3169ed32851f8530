//! Where every outgoing call passes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// Where the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Before the n-th call (from 0) reaches the other side.
    Before(usize),
    /// After the n-th call was carried out, before its answer comes.
    After(usize),
}

/// Counts calls, delays them, and says when the process dies.
#[derive(Debug, Default)]
pub struct Tap {
    calls: AtomicUsize,
    by_operation: Mutex<BTreeMap<String, usize>>,
    delay: Mutex<Duration>,
    death: Mutex<Option<Death>>,
    died: Notify,
}

impl Tap {
    /// From now on every call takes so much longer.
    pub fn delay(&self, by: Duration) {
        *self.delay.lock().unwrap_or_else(PoisonError::into_inner) = by;
    }

    /// Counts from 0 again, and plans a death, or none.
    pub fn restart(&self, death: Option<Death>) {
        self.calls.store(0, Ordering::SeqCst);
        self.by_operation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        *self.death.lock().unwrap_or_else(PoisonError::into_inner) = death;
    }

    /// How many calls there were since the restart.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// The calls since the restart by service and operation.
    pub fn by_operation(&self) -> BTreeMap<String, usize> {
        self.by_operation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Comes back when the planned death happens.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// A call arrives: its number.
    pub(crate) fn arrives(&self, operation: &str) -> usize {
        *self
            .by_operation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(operation.to_owned())
            .or_default() += 1;
        self.calls.fetch_add(1, Ordering::SeqCst)
    }

    /// Waits as long as calls take; never comes back where the process dies.
    pub(crate) async fn passes(&self, here: Death) {
        let planned = *self.death.lock().unwrap_or_else(PoisonError::into_inner);
        if planned == Some(here) {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
        if let Death::Before(_) = here {
            let delay = *self.delay.lock().unwrap_or_else(PoisonError::into_inner);
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
        }
    }
}
