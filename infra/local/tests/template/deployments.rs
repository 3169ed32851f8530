//! How new code comes to be called, and what keeps stages apart.

use std::{fs, io};

use crate::{resources, template, value};

/// Returns the functions' names in the template, each with its text.
fn functions(template: &str) -> Vec<(&str, &str)> {
    let kind = "    Type: AWS::Serverless::Function\n";
    let parts: Vec<&str> = template.split(kind).collect();
    let names = parts.iter().filter_map(|part| part.lines().last());
    let names = names.map(|line| line.trim().trim_end_matches(':'));
    names.zip(parts.iter().skip(1).copied()).collect()
}

/// Returns the text of `samconfig.toml`.
fn stages() -> io::Result<String> {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samconfig.toml"))
}

#[test]
fn whatever_calls_a_function_calls_the_version_that_is_live() {
    let template = template().unwrap();
    assert!(template.contains("\n    AutoPublishAlias: live\n"));
    let calls = [
        ("AWS::ApiGatewayV2::Integration", "IntegrationUri", 5),
        ("AWS::Lambda::Permission", "FunctionName", 5),
        ("AWS::Lambda::EventSourceMapping", "FunctionName", 4),
    ];
    for (kind, property, count) in calls {
        let all = resources(&template, kind);
        assert_eq!(all.len(), count, "{kind}");
        for resource in all {
            let target = value(resource, property).unwrap();
            assert!(target.ends_with(".Alias"), "{target}");
        }
    }
    // The schedules are SAM's own, which takes the alias by itself.
    assert!(!template.contains("Type: AWS::Scheduler::Schedule"));
}

#[test]
fn new_code_is_taken_back_when_an_alarm_of_its_function_rings() {
    let template = template().unwrap();
    assert!(template.contains("\n      Type: Canary10Percent10Minutes\n"));
    let functions = functions(&template);
    assert_eq!(functions.len(), 12);
    for (name, text) in functions {
        let alarms = value(text, "DeploymentPreference").unwrap();
        let is_called_over_http = template.contains(&format!("IntegrationUri: !Ref {name}.Alias"));
        let of_the_api = if is_called_over_http {
            ", !Ref ApiFails"
        } else {
            ""
        };
        let expected = format!("{{ Alarms: [!Ref {name}Errors{of_the_api}] }}");
        assert_eq!(alarms, expected);
        assert!(template.contains(&format!(
            "\n  {name}Errors:\n    Type: AWS::CloudWatch::Alarm"
        )));
    }
}

#[test]
fn another_value_of_a_parameter_is_another_version_of_each_function_that_has_it() {
    /// Returns the parameters that the variables after this text are made of.
    fn parameters(text: &str) -> Vec<&str> {
        let variables = text.split("      Variables:\n").nth(1).unwrap_or("");
        let variables = variables
            .lines()
            .take_while(|line| line.starts_with("      ") && !line.contains("Policies:"));
        let mut references: Vec<&str> = variables
            .flat_map(|line| line.split("!Ref ").skip(1))
            .map(|after| after.split([',', ']']).next().unwrap_or(after))
            .collect();
        references.retain(|name| !name.ends_with("Table") && !name.ends_with("Queue"));
        references.retain(|name| !["SyncLogsBucket", "MailConfigurationSet"].contains(name));
        references
    }
    let template = template().unwrap();
    let globals = template.split("\nGlobals:\n").nth(1).unwrap();
    let globals = globals.split("\nResources:\n").next().unwrap();
    let settings = template.split("\n  FunctionSettings:\n").nth(1).unwrap();
    let settings = settings.split("\n\n").next().unwrap();
    let of_all = parameters(globals);
    assert!(of_all.len() >= 6, "{of_all:?}");
    for parameter in of_all {
        let is_there = settings.contains(&format!("${{{parameter}}}"))
            || settings.contains(&format!("!Ref {parameter}\n"));
        assert!(is_there, "{parameter}");
    }
    for (name, text) in functions(&template) {
        let description = value(text, "VersionDescription").unwrap();
        assert!(description.contains("FunctionSettings.Value"), "{name}");
        for parameter in parameters(text.split("\n\n").next().unwrap()) {
            assert!(description.contains(parameter), "{name}: {parameter}");
        }
    }
}

#[test]
fn customers_get_new_code_gradually() {
    let stages = stages().unwrap();
    for stage in ["staging", "prod"] {
        let heading = format!("[{stage}.deploy.parameters]");
        let section = stages.split(&heading).nth(1).unwrap();
        let section = section.split("\n[").next().unwrap();
        assert!(section.contains("\"GradualDeployments=true\""), "{stage}");
    }
}

#[test]
fn a_second_stack_of_an_environment_fails_before_it_makes_anything_that_is_kept() {
    let template = template().unwrap();
    let owner = template.split("\n  StackOfEnvironment:\n").nth(1).unwrap();
    assert_eq!(
        value(owner, "Name"),
        Some("!Sub /kitera/${Environment}/stack")
    );
    let resources = template.split("\nResources:\n").nth(1).unwrap();
    let mut kept = 0;
    for resource in resources.split("\n\n") {
        if resource.contains("    DeletionPolicy: Retain\n") {
            kept += 1;
            let waits = resource.contains("DependsOn: StackOfEnvironment")
                || resource.contains("!GetAtt DataKey.Arn");
            assert!(waits, "{resource}");
        }
    }
    assert!(kept >= 13, "{kept}");
}

#[test]
fn the_alarm_about_the_key_does_not_need_the_key() {
    let template = template().unwrap();
    let topic = template.split("\n  AlarmTopic:\n").nth(1).unwrap();
    let topic = topic.split("\n\n").next().unwrap();
    assert!(!topic.contains("KmsMasterKeyId"));
    let rule = template.split("\n  KeyInDanger:\n").nth(1).unwrap();
    let rule = rule.split("\n\n").next().unwrap();
    assert!(rule.contains("eventName: [ScheduleKeyDeletion, DisableKey]"));
    assert!(rule.contains("Arn: !Ref AlarmTopic"));
}

#[test]
fn the_vault_of_backups_has_a_name_that_aws_allows_in_every_stage() {
    let template = template().unwrap();
    let vault = template.split("\n  BackupVault:\n").nth(1).unwrap();
    let vault = vault.split("\n\n").next().unwrap();
    assert!(vault.contains("${AWS::StackName}-${Id}\n"));
    // The first part of a UUID.
    assert!(vault.contains("- Id: !Select [0, !Split [\"-\", !Select [2, "));
    let stages = stages().unwrap();
    let names: Vec<&str> = stages
        .split("stack_name = \"")
        .skip(1)
        .map(|after| after.split('"').next().unwrap())
        .collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(name.len() + 1 + 8 <= 50, "{name}");
    }
}

#[test]
fn the_copy_in_another_region_has_every_table() {
    let template = template().unwrap();
    let selection = template.split("\n  BackupSelection:\n").nth(1).unwrap();
    let selection = selection.split("\n\n").next().unwrap();
    let tables = template.matches("    Type: AWS::DynamoDB::Table\n").count();
    assert_eq!(selection.matches("Table.Arn").count(), tables);
}
