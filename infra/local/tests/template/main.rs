//! Checks of infra/template.yaml that the stand-in for AWS cannot make: it ignores a schedule's time zone, and
//! permissions that are too wide fail nowhere.

mod deployments;
mod throttles;

use std::{fs, io};

fn template() -> io::Result<String> {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml"))
}

#[test]
fn the_sync_starts_at_two_in_the_morning_in_japan() {
    let template = template().unwrap();
    assert!(template.contains("ScheduleExpression: cron(0 2 * * ? *)\n"));
    assert!(template.contains("ScheduleExpressionTimezone: Asia/Tokyo\n"));
}

#[test]
fn no_function_may_do_everything_or_everything_to_anything() {
    let template = template().unwrap();
    let functions = template.split("# ---- The functions").nth(1).unwrap();
    let functions = functions.split("# ---- The HTTP API").next().unwrap();
    // SES has no resource for it.
    let lines = functions.lines().map(str::trim);
    for line in lines.filter(|line| !line.contains(" Action: ses:GetSendQuota, ")) {
        assert!(!line.contains(":*\"") && !line.ends_with("\"*\""), "{line}");
        assert!(
            !line.contains("dynamodb:*") && !line.contains("s3:*"),
            "{line}"
        );
    }
}

#[test]
fn mails_leave_from_our_address_only_wherever_they_go() {
    let template = template().unwrap();
    let statement = template.split("- Sid: Send\n").nth(1).unwrap();
    let statement = statement.split("\n\n").next().unwrap();
    assert!(statement.contains(":identity/*\n"));
    assert!(statement.contains("StringEquals: { \"ses:FromAddress\": !Ref MailFrom }"));
    assert_eq!(template.matches("Action: ses:Send").count(), 1);
}

#[test]
fn no_function_may_update_or_delete_what_the_audit_trail_says() {
    let template = template().unwrap();
    let statements = template.split("- Sid: ").skip(1);
    let about_the_trail: Vec<&str> = statements
        .map(|statement| statement.split("\n\n").next().unwrap())
        .filter(|statement| statement.contains("AuditTable"))
        .collect();
    assert_eq!(about_the_trail.len(), 7);
    for statement in about_the_trail {
        let mut actions = statement.lines().filter(|line| line.contains("Action: "));
        let action = actions.next().unwrap().trim();
        let allowed = [
            "Action: dynamodb:PutItem",
            "Action: [dynamodb:PutItem, dynamodb:Query]",
        ];
        assert!(allowed.contains(&action), "{statement}");
    }
}

#[test]
fn the_console_writes_the_secrets_of_identity_providers_and_only_sign_in_reads_them() {
    let template = template().unwrap();
    let functions = template
        .split("    Type: AWS::Serverless::Function\n")
        .skip(1);
    let mut rights = Vec::new();
    for function in functions {
        let name = function.split("CodeUri: ../functions/").nth(1).unwrap();
        let name = name.split('/').next().unwrap();
        for statement in function.split("- Sid: ").skip(1) {
            if statement.contains("${Environment}/sso/*") {
                rights.push((name, statement.contains("GetSecretValue")));
            }
        }
    }
    assert_eq!(rights, [("admin-api", false), ("single-sign-on", true)]);
}

#[test]
fn what_outlives_its_stack_has_no_name_that_the_next_stack_would_want() {
    let template = template().unwrap();
    let resources = template.split("\nResources:\n").nth(1).unwrap();
    let kept: Vec<_> = resources
        .split("    DeletionPolicy: Retain\n")
        .skip(1)
        .map(|after| after.split("\n  # ").next().unwrap())
        .map(|after| after.split("    Type: ").next().unwrap())
        .collect();
    assert!(kept.len() >= 10, "{}", kept.len());
    for resource in kept {
        for name in ["Name", "TableName", "BucketName", "AliasName"] {
            let line = format!("\n      {name}:");
            assert!(!resource.contains(&line), "{resource}");
        }
    }
}

