//! How long `kitera person` takes over 400 nights of a thousand people: `cargo test --workspace --test person --
//! --ignored --nocapture`.

use std::fs;
use std::time::{Duration, Instant};

use end_to_end::{Person, Story};
use operator::{ask_kitera, aws, root};
use serde_json::{Value, json};

const NIGHTS: u32 = 400;
const PEOPLE: u32 = 1_000;
/// The stand-in for S3 is slower than S3, and the command is not optimized.
const BOUND: Duration = Duration::from_secs(20);

/// Returns a sync log in which one person failed.
fn log() -> String {
    let mut log =
        "\u{FEFF}従業員コード,氏名,メールアドレス,処理,結果,原因,対処,変更内容\r\n".to_owned();
    for person in 0..PEOPLE {
        let line = format!("{person:05},従業員 {person},p{person}@example.jp,変更なし,成功,,,\r\n");
        log.push_str(&line);
    }
    log
}

#[tokio::test]
#[ignore = "a measurement"]
async fn the_lines_of_one_person_over_400_nights_are_read_in_seconds() {
    let people = [Person::new(1, "社員1").email("p1@example.jp")];
    let mut story = Story::connected("person", &people).await;
    let run = story.night().await;
    let id = run["run_id"].as_str().unwrap().to_owned();
    let runs = json!(story.stack.output("RunsTable").unwrap());
    let key = json!({ "pk": { "S": story.workspace_id }, "sk": { "S": id } });
    let target = "DynamoDB_20120810.GetItem";
    let get = json!({ "TableName": runs, "Key": key });
    let item = story.at_aws("dynamodb", target, get).await["Item"].take();
    let bucket = story.stack.output("SyncLogsBucket").unwrap().to_owned();
    let endpoint = story.stack.aws_endpoint().to_owned();
    let (log, now) = (log(), story.stack.clock().now());
    let folder = root().join("target/tmp/person");
    fs::create_dir_all(&folder).unwrap();
    for night in 1..=NIGHTS {
        let start = now - Duration::from_hours(24) * night;
        let id = format!("{}-schedule", start.strftime("%Y%m%dT%H%M%SZ"));
        let key = format!("{}/{id}.1.csv", story.workspace_id);
        let mut item = item.clone();
        let changes: [(&str, Value); 4] = [
            ("sk", json!({ "S": id })),
            ("run_id", json!({ "S": id })),
            ("started_at", json!({ "S": start.to_string() })),
            ("log_key", json!({ "S": key })),
        ];
        for (name, value) in changes {
            item[name] = value;
        }
        let put = json!({ "TableName": runs, "Item": item });
        story
            .at_aws("dynamodb", "DynamoDB_20120810.PutItem", put)
            .await;
        fs::write(folder.join(format!("{id}.1.csv")), &log).unwrap();
    }
    let to = format!("s3://{bucket}/{}/", story.workspace_id);
    let copy = format!("s3 cp {} {to} --recursive --quiet", folder.display());
    aws(&endpoint, &copy).await;
    let began = Instant::now();
    let (printed, succeeded) = ask_kitera(&story.stack, "person test 00007").await;
    let took = began.elapsed();
    assert!(succeeded, "{printed}");
    let found = format!("{NIGHTS} of {} runs have a line", NIGHTS + 1);
    assert!(printed.contains(&found), "{printed}");
    println!("kitera person: {NIGHTS} nights of {PEOPLE} people in {took:?}");
    assert!(took < BOUND, "{took:?}");
}
