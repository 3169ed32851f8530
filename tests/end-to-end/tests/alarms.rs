//! Each alarm of the template rings when what it is for happens: its metric, with its dimensions, is
//! measured beyond its threshold.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read what was measured has to say so and stop"
)]

use end_to_end::{Alarm, Person, Story};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

fn sato() -> Person {
    Person::new(1, "佐藤").email("sato@example.jp")
}

/// What only AWS itself measures, and a stand-in on this machine does not: the alarm, namespace,
/// metric and the name of its dimension (Amazon CloudWatch User Guide, "AWS services that publish
/// CloudWatch metrics").
const MEASURED_BY_AWS: [(&str, &str, &str, &str); 10] = [
    (
        "sync-queue-stalls",
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "QueueName",
    ),
    (
        "mail-queue-stalls",
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "QueueName",
    ),
    (
        "nightly-sync-throttles",
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
    ),
    (
        "workspace-sync-throttles",
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
    ),
    (
        "oauth-callback-throttles",
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
    ),
    (
        "admin-api-throttles",
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
    ),
    (
        "first-login-throttles",
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
    ),
    ("api-fails", "AWS/ApiGateway", "5xx", "ApiId"),
    ("mails-bounce", "AWS/SES", "Reputation.BounceRate", ""),
    ("mails-annoy", "AWS/SES", "Reputation.ComplaintRate", ""),
];

/// What the tests below make ring.
const MADE_TO_RING: [&str; 18] = [
    "runs-not-begun",
    "night-not-watched",
    "runs-fail",
    "mails-wait",
    "mails-rejected",
    "sync-dead-letters-arrive",
    "mail-dead-letters-arrive",
    "night-dead-letters-arrive",
    "feedback-dead-letters-arrive",
    "nightly-sync-errors",
    "workspace-sync-errors",
    "mail-delivery-errors",
    "mail-feedback-errors",
    "night-watch-errors",
    "oauth-callback-errors",
    "admin-api-errors",
    "first-login-errors",
    "provision-errors",
];

async fn assert_rings(story: &Story, name: &str) {
    let alarm = story.alarm(name).await;
    let value = story.seen_by(&alarm);
    assert!(
        value.is_some_and(|value| alarm.rings_at(value)),
        "{name}: {value:?}"
    );
}

/// The watch's round for the night that began at `night`.
async fn half_past_two(story: &Story, night: Timestamp) {
    let scheduled_at = night + SignedDuration::from_mins(30);
    let round = json!({ "round": "night", "scheduled_at": scheduled_at });
    story.stack.invoke("night-watch", round).await.unwrap();
}

#[tokio::test]
async fn every_alarm_is_made_to_ring_or_is_measured_by_aws_and_reaches_somebody() {
    let story = Story::begin("alarms").await;
    let alarms = story.alarms().await;
    for alarm in &alarms {
        let (name, text) = (alarm.name(), |what| alarm.text(what).to_owned());
        let of_aws = MEASURED_BY_AWS.iter().find(|(known, ..)| *known == name);
        if let Some((_, namespace, metric, dimension)) = of_aws {
            assert_eq!(
                (text("Namespace"), text("MetricName")),
                ((*namespace).into(), (*metric).into())
            );
            let dimensions = alarm.dimensions().into_keys().collect::<Vec<_>>();
            assert_eq!(dimensions.concat(), *dimension, "{name}");
        } else {
            assert!(MADE_TO_RING.contains(&name), "{name} is not tested");
        }
        assert!(!alarm.text("AlarmDescription").is_empty(), "{name}");
    }
    assert_eq!(alarms.len(), MADE_TO_RING.len() + MEASURED_BY_AWS.len());
}

#[tokio::test]
async fn a_night_that_did_not_begin_rings_at_half_past_two_and_one_that_did_does_not() {
    let mut story = Story::connected("alarm-not-begun", &[sato()]).await;
    story.hours_pass(1).await;
    half_past_two(&story, story.stack.clock().now()).await;
    assert_rings(&story, "runs-not-begun").await;

    let not_watched = story.alarm("night-not-watched").await;
    assert_eq!(not_watched.text("MetricName"), "RunsNotBegun");
    assert_eq!(not_watched.text("Statistic"), "SampleCount");
    assert_eq!(not_watched.text("TreatMissingData"), "breaching");
    assert!(not_watched.rings_at(0.0) && !not_watched.rings_at(1.0));
    // It looks at more than a day, but not in one piece: for a missing one CloudWatch takes an earlier one.
    let hour = not_watched.number("Period");
    assert!(hour <= 3600.0 && hour * not_watched.number("EvaluationPeriods") > 24.0 * 3600.0);

    let run = story.next_night().await;
    let night = run["started_at"].as_str().unwrap().parse().unwrap();
    half_past_two(&story, night).await;
    let alarm = story.alarm("runs-not-begun").await;
    assert_eq!(story.seen_by(&alarm), Some(0.0));
}

#[tokio::test]
async fn a_run_that_fails_as_a_whole_rings() {
    let mut story = Story::connected("alarm-fails", &[sato()]).await;
    story.night().await;
    let alarm = story.alarm("runs-fail").await;
    assert_eq!(alarm.text("Statistic"), "Average");
    assert_eq!(story.seen_by(&alarm), Some(0.0));
    let company = json!({ "company": "aozora" });
    story.at_smarthr("POST", "revoke", company).await;
    story.next_night().await;
    assert_rings(&story, "runs-fail").await;
}

