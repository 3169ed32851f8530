//! Who changes something, where no request says it.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{Author, UserId};

/// Returns the author of a request that a user sends, each time of another request.
pub fn author(user_id: &str) -> Author {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    Author {
        user_id: UserId::new(user_id),
        home: None,
        network: "203.0.113.7".into(),
        request_id: format!("test{}", REQUESTS.fetch_add(1, Ordering::Relaxed)),
    }
}
