//! The deployed alarms of the template, and the metrics that the functions write for them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::story::Story;

/// A deployed alarm of CloudWatch.
#[derive(Clone, Debug)]
pub struct Alarm(Value);

/// A value of a metric, as CloudWatch reads it from a log line.
#[derive(Clone, Debug)]
pub struct Measured {
    namespace: String,
    name: String,
    dimensions: BTreeMap<String, String>,
    /// The value, in the metric's unit.
    pub value: f64,
}

impl Alarm {
    /// Returns its name without the stack's.
    pub fn name(&self) -> &str {
        let name = self.text("AlarmName");
        name.split_once('-').map_or(name, |(_, name)| name)
    }

    /// Returns one of its properties that are texts.
    pub fn text(&self, what: &str) -> &str {
        self.0[what].as_str().unwrap_or_default()
    }

    /// Returns one of its properties that are numbers.
    pub fn number(&self, what: &str) -> f64 {
        self.0[what].as_f64().unwrap()
    }

    /// Returns the metric's dimensions, by name.
    pub fn dimensions(&self) -> BTreeMap<String, String> {
        let pairs = self.0["Dimensions"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        pairs
            .map(|pair| (text(&pair["Name"]), text(&pair["Value"])))
            .collect()
    }

    /// Returns whether it watches this metric.
    pub fn watches(&self, measured: &Measured) -> bool {
        self.text("Namespace") == measured.namespace
            && self.text("MetricName") == measured.name
            && self.dimensions() == measured.dimensions
    }

    /// Returns whether it rings when its statistic is `value`.
    pub fn rings_at(&self, value: f64) -> bool {
        let threshold = self.number("Threshold");
        match self.text("ComparisonOperator") {
            "GreaterThanThreshold" => value > threshold,
            "LessThanThreshold" => value < threshold,
            other => panic!("{other}"),
        }
    }
}

impl Story {
    /// Calls a service in the AWS account of the stack.
    pub async fn at_aws(&self, service: &str, target: &str, body: Value) -> Value {
        let account = self.stack.account().unwrap();
        account.call(service, target, &body).await.unwrap()
    }

    /// Returns all alarms.
    pub async fn alarms(&self) -> Vec<Alarm> {
        let target = "GraniteServiceVersion20100801.DescribeAlarms";
        let answer = self.at_aws("monitoring", target, json!({})).await;
        let alarms = answer["MetricAlarms"].as_array().unwrap();
        alarms.iter().cloned().map(Alarm).collect()
    }

    /// Returns an alarm by its name without the stack's.
    pub async fn alarm(&self, name: &str) -> Alarm {
        let alarms = self.alarms().await;
        let alarm = alarms.into_iter().find(|alarm| alarm.name() == name);
        alarm.unwrap_or_else(|| panic!("no alarm {name}"))
    }

    /// Returns the log lines of the functions so far, without the stand-in's own, which begin with the date.
    pub fn logged_lines(&self) -> Vec<String> {
        let log = fs::read_to_string(self.stack.log()).unwrap();
        let of_functions = |line: &&str| !line.starts_with("20") && !line.trim().is_empty();
        let lines = log.lines().skip_while(|line| !line.starts_with('{'));
        lines.filter(of_functions).map(str::to_owned).collect()
    }

    /// Returns the metrics that the functions wrote so far.
    pub fn measured(&self) -> Vec<Measured> {
        let lines = self.logged_lines();
        let lines = lines
            .iter()
            .filter_map(|line| serde_json::from_str(line).ok());
        lines.flat_map(|line: Value| measured(&line)).collect()
    }

    /// Returns the last value that an alarm watched.
    pub fn seen_by(&self, alarm: &Alarm) -> Option<f64> {
        let measured = self.measured();
        let seen = measured.iter().rfind(|measured| alarm.watches(measured));
        seen.map(|measured| measured.value)
    }
}

/// Returns the metrics in a log line of the embedded metric format.
fn measured(line: &Value) -> Vec<Measured> {
    let mut all = Vec::new();
    let directives = line["_aws"]["CloudWatchMetrics"].as_array();
    for directive in directives.into_iter().flatten() {
        for set in directive["Dimensions"].as_array().into_iter().flatten() {
            let names = set.as_array().unwrap().iter();
            let names = names.map(|name| name.as_str().unwrap().to_owned());
            let dimensions: BTreeMap<_, _> = names
                .map(|name| {
                    let value = line[&name].as_str().unwrap().to_owned();
                    (name, value)
                })
                .collect();
            for metric in directive["Metrics"].as_array().into_iter().flatten() {
                let name = metric["Name"].as_str().unwrap();
                all.push(Measured {
                    namespace: directive["Namespace"].as_str().unwrap().to_owned(),
                    name: name.to_owned(),
                    dimensions: dimensions.clone(),
                    value: line[name].as_f64().unwrap(),
                });
            }
        }
    }
    all
}