#[tokio::test]
async fn a_mail_that_nobody_asks_for_rings_after_an_hour_and_is_asked_for_and_arrives() {
    let mut story = Story::connected("alarm-mails", &[sato()]).await;
    let run = story.night().await;
    story.new_mails().await;
    story.hours_pass(2).await;
    let since = story.stack.clock().now() - SignedDuration::from_mins(61);
    let text = |value: &str| json!({ "S": value });
    let lost = json!({
        "workspace_id": text(&story.workspace_id),
        "waiting": text(&story.workspace_id),
        "mail_id": text("failed-run#lost"),
        "kind": text("failed_run"),
        "run_id": text(run["run_id"].as_str().unwrap()),
        "failure": { "NULL": true },
        "failed": { "N": "1" },
        "created_at": text(&since.to_string()),
    });
    let put = json!({ "TableName": story.stack.output("OutboxTable").unwrap(), "Item": lost });
    story
        .at_aws("dynamodb", "DynamoDB_20120810.PutItem", put)
        .await;

    let round = json!({ "round": "mails" });
    let found = story.stack.invoke("night-watch", round).await.unwrap();
    assert_eq!(found["asked_again"], 1, "{found}");
    assert_rings(&story, "mails-wait").await;
    assert_eq!(story.new_mails().await.len(), 1);
    let alarm = story.alarm("mails-wait").await;
    assert_eq!(alarm.text("TreatMissingData"), "breaching");
}

#[tokio::test]
async fn a_mail_that_ses_refuses_for_good_rings() {
    // Mobile carriers gave out such addresses; SES takes none.
    let carrier = Person::new(1, "佐藤").email("sato..taro@keitai.example");
    let mut story = Story::connected("alarm-rejected", &[carrier]).await;
    story.night().await;
    assert_eq!(story.new_mails().await.len(), 0);
    assert_eq!(story.user("佐藤").await["status"], "invited");
    assert_rings(&story, "mails-rejected").await;
}

/// The attributes of the queue of this URL.
async fn attributes(story: &Story, url: &str) -> Value {
    let ask = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
    let answer = story
        .at_aws("sqs", "AmazonSQS.GetQueueAttributes", ask)
        .await;
    answer["Attributes"].clone()
}

#[tokio::test]
async fn a_message_in_any_dead_letter_queue_rings() {
    let story = Story::begin("alarm-dead-letters").await;
    let queues = [
        (
            "sync-dead-letters-arrive",
            "SyncDeadLettersUrl",
            Some("SyncQueueUrl"),
        ),
        (
            "mail-dead-letters-arrive",
            "MailDeadLettersUrl",
            Some("MailQueueUrl"),
        ),
        ("night-dead-letters-arrive", "NightDeadLettersUrl", None),
        (
            "feedback-dead-letters-arrive",
            "FeedbackDeadLettersUrl",
            None,
        ),
    ];
    for (name, dead_letters, queue) in queues {
        let alarm: Alarm = story.alarm(name).await;
        let url = story.stack.output(dead_letters).unwrap();
        assert_eq!(
            alarm.text("MetricName"),
            "ApproximateNumberOfMessagesVisible"
        );
        let watched = &alarm.dimensions()["QueueName"];
        assert_eq!(url.rsplit('/').next(), Some(watched.as_str()));
        if let Some(queue) = queue {
            let attributes = attributes(&story, story.stack.output(queue).unwrap()).await;
            let redrive = attributes["RedrivePolicy"].as_str().unwrap();
            assert!(redrive.contains(watched.as_str()), "{redrive}");
        }
        let send = json!({ "QueueUrl": url, "MessageBody": "{}" });
        story.at_aws("sqs", "AmazonSQS.SendMessage", send).await;
        let letters = &attributes(&story, url).await["ApproximateNumberOfMessages"];
        assert!(
            alarm.rings_at(letters.as_str().unwrap().parse().unwrap()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_function_that_ends_with_an_error_rings() {
    let story = Story::begin("alarm-errors").await;
    for name in MADE_TO_RING {
        let Some(function) = name.strip_suffix("-errors") else {
            continue;
        };
        let nonsense = json!({ "Records": "none", "scheduled_at": "never", "round": "none" });
        let answer = story.stack.invoke(function, nonsense).await;
        assert!(answer.is_err(), "{function}: {answer:?}");
        let alarm = story.alarm(name).await;
        let dimensions = alarm.dimensions().into_iter();
        let ask = json!({
            "Namespace": alarm.text("Namespace"),
            "MetricName": alarm.text("MetricName"),
            "Dimensions": dimensions.map(|(name, value)| json!({ "Name": name, "Value": value })).collect::<Vec<_>>(),
            "StartTime": 0,
            "EndTime": 4_000_000_000_u64,
            "Period": 3600,
            "Statistics": [alarm.text("Statistic")],
        });
        let target = "GraniteServiceVersion20100801.GetMetricStatistics";
        let answer = story.at_aws("monitoring", target, ask).await;
        let sum = answer["Datapoints"][0]["Sum"].as_f64().unwrap_or_default();
        assert!(alarm.rings_at(sum), "{name}: {answer}");
    }
}
