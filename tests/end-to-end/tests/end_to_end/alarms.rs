//! Each alarm of the template rings when what it is for happens: its metric, with its dimensions, is
//! measured beyond its threshold.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::collections::BTreeSet;

use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Person, Story};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// What only AWS itself measures, and a stand-in on this machine does not: namespace, metric and the name of its
/// dimension, with the alarms (Amazon CloudWatch User Guide, "AWS services that publish CloudWatch metrics").
/// `api-refuses` and `sign-ins-refused` are not deployed there, because the stand-in has no metric math.
const MEASURED_BY_AWS: [(&str, &str); 8] = [
    ("KiteRa/SmartHR/dev ErrorsLogged ", "errors-logged"),
    ("KiteRa/SmartHR/dev RequestsThrottled ", "api-throttles"),
    (
        "AWS/SQS ApproximateAgeOfOldestMessage QueueName",
        "sync-queue-stalls manual-sync-queue-stalls mail-queue-stalls",
    ),
    (
        "AWS/Lambda Throttles FunctionName",
        "nightly-sync-throttles workspace-sync-throttles oauth-callback-throttles \
         admin-api-throttles first-login-throttles single-sign-on-throttles smarthr-webhook-throttles",
    ),
    ("AWS/ApiGateway 5xx ApiId", "api-fails"),
    ("AWS/Events FailedInvocations RuleName", "key-mail-fails"),
    ("AWS/SES Reputation.BounceRate ", "mails-bounce"),
    ("AWS/SES Reputation.ComplaintRate ", "mails-annoy"),
];

/// What the stand-in is never asked for enough: its SES takes 50,000 mails a day. The tests of mail-delivery have one
/// that takes fewer.
const WITHOUT_LIMIT: &str = "ses-quota-nearly-used";

/// What the tests below make ring, besides the alarms of the functions.
const MADE_TO_RING: &str = "runs-not-begun runs-late runs-wait night-not-watched runs-fail mails-wait mails-rejected \
    invitations-paused sync-dead-letters-arrive mail-dead-letters-arrive \
    night-dead-letters-arrive certificates-ending runs-fail-by-us workspaces-stopped \
    feedback-dead-letters-arrive";

/// The functions, each with an alarm that ends in `-errors`.
const FUNCTIONS: &str = "nightly-sync workspace-sync mail-delivery mail-feedback night-watch \
    oauth-callback admin-api first-login single-sign-on smarthr-webhook provision erase-person";

async fn assert_rings(story: &Story, name: &str) {
    let alarm = story.alarm(name).await;
    let value = story.seen_by(&alarm);
    let rings = value.is_some_and(|value| alarm.rings_at(value));
    assert!(rings, "{name}: {value:?}");
}

/// The watch's later round for the night that began at `night`.
async fn half_past_three(story: &Story, night: Timestamp) {
    let scheduled_at = night + SignedDuration::from_mins(90);
    let round =
        json!({ "round": "night", "scheduled_at": scheduled_at, "minutes_after_start": 90 });
    story.stack.invoke("night-watch", round).await.unwrap();
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
        assert!(!alarm.text("AlarmDescription").is_empty(), "{alarm:?}");
    }
    for (measured, names) in MEASURED_BY_AWS {
        for name in names.split(' ') {
            let alarm = story.alarm(name).await;
            let (namespace, metric) = (alarm.text("Namespace"), alarm.text("MetricName"));
            let dimensions = alarm.dimensions().into_keys().collect::<String>();
            assert_eq!(format!("{namespace} {metric} {dimensions}"), measured);
        }
    }
    let known = MEASURED_BY_AWS.map(|(_, names)| names).join(" ");
    let known = known
        .split(' ')
        .chain(MADE_TO_RING.split(' '))
        .map(str::to_owned);
    let errors = FUNCTIONS.split(' ').map(|name| format!("{name}-errors"));
    let known = known.chain(errors).chain([WITHOUT_LIMIT.to_owned()]);
    let known: BTreeSet<String> = known.collect();
    let deployed: BTreeSet<String> = alarms.iter().map(|alarm| alarm.name().to_owned()).collect();
    assert_eq!(deployed, known);
}

