//! The deployed alarms of the template, and the metrics that the functions write for them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::story::Story;

/// A deployed alarm of CloudWatch.
#[derive(Clone, Debug)]
pub struct Alarm(Value);

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

    /// Returns the value of its metric in a log line of the embedded metric format; `None` if the line has none.
    fn value_in(&self, line: &Value) -> Option<f64> {
        let metric = self.text("MetricName");
        let dimensions = self.dimensions();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let has_dimensions = |names: &Value| {
            let names = list(names);
            let mut expected = dimensions.iter();
            names.len() == dimensions.len()
                && expected
                    .all(|(name, value)| names.contains(&json!(name)) && line[name] == **value)
        };
        let is_meant = |directive: &Value| {
            directive["Namespace"] == self.text("Namespace")
                && list(&directive["Metrics"])
                    .iter()
                    .any(|one| one["Name"] == metric)
                && list(&directive["Dimensions"]).iter().any(has_dimensions)
        };
        let directives = list(&line["_aws"]["CloudWatchMetrics"]);
        let is_written = directives.iter().any(is_meant);
        is_written.then(|| line[metric].as_f64().unwrap())
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

    /// Returns what an alarm watched so far: the sum of its metric, or the last value.
    pub fn seen_by(&self, alarm: &Alarm) -> Option<f64> {
        let lines = self.logged_lines().into_iter();
        let lines = lines.filter_map(|line| serde_json::from_str(&line).ok());
        let values = lines.filter_map(|line: Value| alarm.value_in(&line));
        values.reduce(|before, value| match alarm.text("Statistic") {
            "Sum" => before + value,
            _ => value,
        })
    }
}
