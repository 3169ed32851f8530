//! Has erase-person carry an event out to its end.

use serde_json::{Value, json};

use crate::error::KiteraError;
use crate::stack::Stack;

impl Stack {
    /// Invokes erase-person until it had time for all logs. Returns its last answer, with the counts of all.
    ///
    /// # Errors
    /// [`KiteraError`] when an invocation failed or came no further than the one before. Repeated, it goes on.
    pub(crate) async fn erase_person(&self, event: &Value) -> Result<Value, KiteraError> {
        let mut event = event.clone();
        let mut answer = self.invoke("erase-person", &event).await?;
        while let Some(left) = left_of(&answer) {
            if answer["continue_after"].is_string() {
                event["after"] = answer["continue_after"].clone();
            }
            let next = self.invoke("erase-person", &event).await?;
            if left_of(&next).is_some_and(|still| still == left) {
                return Err(KiteraError::Refused(
                    "erase-person comes no further: see its log".to_owned(),
                ));
            }
            answer = sum(&answer, &next);
        }
        Ok(answer)
    }
}

/// Returns what an invocation had no time for; `None` if it is done.
fn left_of(answer: &Value) -> Option<Value> {
    let (logs, after) = (&answer["unread_logs"], &answer["continue_after"]);
    let is_done = logs.as_u64().unwrap_or_default() == 0 && after.is_null();
    (!is_done).then(|| json!([logs, after]))
}

/// Returns the later answer, with the counts of both.
fn sum(before: &Value, after: &Value) -> Value {
    let mut sum = after.clone();
    for (place, count) in sum.as_object_mut().into_iter().flatten() {
        let counts = (before[place].as_u64(), count.as_u64());
        if let (Some(before), Some(after), false) = (counts.0, counts.1, place == "unread_logs") {
            *count = json!(before + after);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_invocations_erased_is_counted_together_and_what_is_left_only_once() {
        let first = json!({ "users": 0, "log_lines": 30, "unread_logs": 400 });
        let last = json!({ "users": 1, "log_lines": 12, "unread_logs": 0 });
        assert!(left_of(&first).is_some());
        let both = sum(&first, &last);
        assert_eq!(
            both,
            json!({ "users": 1, "log_lines": 42, "unread_logs": 0 })
        );
        assert!(left_of(&both).is_none());
        let of_list = json!({ "unread_logs": 0, "continue_after": "erased/ws/usr.1.json" });
        assert!(left_of(&of_list).is_some());
    }
}
