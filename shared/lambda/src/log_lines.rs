//! Log lines: one line of JSON per event, as Lambda's logging controls expect it.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Starts writing events of the level `AWS_LAMBDA_LOG_LEVEL` (INFO by default) and above to the
/// standard output, which CloudWatch Logs reads.
pub fn begin() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default();
    // This fails only in a second call in one process, which has no effect.
    let _ = tracing::subscriber::set_global_default(lines(level_of(&level), std::io::stdout));
}

/// Returns the level that Lambda calls `word`. tracing does not know FATAL, and reads an empty word
/// as ERROR.
fn level_of(word: &str) -> LevelFilter {
    match word.to_ascii_lowercase().as_str() {
        "" => LevelFilter::INFO,
        "fatal" => LevelFilter::ERROR,
        word => word.parse().unwrap_or(LevelFilter::INFO),
    }
}

/// Returns the subscriber that writes the lines. They have a time, because Lambda treats a line
/// without one as INFO (AWS Lambda Developer Guide, "JSON log format").
fn lines<W>(level: LevelFilter, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .with_target(false)
        .with_max_level(level)
        .with_writer(writer)
        .finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Deserializer, Value, json};

    use super::*;

    /// Returns the lines that `work` writes, without their times.
    fn written(level: &str, work: impl FnOnce()) -> Vec<Value> {
        let (reader, writer) = std::io::pipe().unwrap();
        let subscriber = lines(level_of(level), Arc::new(writer));
        tracing::subscriber::with_default(subscriber, work);
        let lines = Deserializer::from_reader(reader).into_iter();
        lines.map(|line| without_time(line.unwrap())).collect()
    }

    fn without_time(mut line: Value) -> Value {
        let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        let _: jiff::Timestamp = time.as_str().unwrap().parse().unwrap();
        line
    }

    /// One test covers all cases because tracing caches the enabled events for the whole process.
    #[test]
    fn a_line_has_the_event_and_its_spans_if_its_level_is_enabled() {
        let lines = written("", || {
            let _request = tracing::info_span!("request", request_id = "r-1").entered();
            let _run = tracing::info_span!("run", workspace = "ws_1").entered();
            tracing::warn!(people = 3, "held");
        });
        let run = json!({ "name": "run", "workspace": "ws_1" });
        let request = json!({ "name": "request", "request_id": "r-1" });
        let expected = json!({
            "level": "WARN",
            "fields": { "message": "held", "people": 3 },
            "span": run,
            "spans": [request, run],
        });
        assert_eq!(lines, [expected]);

        let events = || {
            tracing::debug!("debug");
            tracing::info!("info");
            tracing::error!("error");
        };
        for (level, count) in [
            ("DEBUG", 3),
            ("INFO", 2),
            ("", 2),
            ("?", 2),
            ("WARN", 1),
            ("FATAL", 1),
        ] {
            assert_eq!(written(level, events).len(), count, "{level}");
        }
    }
}
