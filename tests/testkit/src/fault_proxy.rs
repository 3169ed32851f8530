//! The proxy that every outgoing call passes: it counts, delays, holds and breaks calls, and ends the process.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::fault::{Fault, InjectedFault};

/// Where a test ends the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashPoint {
    /// Before the n-th call (from 0) reaches the other side.
    Before(usize),
    /// After the n-th call was carried out, before its response arrives.
    After(usize),
}

/// Where a call is held.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// At this call, whatever its operation.
    Call(CrashPoint),
    /// Before a call whose operation contains this text, after this number of others.
    Operation(String, usize),
}

/// What the test wants to happen.
#[derive(Debug, Default)]
struct Plans {
    delay: Duration,
    crash_point: Option<CrashPoint>,
    faults: Vec<InjectedFault>,
    hold: Option<(Place, watch::Receiver<bool>)>,
}

/// Counts, delays, holds and breaks calls, and ends the process at a crash point.
#[derive(Debug, Default)]
pub struct FaultProxy {
    calls: AtomicUsize,
    by_operation: Mutex<BTreeMap<String, usize>>,
    plans: Mutex<Plans>,
    crashed: Notify,
    held: Notify,
}

/// A call that waits until this is released or dropped.
#[derive(Debug)]
pub struct HeldCall(watch::Sender<bool>);

impl HeldCall {
    /// Lets the call go on.
    pub fn release(self) {
        // Nothing is held if the call was never made.
        let _ = self.0.send(true);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Place {
    /// Counts a call that arrives, and turns into [`Place::Call`] if it is the one.
    fn count(&mut self, arriving: &str, number: usize) {
        let Self::Operation(operation, after) = self else {
            return;
        };
        if arriving.contains(operation.as_str()) {
            match after.checked_sub(1) {
                Some(fewer) => *after = fewer,
                None => *self = Self::Call(CrashPoint::Before(number)),
            }
        }
    }
}

impl FaultProxy {
    /// Makes every call from now on take longer by this time.
    pub fn delay(&self, by: Duration) {
        lock(&self.plans).delay = by;
    }

    /// Counts from 0 again, removes all faults, and sets the crash point, or none.
    pub fn restart(&self, crash_point: Option<CrashPoint>) {
        self.calls.store(0, Ordering::SeqCst);
        lock(&self.by_operation).clear();
        let mut plans = lock(&self.plans);
        plans.crash_point = crash_point;
        plans.faults.clear();
    }

    /// Injects a fault into `times` calls whose operation contains `operation`, after `after` others of them.
    pub fn inject(&self, operation: &str, after: usize, times: usize, fault: Fault) {
        lock(&self.plans).faults.push(InjectedFault {
            operation: operation.to_owned(),
            after,
            times,
            fault,
        });
    }

    /// Holds one call, before or after it is carried out.
    pub fn hold(&self, at: CrashPoint) -> HeldCall {
        self.hold_at(Place::Call(at))
    }

    /// Holds the call whose operation contains `operation`, after `after` others of them, before it is carried out.
    pub fn hold_operation(&self, operation: &str, after: usize) -> HeldCall {
        self.hold_at(Place::Operation(operation.to_owned(), after))
    }

    fn hold_at(&self, place: Place) -> HeldCall {
        let (release, released) = watch::channel(false);
        lock(&self.plans).hold = Some((place, released));
        HeldCall(release)
    }

    /// Returns the number of calls since the restart.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Returns the number of calls since the restart, by service and operation.
    pub fn by_operation(&self) -> BTreeMap<String, usize> {
        lock(&self.by_operation).clone()
    }

    /// Waits until the crash point is reached.
    pub async fn crashed(&self) {
        self.crashed.notified().await;
    }

    /// Waits until the call to be held is held.
    pub async fn held(&self) {
        self.held.notified().await;
    }

    /// Does `work` until the call to be held is held.
    ///
    /// # Panics
    /// When the work is done before that.
    pub async fn until_held<T: Debug>(&self, work: impl Future<Output = T>) {
        tokio::select! {
            done = work => panic!("no call was held: {done:?}"),
            () = self.held() => {}
        }
    }

    /// Does `work` in a process that ends at the crash point; returns `None` if it ended there.
    pub async fn crash_at<T>(
        &self,
        crash_point: CrashPoint,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        self.restart(Some(crash_point));
        let done = tokio::select! {
            done = work => Some(done),
            () = self.crashed() => None,
        };
        self.restart(None);
        done
    }

    /// Counts a call that arrives; returns its number and its fault, if it has one.
    pub(crate) fn arrives(&self, operation: &str) -> (usize, Option<Fault>) {
        *lock(&self.by_operation)
            .entry(operation.to_owned())
            .or_default() += 1;
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let mut plans = lock(&self.plans);
        if let Some((place, _)) = &mut plans.hold {
            place.count(operation, number);
        }
        let injected = plans
            .faults
            .iter_mut()
            .find(|it| it.times > 0 && operation.contains(&it.operation));
        let fault = injected.and_then(|injected| {
            if injected.after > 0 {
                injected.after -= 1;
                return None;
            }
            injected.times -= 1;
            Some(injected.fault.clone())
        });
        (number, fault)
    }

    /// Waits as long as the call takes at this point. Never returns at the crash point.
    pub(crate) async fn passes(&self, here: CrashPoint) {
        let (crash_point, delay, hold) = {
            let mut plans = lock(&self.plans);
            let hold = plans.hold.take_if(|(place, _)| *place == Place::Call(here));
            (plans.crash_point, plans.delay, hold)
        };
        if crash_point == Some(here) {
            self.crashed.notify_one();
            std::future::pending::<()>().await;
        }
        if let Some((_, mut released)) = hold {
            self.held.notify_one();
            // An error means that the test dropped it: the call goes on as well.
            let _ = released.wait_for(|released| *released).await;
        }
        if matches!(here, CrashPoint::Before(_)) && !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }
}
