//! People in SmartHR, as its API shows them.

use serde_json::{Value, json};

/// The id of the crew of this number.
pub fn crew_id(number: u32) -> String {
    format!("c0000000-0000-4000-8000-{number:012}")
}

/// Somebody with an address and a code.
pub fn person(number: u32) -> Value {
    json!({
        "id": crew_id(number), "last_name": format!("社員{number}"), "emp_status": "employed",
        "emp_code": format!("{number:05}"), "email": format!("p{number}@example.jp"),
    })
}

/// Somebody with a code only.
pub fn code_only(number: u32) -> Value {
    let mut person = person(number);
    person["email"] = Value::Null;
    person
}

/// A company on its first night: somebody for every kind of change.
pub fn first_night() -> Vec<Value> {
    let mut people: Vec<Value> = (0..12).map(person).collect();
    people.extend((12..18).map(code_only));
    people
}

/// The same company on its second night: `joiners` with an address and six without, leavers, new
/// names, swapped addresses, an address gained and one lost, and somebody who fails.
pub fn second_night(joiners: u32) -> Vec<Value> {
    let mut people = first_night();
    for leaver in &mut people[..3] {
        leaver["emp_status"] = json!("retired");
    }
    people[3]["last_name"] = json!("改姓");
    let swapped = people[4]["email"].take();
    people[4]["email"] = people[5]["email"].take();
    people[5]["email"] = swapped;
    people[6]["email"] = Value::Null;
    people[12]["email"] = json!("gained@example.jp");
    people.extend((20..20 + joiners).map(person));
    people.extend((1000..1006).map(code_only));
    people.push(
        json!({ "id": crew_id(2000), "last_name": "形式", "email": "bad", "emp_status": "employed" }),
    );
    people
}
