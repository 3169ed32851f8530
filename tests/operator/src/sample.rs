//! The sample events of `events/`.

use std::fs;

use serde_json::Value;

use crate::tools::root;

/// The event `events/NAME.json`, with real values in place of made-up ones: `(made up, real)`.
///
/// # Panics
/// There is no such event, or it does not have one of the made-up values.
pub fn sample(name: &str, real: &[(&str, &str)]) -> Value {
    let path = root().join(format!("events/{name}.json"));
    let mut event = fs::read_to_string(&path).unwrap();
    for (made_up, real) in real {
        assert!(event.contains(made_up), "{name} has no {made_up}");
        event = event.replace(made_up, real);
    }
    serde_json::from_str(&event).unwrap()
}
