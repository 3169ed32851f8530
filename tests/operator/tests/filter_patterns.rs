//! The filter patterns of CloudWatch Logs, which the stand-in for AWS ignores, on lines as the functions and Lambda
//! write them.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::fs;

use operator::root;
use serde_json::Value;

/// Lines that an operator looks for: of a function, and of Lambda itself.
const ERRORS: [&str; 4] = [
    r#"{"timestamp":"2026-11-30T04:35:01Z","level":"ERROR","message":"the message will be delivered again"}"#,
    r#"{"time":"2026-11-30T04:35:01Z","type":"platform.report","record":{"requestId":"1","status":"timeout"}}"#,
    r#"{"time":"2026-11-30T04:35:01Z","type":"platform.report","record":{"requestId":"1","status":"error"}}"#,
    r#"{"time":"2026-11-30T04:35:01Z","type":"platform.runtimeDone","record":{"requestId":"1","status":"failure"}}"#,
];
/// Lines that nobody need read.
const OTHERS: [&str; 4] = [
    r#"{"timestamp":"2026-11-30T04:35:01Z","level":"WARN","message":"an ERROR that was mended"}"#,
    r#"{"time":"2026-11-30T04:35:01Z","type":"platform.report","record":{"requestId":"1","status":"success"}}"#,
    r#"{"Environment":"dev","RunsFailed":1,"status":"error"}"#,
    "END RequestId: 1",
];

/// Returns whether a JSON pattern of equalities, joined by `||`, matches a line. A line that is no JSON matches none.
fn matches(pattern: &str, line: &str) -> bool {
    let Ok(line) = serde_json::from_str::<Value>(line) else {
        return false;
    };
    let inside = pattern.trim().strip_prefix('{').unwrap();
    let inside = inside.strip_suffix('}').unwrap();
    inside.split("||").any(|equality| {
        let (path, text) = equality.split_once('=').unwrap();
        let path = path.trim().strip_prefix('$').unwrap().replace('.', "/");
        let text = text.trim().trim_matches('"');
        line.pointer(&path).is_some_and(|found| found == text)
    })
}

/// Returns the patterns in a file: JSON objects in single quotes that name a level.
fn patterns(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let quoted = text.split('\'').map(str::trim);
    quoted
        .filter(|text| text.starts_with("{ $.level"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_runbooks_pattern_finds_every_error_and_no_other_line() {
    let [pattern] = &patterns("docs/runbook.md")[..] else {
        panic!("one pattern");
    };
    for line in ERRORS {
        assert!(matches(pattern, line), "{line}");
    }
    for line in OTHERS {
        assert!(!matches(pattern, line), "{line}");
    }
}

#[test]
fn the_metric_filters_count_what_functions_log_as_errors() {
    let patterns = patterns("infra/template.yaml");
    assert!(!patterns.is_empty());
    for pattern in patterns {
        assert!(matches(&pattern, ERRORS[0]), "{pattern}");
        for line in OTHERS {
            assert!(!matches(&pattern, line), "{pattern} {line}");
        }
    }
}
