//! 株式会社あおぞら商事 at the SmartHR stand-in: what its HR people enter there between the nights.

use end_to_end::Story;
use serde_json::{Value, json};

/// The employee who is hired with a private address, by number in the company.
const PRIVATE: u32 = 305;

/// Lets all reports of changes get lost on the way to KiteRa from now on, or none.
pub(crate) async fn loses_its_reports(story: &Story, all: bool) {
    let faults = json!({ "lost": if all { u32::MAX } else { 0 } });
    story.at_smarthr("PUT", "delivery-faults", faults).await;
}

/// Returns the addresses of people by their numbers in the company.
pub(crate) async fn addresses(
    story: &Story,
    numbers: impl IntoIterator<Item = u32>,
) -> Vec<String> {
    let chosen: Vec<String> = numbers.into_iter().map(crew_id).collect();
    let people = everybody(story).await.into_iter();
    let people = people.filter(|person| chosen.iter().any(|id| person["id"] == **id));
    let addresses = people.filter_map(|person| person["email"].as_str().map(ToOwned::to_owned));
    addresses.collect()
}

/// A month passes: two are hired and two leave (two more retire on the dates they had from the start), names
/// change, an address is gained, one lost and one corrected.
pub(crate) async fn has_a_busy_month(story: &Story) {
    let haruka = json!({
        "emp_code": "A0200", "last_name": "新井", "first_name": "はるか",
        "email": "haruka.arai@aozora-shoji.example", "emp_status": "employed",
    });
    let mamoru = json!({
        "emp_code": "A0201", "last_name": "工藤", "first_name": "まもる", "emp_status": "employed",
    });
    hire(story, [haruka, mamoru]).await;
    for (number, change) in [
        // Accepted the invitation, and married since.
        (1, json!({ "last_name": "青木" })),
        // Has not accepted yet, and married since.
        (3, json!({ "last_name": "緑川" })),
        // Lost the address before accepting: comes in by code.
        (4, json!({ "email": null })),
        // Left.
        (5, json!({ "emp_status": "retired" })),
        (9, json!({ "emp_status": "retired" })),
        // Have no e-mail address, so were registered by code: one marries, one gets an address.
        (105, json!({ "business_last_name": "桜庭" })),
        (106, json!({ "email": "genba@aozora-shoji.example" })),
        // Had half an address.
        (112, json!({ "email": "yamada.taro@aozora-shoji.example" })),
    ] {
        change_person(story, number, change).await;
    }
}

/// Everybody who failed gets what was missing.
pub(crate) async fn corrects_what_the_log_named(story: &Story) {
    for (number, change) in [
        (107, json!({ "emp_code": "A0107" })),
        (113, json!({ "email": "kimura@aozora-shoji.example" })),
        (114, json!({ "emp_code": "A0114" })),
        // Had the code of 115.
        (116, json!({ "emp_code": "A0116" })),
        // Had the address of 117.
        (118, json!({ "email": "shomu@aozora-shoji.example" })),
        (119, json!({ "last_name": "水野", "first_name": "あかり" })),
    ] {
        change_person(story, number, change).await;
    }
    let address = json!({ "email": "private.person@aozora-shoji.example" });
    change_person(story, 123, address).await;
}

/// SmartHR forbids the next read of the employees.
pub(crate) async fn refuses_kitera_once(story: &Story) {
    let fault = json!({ "path": "/api/v1/crews", "status": 403, "count": 1 });
    story.at_smarthr("POST", "faults", fault).await;
}

/// Three marry and one leaves, of those who accepted their invitations.
pub(crate) async fn has_three_weddings_and_a_farewell(story: &Story) {
    for (number, name) in [(21, "白石"), (22, "柏木"), (41, "早瀬")] {
        change_person(story, number, json!({ "last_name": name })).await;
    }
    change_person(story, 42, json!({ "emp_status": "retired" })).await;
}

/// Hires three with an address, one with a code only, and one whose address is a private one.
pub(crate) async fn hires_five(story: &Story) {
    let newcomers = [
        newcomer(301, "早川 みのり", "minori.hayakawa@aozora-shoji.example"),
        newcomer(302, "藤原 たくみ", "takumi.fujiwara@aozora-shoji.example"),
        newcomer(303, "岡本 ゆい", "yui.okamoto@aozora-shoji.example"),
        newcomer(304, "小野 まさる", Value::Null),
        newcomer(PRIVATE, "村田 かおる", "kaoru@mail.example"),
    ];
    hire(story, newcomers).await;
}

/// The private address gives way to one of the company's.
pub(crate) async fn replaces_the_private_address(story: &Story) {
    let address = json!({ "email": "kaoru.murata@aozora-shoji.example" });
    change_person(story, PRIVATE, address).await;
}

/// One person, who accepted the invitation, is dismissed. Returns the address.
pub(crate) async fn dismisses_somebody(story: &Story) -> String {
    const DISMISSED: u32 = 43;
    let address = addresses(story, [DISMISSED]).await.concat();
    change_person(story, DISMISSED, json!({ "emp_status": "retired" })).await;
    address
}

/// 30 people retire at once.
pub(crate) async fn closes_a_branch(story: &Story) {
    for number in 60..=89 {
        change_person(story, number, json!({ "emp_status": "retired" })).await;
    }
}

/// One is hired and one marries: for the preview.
pub(crate) async fn has_an_ordinary_day(story: &Story) {
    let kento = newcomer(306, "松井 けんと", "kento.matsui@aozora-shoji.example");
    hire(story, [kento]).await;
    change_person(story, 24, json!({ "last_name": "若林" })).await;
}

async fn everybody(story: &Story) -> Vec<Value> {
    let crews = story.at_smarthr("GET", "crews", Value::Null).await.json();
    crews.as_array().unwrap().clone()
}

async fn change_person(story: &Story, number: u32, change: Value) {
    let person = format!("crews/{}", crew_id(number));
    story.at_smarthr("PATCH", &person, change).await;
}

/// Adds people to the company. The stand-in chooses the id of those without one.
async fn hire(story: &Story, newcomers: impl IntoIterator<Item = Value>) {
    let mut people = everybody(story).await;
    people.extend(newcomers);
    story.at_smarthr("PUT", "crews", json!(people)).await;
}

fn newcomer(number: u32, name: &str, email: impl Into<Value>) -> Value {
    let (last_name, first_name) = name.split_once(' ').unwrap();
    json!({
        "id": crew_id(number),
        "emp_code": format!("A{number:04}"),
        "last_name": last_name,
        "first_name": first_name,
        "email": email.into(),
        "emp_status": "employed",
    })
}

fn crew_id(number: u32) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}
