//! Numbers for CloudWatch, as lines of the log.
//!
//! CloudWatch Logs makes metrics of log lines in its embedded metric format, so a function needs no
//! right and no request for them (Amazon CloudWatch User Guide, "Specification: Embedded metric
//! format"). Each line has the dimension `Environment`; what would make a metric of its own for every
//! workspace, such as its id, is a property: it can be searched for in the log.

use std::env;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What all our metrics are under; the alarms in `infra/template.yaml` name it.
pub const NAMESPACE: &str = "KiteRa/SmartHR";

/// One line: values that were measured together.
#[derive(Clone, Debug)]
#[must_use = "a line counts once it is printed"]
pub struct Metrics {
    at: Timestamp,
    dimensions: Map<String, Value>,
    definitions: Vec<Value>,
    fields: Map<String, Value>,
}

impl Metrics {
    /// A line without values yet, measured at `now`. `ENVIRONMENT` names the stage.
    pub fn new(now: Timestamp) -> Self {
        let stage = env::var("ENVIRONMENT").unwrap_or_else(|_| "none".into());
        Self {
            at: now,
            dimensions: Map::from_iter([("Environment".into(), stage.into())]),
            definitions: Vec::new(),
            fields: Map::new(),
        }
    }

    /// A further dimension: every value of it is a metric of its own, so there must be few.
    pub fn dimension(mut self, name: &str, value: &str) -> Self {
        self.dimensions.insert(name.into(), value.into());
        self
    }

    /// Something about the whole line that is no metric. Never a name, an address or a secret.
    pub fn property(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.fields.insert(name.into(), value.to_string().into());
        self
    }

    /// How many.
    pub fn count(self, name: &str, value: impl Into<u64>) -> Self {
        self.value(name, "Count", value.into().into())
    }

    /// How many seconds.
    pub fn seconds(self, name: &str, value: f64) -> Self {
        self.value(name, "Seconds", value.into())
    }

    fn value(mut self, name: &str, unit: &str, value: Value) -> Self {
        self.definitions.push(json!({ "Name": name, "Unit": unit }));
        self.fields.insert(name.into(), value);
        self
    }

    /// The line.
    pub fn line(&self) -> String {
        let names: Vec<&String> = self.dimensions.keys().collect();
        let mut line = self.fields.clone();
        line.extend(self.dimensions.clone());
        line.insert(
            "_aws".into(),
            json!({
                "Timestamp": self.at.as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [names],
                    "Metrics": self.definitions,
                }],
            }),
        );
        Value::Object(line).to_string()
    }

    /// Writes the line where Lambda takes the log from.
    pub fn print(&self) {
        println!("{}", self.line());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_in_the_embedded_metric_format() {
        let metrics = Metrics::new("2026-11-23T17:00:00Z".parse().expect("a timestamp"))
            .dimension("Reason", "smarthr_down")
            .property("workspace_id", "ws_1")
            .count("RunsFailed", 1_u32)
            .seconds("MailLag", 1.5);
        let line: Value = serde_json::from_str(&metrics.line()).expect("JSON");
        assert_eq!(
            line,
            json!({
                "_aws": {
                    "Timestamp": 1_795_453_200_000_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "KiteRa/SmartHR",
                        "Dimensions": [["Environment", "Reason"]],
                        "Metrics": [
                            { "Name": "RunsFailed", "Unit": "Count" },
                            { "Name": "MailLag", "Unit": "Seconds" },
                        ],
                    }],
                },
                "Environment": "none",
                "Reason": "smarthr_down",
                "workspace_id": "ws_1",
                "RunsFailed": 1,
                "MailLag": 1.5,
            })
        );
    }
}
