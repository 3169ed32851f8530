//! Log lines: one line of JSON per event, as Lambda's logging controls expect it, with flat fields. Those of
//! the spans around an event are in its line too, so that each line of a run says whose it is.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter};
use tracing_subscriber::registry::{LookupSpan, Scope};

use crate::clock;

/// Starts writing events of the level `AWS_LAMBDA_LOG_LEVEL` (INFO by default) and above to the
/// standard output, which CloudWatch Logs reads.
pub fn begin() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default();
    // This fails only in a second call in one process, which has no effect.
    let _ = tracing::subscriber::set_global_default(lines(&level, std::io::stdout));
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

/// Returns the subscriber that writes the lines of `level`, in Lambda's words, and above.
pub fn lines<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .fmt_fields(JsonFields::new())
        .event_format(FlatLine { clock: clock::now })
        .with_max_level(level_of(level))
        .with_writer(writer)
        .finish()
}

/// Formats an event as an object of its fields and those of its spans, of which the innermost wins. It has a
/// time, because Lambda treats a line without one as INFO (AWS Lambda Developer Guide, "JSON log format").
struct FlatLine {
    clock: fn() -> Timestamp,
}

impl<S> FormatEvent<S, JsonFields> for FlatLine
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Map::new();
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>() {
                line.extend(object(&fields.fields));
            }
        }
        let mut fields = String::new();
        context.format_fields(Writer::new(&mut fields), event)?;
        line.extend(object(&fields));
        line.insert("timestamp".into(), (self.clock)().to_string().into());
        line.insert("level".into(), event.metadata().level().as_str().into());
        writeln!(writer, "{}", Value::Object(line))
    }
}

fn object(fields: &str) -> Map<String, Value> {
    serde_json::from_str(fields).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Deserializer, Value, json};

    use super::*;

    /// Returns the lines that `work` writes, without their times.
    fn written(level: &str, work: impl FnOnce()) -> Vec<Value> {
        let (reader, writer) = std::io::pipe().unwrap();
        let subscriber = lines(level, Arc::new(writer));
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
        let expected = json!({
            "level": "WARN",
            "message": "held",
            "people": 3,
            "workspace": "ws_1",
            "request_id": "r-1",
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