#[tokio::test]
async fn a_night_that_did_not_begin_rings_at_half_past_two_and_one_that_did_does_not() {
    let mut story = Story::connected("alarm-not-begun", &[Person::sato()]).await;
    story.hours_pass(1).await;
    half_past_two(&story, story.stack.clock().now()).await;
    assert_rings(&story, "runs-not-begun").await;
    half_past_three(&story, story.stack.clock().now()).await;
    assert_rings(&story, "runs-late").await;

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
    half_past_three(&story, night).await;
    let alarm = story.alarm("runs-late").await;
    assert_eq!(story.seen_by(&alarm), Some(0.0));
}

#[tokio::test]
async fn a_certificate_that_ends_within_a_week_rings_and_its_admins_are_mailed_once() {
    let mut story = Story::connected("alarm-certificate", &[Person::sato()]).await;
    let morning = json!({ "round": "certificates" });
    let now = story.stack.clock().now();
    story
        .store_saml(now + SignedDuration::from_hours(20 * 24))
        .await;
    story.new_mails().await;
    let found = story.stack.invoke("night-watch", morning.clone()).await;
    assert_eq!(found.unwrap(), json!({ "ending": 0, "mailed": 1 }));
    let alarm = story.alarm("certificates-ending").await;
    assert_eq!(story.seen_by(&alarm), Some(0.0));
    let mails = story.new_mails().await;
    assert!(
        mails
            .iter()
            .any(|mail| mail.subject.contains("SSOの証明書の有効期限は"))
    );

    story.hours_pass(15 * 24).await;
    let found = story.stack.invoke("night-watch", morning).await.unwrap();
    assert_eq!(found, json!({ "ending": 1, "mailed": 1 }));
    assert_rings(&story, "certificates-ending").await;
}

#[tokio::test]
async fn a_run_that_fails_as_a_whole_rings() {
    let mut story = Story::connected("alarm-fails", &[Person::sato()]).await;
    story.night().await;
    let alarm = story.alarm("runs-fail").await;
    assert_eq!(alarm.text("Statistic"), "Average");
    assert_eq!(story.seen_by(&alarm), Some(0.0));
    let company = json!({ "company": "aozora" });
    story.at_smarthr("POST", "revoke", company).await;
    story.next_night().await;
    assert_rings(&story, "runs-fail").await;
    let alarm = story.alarm("runs-fail-by-us").await;
    assert_eq!(story.seen_by(&alarm), Some(0.0));

    // Its connection is dead from now on, and no further run tells of it.
    half_past_two(&story, story.stack.clock().now()).await;
    let stopped = story.alarm("workspaces-stopped").await;
    assert_eq!(story.seen_by(&stopped), Some(0.0));
    story.hours_pass(24).await;
    half_past_two(&story, story.stack.clock().now()).await;
    assert_rings(&story, "workspaces-stopped").await;
}

#[tokio::test]
async fn a_run_that_somebody_started_and_that_waits_for_more_than_an_hour_rings() {
    let mut story = Story::connected("alarm-run-waits", &[Person::sato()]).await;
    story.hours_pass(2).await;
    let asked_at = story.stack.clock().now() - SignedDuration::from_mins(61);
    let message = json!({
        "workspace_id": story.workspace_id,
        "run_id": asked_at.strftime("%Y%m%dT%H%M%SZ-manual").to_string(),
        "trigger": "manual",
        "mode": "preview",
        "postponed": 61,
    });
    let message = json!({ "body": message.to_string(), "messageId": "m" });
    let event = json!({ "Records": [message] });
    story.stack.invoke("workspace-sync", event).await.unwrap();
    assert_rings(&story, "runs-wait").await;
}

#[tokio::test]
async fn a_client_secret_that_smarthr_refuses_rings_though_it_is_one_run() {
    let mut story = Story::connected("alarm-client", &[Person::sato()]).await;
    story.hours_pass(48).await;
    let refused = json!({
        "path": "/oauth/token", "status": 401, "body": { "error": "invalid_client" },
    });
    story.at_smarthr("POST", "faults", refused).await;
    let run = story.next_night().await;
    assert_eq!(run["outcome"], "failure");
    assert_rings(&story, "runs-fail-by-us").await;
}

