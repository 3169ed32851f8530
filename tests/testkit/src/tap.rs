//! Where every outgoing call passes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::mishap::{Mishap, Order};

/// Where the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Before the n-th call (from 0) reaches the other side.
    Before(usize),
    /// After the n-th call was carried out, before its answer comes.
    After(usize),
}

/// Where a call is held.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// At this call, whatever it is.
    Call(Death),
    /// Before a call whose operation contains this, after so many others.
    Operation(String, usize),
}

/// What is ordered.
#[derive(Debug, Default)]
struct Plans {
    delay: Duration,
    death: Option<Death>,
    orders: Vec<Order>,
    hold: Option<(Place, watch::Receiver<bool>)>,
}

/// Counts calls, delays, holds and spoils them, and says when the process dies.
#[derive(Debug, Default)]
pub struct Tap {
    calls: AtomicUsize,
    by_operation: Mutex<BTreeMap<String, usize>>,
    plans: Mutex<Plans>,
    died: Notify,
    held: Notify,
}

/// A call that is held until this is released.
#[derive(Debug)]
pub struct Held(watch::Sender<bool>);

impl Held {
    /// The call goes on.
    pub fn release(self) {
        // It may never have come: nothing is held then.
        let _ = self.0.send(true);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Place {
    /// A call arrives: is it the one?
    fn is_neared_by(&mut self, arriving: &str, number: usize) {
        let Self::Operation(operation, after) = self else {
            return;
        };
        if arriving.contains(operation.as_str()) {
            match after.checked_sub(1) {
                Some(fewer) => *after = fewer,
                None => *self = Self::Call(Death::Before(number)),
            }
        }
    }
}

impl Tap {
    /// From now on every call takes so much longer.
    pub fn delay(&self, by: Duration) {
        lock(&self.plans).delay = by;
    }

    /// Counts from 0 again, forgets all orders, and plans a death, or none.
    pub fn restart(&self, death: Option<Death>) {
        self.calls.store(0, Ordering::SeqCst);
        lock(&self.by_operation).clear();
        let mut plans = lock(&self.plans);
        plans.death = death;
        plans.orders.clear();
    }

    /// Orders a mishap for `times` calls whose operation contains `operation`, after `after` others
    /// of them passed unharmed.
    pub fn order(&self, operation: &str, after: usize, times: usize, mishap: Mishap) {
        lock(&self.plans).orders.push(Order {
            operation: operation.to_owned(),
            after,
            times,
            mishap,
        });
    }

    /// Holds one call, before or after it is carried out, until it is released.
    pub fn hold(&self, at: Death) -> Held {
        self.hold_at(Place::Call(at))
    }

    /// Holds the call whose operation contains `operation` after `after` others of them, before it
    /// is carried out, until it is released.
    pub fn hold_operation(&self, operation: &str, after: usize) -> Held {
        self.hold_at(Place::Operation(operation.to_owned(), after))
    }

    fn hold_at(&self, place: Place) -> Held {
        let (release, released) = watch::channel(false);
        lock(&self.plans).hold = Some((place, released));
        Held(release)
    }

    /// How many calls there were since the restart.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// The calls since the restart by service and operation.
    pub fn by_operation(&self) -> BTreeMap<String, usize> {
        lock(&self.by_operation).clone()
    }

    /// Comes back when the planned death happens.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// Comes back when the call that is to be held is.
    pub async fn held(&self) {
        self.held.notified().await;
    }

    /// A call arrives: its number, and what happens to it.
    pub(crate) fn arrives(&self, operation: &str) -> (usize, Option<Mishap>) {
        *lock(&self.by_operation)
            .entry(operation.to_owned())
            .or_default() += 1;
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let mut plans = lock(&self.plans);
        if let Some((place, _)) = &mut plans.hold {
            place.is_neared_by(operation, number);
        }
        let order = plans
            .orders
            .iter_mut()
            .find(|order| order.times > 0 && operation.contains(&order.operation));
        let mishap = order.and_then(|order| {
            if order.after > 0 {
                order.after -= 1;
                return None;
            }
            order.times -= 1;
            Some(order.mishap.clone())
        });
        (number, mishap)
    }

    /// Waits as long as calls take; never comes back where the process dies.
    pub(crate) async fn passes(&self, here: Death) {
        let (death, delay, hold) = {
            let mut plans = lock(&self.plans);
            let hold = plans.hold.take_if(|(place, _)| *place == Place::Call(here));
            (plans.death, plans.delay, hold)
        };
        if death == Some(here) {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
        if let Some((_, mut released)) = hold {
            self.held.notify_one();
            // Whoever drops it lets the call go on as well.
            let _ = released.wait_for(|released| *released).await;
        }
        if matches!(here, Death::Before(_)) && !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }
}
