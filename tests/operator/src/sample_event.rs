//! The sample events in `events/`.

use std::fs;

use serde_json::Value;

use crate::tools::root;

/// Returns the event `events/NAME.json`, with made-up values replaced by real ones: `(made up, real)`.
///
/// # Panics
/// There is no such event, or it does not have one of the made-up values.
pub(crate) fn sample_event(name: &str, real: &[(&str, &str)]) -> Value {
    let path = root().join(format!("events/{name}.json"));
    let mut event = fs::read_to_string(&path).unwrap();
    for (made_up, real) in real {
        assert!(event.contains(made_up), "{name} has no {made_up}");
        event = event.replace(made_up, real);
    }
    serde_json::from_str(&event).unwrap()
}