#[tokio::test]
async fn a_mail_that_nobody_asks_for_rings_after_an_hour_and_is_asked_for_and_arrives() {
    let mut story = Story::connected("alarm-mails", &[Person::sato()]).await;
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
    let target = "DynamoDB_20120810.PutItem";
    story.at_aws("dynamodb", target, put).await;

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

#[tokio::test]
async fn invitations_that_are_reported_as_spam_pause_and_ring() {
    let mut story = Story::connected("alarm-paused", &[Person::sato()]).await;
    story.night().await;
    let user = story.user("佐藤").await["id"].as_str().unwrap().to_owned();
    let message = |serial: &str| {
        let complaint = json!({
            "eventType": "Complaint",
            "complaint": {},
            "mail": { "tags": {
                "workspace_id": [story.workspace_id],
                "user_id": [user],
                "serial": [serial],
            } },
        });
        json!({ "body": complaint.to_string(), "messageId": serial })
    };
    let event = json!({ "Records": [message("1"), message("2"), message("3")] });
    story.stack.invoke("mail-feedback", event).await.unwrap();
    assert_rings(&story, "invitations-paused").await;
}

#[tokio::test]
async fn sign_ins_that_are_refused_are_counted_among_all() {
    let story = Story::begin("alarm-refused").await;
    let event = include_str!("../../../../events/first-login-sign-in.json");
    let mut event: Value = serde_json::from_str(event).unwrap();
    event["headers"]["origin"] = story.stack.base_url().into();
    for (password, status) in [("not-it", 401), (ADMIN_PASSWORD, 200)] {
        let body = json!({ "email": ADMIN_EMAIL, "password": password });
        event["body"] = body.to_string().into();
        // The stack's log has the lines of invocations, not those of requests.
        let answer = story.stack.invoke("first-login", event.clone()).await;
        assert_eq!(answer.unwrap()["statusCode"], status);
    }
    let lines = story.logged_lines().into_iter();
    let lines = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
    let refused = lines.filter_map(|line| line["SignInsRefused"].as_u64());
    assert_eq!(refused.collect::<Vec<_>>(), [1, 0]);
}

/// The attributes of the queue of this URL.
async fn attributes(story: &Story, url: &str) -> Value {
    let ask = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
    let target = "AmazonSQS.GetQueueAttributes";
    story.at_aws("sqs", target, ask).await["Attributes"].take()
}

#[tokio::test]
async fn a_message_in_any_dead_letter_queue_rings() {
    let story = Story::begin("alarm-dead-letters").await;
    for (name, output, queue) in [
        ("sync", "Sync", Some("SyncQueueUrl")),
        ("sync", "Sync", Some("ManualSyncQueueUrl")),
        ("mail", "Mail", Some("MailQueueUrl")),
        ("night", "Night", None),
        ("feedback", "Feedback", None),
    ] {
        let alarm = story.alarm(&format!("{name}-dead-letters-arrive")).await;
        let output = format!("{output}DeadLettersUrl");
        let url = story.stack.output(&output).unwrap();
        let metric = alarm.text("MetricName");
        assert_eq!(metric, "ApproximateNumberOfMessagesVisible");
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
        let letters = letters.as_str().unwrap().parse().unwrap();
        assert!(alarm.rings_at(letters), "{name}");
    }
}

#[tokio::test]
async fn a_function_that_ends_with_an_error_rings() {
    let story = Story::begin("alarm-errors").await;
    for function in FUNCTIONS.split(' ') {
        let nonsense = json!({ "Records": "none", "scheduled_at": "never", "round": "none" });
        let answer = story.stack.invoke(function, nonsense).await;
        assert!(answer.is_err(), "{function}: {answer:?}");
        let alarm = story.alarm(&format!("{function}-errors")).await;
        let dimensions = alarm.dimensions().into_iter();
        let dimensions = dimensions.map(|(name, value)| json!({ "Name": name, "Value": value }));
        let ask = json!({
            "Namespace": alarm.text("Namespace"),
            "MetricName": alarm.text("MetricName"),
            "Dimensions": dimensions.collect::<Vec<_>>(),
            "StartTime": 0,
            "EndTime": 4_000_000_000_u64,
            "Period": 3600,
            "Statistics": [alarm.text("Statistic")],
        });
        let target = "GraniteServiceVersion20100801.GetMetricStatistics";
        let answer = story.at_aws("monitoring", target, ask).await;
        let sum = answer["Datapoints"][0]["Sum"].as_f64().unwrap_or_default();
        assert!(alarm.rings_at(sum), "{function}: {answer}");
    }
}