#[test]
fn the_access_log_has_the_source_and_the_route_and_no_path() {
    let template = template().unwrap();
    let format = template.split("AccessLogSettings:").nth(1).unwrap();
    let format = format.lines().nth(3).unwrap();
    assert!(format.contains("$context.identity.sourceIp") && format.contains("$context.routeKey"));
    assert!(!format.contains("path") && !format.contains("user"));
}

#[test]
fn every_function_has_a_sample_event() {
    let folder = |name: &str| {
        let path = format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"));
        let entries = fs::read_dir(path).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect::<Vec<_>>()
    };
    let events = folder("events");
    for function in folder("functions") {
        // The night's event is named after what happens: nightly.json.
        let name = function.trim_end_matches("-sync");
        assert!(
            events.iter().any(|event| event.starts_with(name)),
            "{function}"
        );
    }
}

#[test]
fn every_sample_event_is_json() {
    let events = format!("{}/../../events", env!("CARGO_MANIFEST_DIR"));
    for event in fs::read_dir(events).unwrap() {
        let path = event.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
        assert!(read.is_ok(), "{}", path.display());
    }
}

/// Returns the resources of a type, each as its text.
fn resources<'a>(template: &'a str, kind: &str) -> Vec<&'a str> {
    let kind = format!("    Type: {kind}\n");
    let all = template.split(&kind).skip(1);
    let end = "\n    Type: ";
    all.map(|rest| rest.split_once(end).map_or(rest, |(own, _)| own))
        .collect()
}

fn value<'a>(resource: &'a str, property: &str) -> Option<&'a str> {
    let property = format!("      {property}: ");
    resource
        .lines()
        .find_map(|line| line.strip_prefix(&property))
}

#[test]
fn every_alarm_says_whether_it_wakes_anybody_and_names_a_section_of_the_runbook() {
    let template = template().unwrap();
    let runbook = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/runbook.md");
    let runbook = fs::read_to_string(runbook).unwrap();
    let headings = runbook.lines().filter(|line| line.starts_with("##"));
    let anchors: Vec<String> = headings
        .map(|heading| {
            heading
                .trim_start_matches('#')
                .trim()
                .to_lowercase()
                .replace(' ', "-")
        })
        .collect();
    let alarms = resources(&template, "AWS::CloudWatch::Alarm");
    assert!(alarms.len() > 30);
    for alarm in alarms {
        let description = value(alarm, "AlarmDescription").unwrap();
        let wakes = ["\"Wake. ", "\"Morning. "]
            .iter()
            .any(|it| description.starts_with(it));
        assert!(wakes, "{description}");
        let section = description
            .trim_end_matches('"')
            .split("docs/runbook.md#")
            .nth(1);
        let section = section.map(str::to_owned).unwrap();
        assert!(anchors.contains(&section), "{description}");
    }
}

#[test]
fn no_alarm_is_silent_while_the_nights_are_disabled() {
    let template = template().unwrap();
    assert!(!template.contains("ActionsEnabled"));
    let not_watched = template.split("-night-not-watched").nth(1).unwrap();
    let not_watched = not_watched.split("\n\n").next().unwrap();
    assert!(not_watched.contains("TreatMissingData: breaching"));
}

#[test]
fn a_line_of_the_level_error_of_any_function_is_counted_within_a_minute() {
    let template = template().unwrap();
    let functions = template
        .matches("Type: AWS::Serverless::Function\n")
        .count();
    let filters = resources(&template, "AWS::Logs::MetricFilter");
    let filters: Vec<_> = filters
        .into_iter()
        .filter(|filter| filter.contains("MetricName: ErrorsLogged,"))
        .collect();
    assert_eq!(filters.len(), functions);
    for filter in filters {
        // `lambda::log_lines` writes the level there, as its tests say.
        assert_eq!(
            value(filter, "FilterPattern"),
            Some("'{ $.level = \"ERROR\" }'")
        );
        let group = value(filter, "LogGroupName").unwrap();
        assert_eq!(
            template
                .matches(&format!("LoggingConfig: {{ LogGroup: {group} }}"))
                .count(),
            1
        );
    }
    let alarm = template.split("-errors-logged\n").nth(1).unwrap();
    assert_eq!(value(alarm, "MetricName"), Some("ErrorsLogged"));
    assert_eq!(value(alarm, "Period"), Some("60"));
}
