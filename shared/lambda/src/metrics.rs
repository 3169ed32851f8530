//! CloudWatch metrics, as lines of the log.
//!
//! CloudWatch Logs extracts metrics from lines in the embedded metric format, so that a function needs
//! neither a permission nor a request (Amazon CloudWatch User Guide, "Specification: Embedded metric
//! format"). Each line has the dimension `Environment`. The id of a workspace is a property, which can be
//! searched for in the log; as a dimension it would create a metric per workspace.

use std::env;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The namespace of all metrics, which the alarms in `infra/template.yaml` name.
pub const NAMESPACE: &str = "KiteRa/SmartHR";

/// A line of values that were measured together.
#[derive(Clone, Debug)]
#[must_use = "a line is measured when it is printed"]
pub struct Metrics {
    at: Timestamp,
    dimensions: Map<String, Value>,
    definitions: Vec<Value>,
    fields: Map<String, Value>,
}

impl Metrics {
    /// Creates a line without values, measured at `now`. `ENVIRONMENT` names the stage.
    pub fn new(now: Timestamp) -> Self {
        let stage = env::var("ENVIRONMENT").unwrap_or_else(|_| "none".into());
        Self {
            at: now,
            dimensions: Map::from_iter([("Environment".into(), stage.into())]),
            definitions: Vec::new(),
            fields: Map::new(),
        }
    }

    /// Adds a dimension. Each of its values makes a metric of its own, so there must be few.
    pub fn dimension(mut self, name: &str, value: &str) -> Self {
        self.dimensions.insert(name.into(), value.into());
        self
    }

    /// Adds a property, which is no metric. It must not be a name, an address or a secret.
    pub fn property(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.fields.insert(name.into(), value.to_string().into());
        self
    }

    /// Adds a metric with the unit `Count`.
    pub fn count(self, name: &str, value: impl Into<u64>) -> Self {
        self.value(name, "Count", value.into().into())
    }

    /// Adds a metric with the unit `Percent`.
    pub fn percent(self, name: &str, value: f64) -> Self {
        self.value(name, "Percent", value.into())
    }

    /// Adds a metric with the unit `Seconds`.
    pub fn seconds(self, name: &str, value: f64) -> Self {
        self.value(name, "Seconds", value.into())
    }

    fn value(mut self, name: &str, unit: &str, value: Value) -> Self {
        self.definitions.push(json!({ "Name": name, "Unit": unit }));
        self.fields.insert(name.into(), value);
        self
    }

    /// Returns the line as JSON.
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

    /// Prints the line to the log.
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
