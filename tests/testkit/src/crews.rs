//! Crews of a company, as SmartHR's API shows them.

use serde_json::{Value, json};

/// Returns the id of the crew with this number.
pub fn crew_id(number: u32) -> String {
    format!("c0000000-0000-4000-8000-{number:012}")
}

/// Returns a crew with an e-mail address and an employee code.
pub fn person(number: u32) -> Value {
    json!({
        "id": crew_id(number), "last_name": format!("社員{number}"), "emp_status": "employed",
        "emp_code": format!("{number:05}"), "email": format!("p{number}@example.jp"),
    })
}

/// Returns a crew with an employee code and no e-mail address.
pub fn code_only(number: u32) -> Value {
    let mut person = person(number);
    person["email"] = Value::Null;
    person
}

/// Makes these crews 退職.
pub fn retire(crews: &mut [Value]) {
    for crew in crews {
        crew["emp_status"] = json!("retired");
    }
}

/// Returns a company that has somebody for every kind of change to come. Some codes have letters of both cases.
pub fn initial_company() -> Vec<Value> {
    let mut people: Vec<Value> = (0..12).map(person).chain((12..18).map(code_only)).collect();
    for number in [2, 13, 14] {
        people[number]["emp_code"] = json!(format!("Ab-{number}"));
    }
    people
}

/// Returns the same company a day later. `joiners` people with an address have joined and six without one. Others left,
/// were renamed, swapped their addresses, got another code, or got or lost an address. One joiner's address is invalid.
pub fn changed_company(joiners: u32) -> Vec<Value> {
    let mut people = initial_company();
    retire(&mut people[..3]);
    people[3]["last_name"] = json!("改姓");
    let swapped = people[4]["email"].take();
    people[4]["email"] = people[5]["email"].take();
    people[5]["email"] = swapped;
    people[6]["email"] = Value::Null;
    people[12]["email"] = json!("gained@example.jp");
    people[13]["emp_code"] = json!("aB-13");
    people[14]["emp_code"] = json!("00014");
    people[15]["emp_code"] = json!("Ab-14");
    people.extend((20..20 + joiners).map(person));
    people.extend((1000..1006).map(code_only));
    people.push(
        json!({ "id": crew_id(2000), "last_name": "形式", "email": "bad", "emp_status": "employed" }),
    );
    people
}
