//! The sample companies: 株式会社あおぞら商事 with all the people that make a sync difficult, and
//! 株式会社みどり物産 for admins of several companies.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::clock::day_in_japan;
use crate::company::{Account, Company, Login, employment_type};
use crate::crew::Crew;
use crate::names::{FIRST_NAMES, LAST_NAMES};

/// Returns 株式会社あおぞら商事: people 1 to 100 are ordinary, 101 to 124 are not.
pub(crate) fn aozora(now: Timestamp) -> Company {
    let account = Account {
        tenant_id: "11111111-1111-4111-8111-111111111111".to_owned(),
        subdomain: "aozora".to_owned(),
        name: "株式会社あおぞら商事".to_owned(),
        admins: vec![
            Login::new("admin@aozora-shoji.example", "aozora-admin"),
            Login::new("group-admin@aozora-shoji.example", "group-admin"),
        ],
        members: vec![Login::new("member@aozora-shoji.example", "aozora-member")],
    };
    let mut company = Company::new(account, now);
    let today = day_in_japan(now);
    let person = |number| {
        let mut crew = ordinary(&company, "a", number, "aozora-shoji.example", now);
        write(&mut crew, &special(number, today), now);
        crew
    };
    company.crews = (1..=124).map(person).collect();
    company
}

/// Returns 株式会社みどり物産: twelve ordinary people.
pub(crate) fn midori(now: Timestamp) -> Company {
    let account = Account {
        tenant_id: "22222222-2222-4222-8222-222222222222".to_owned(),
        subdomain: "midori".to_owned(),
        name: "株式会社みどり物産".to_owned(),
        admins: vec![
            Login::new("admin@midori-bussan.example", "midori-admin"),
            Login::new("group-admin@aozora-shoji.example", "group-admin"),
        ],
        members: Vec::new(),
    };
    let mut company = Company::new(account, now);
    let person = |number| ordinary(&company, "b", number, "midori-bussan.example", now);
    company.crews = (1..=12).map(person).collect();
    company
}

/// Returns the attributes in which a person differs from an ordinary one.
fn special(number: usize, today: Date) -> Value {
    let day = |days: i64| today.saturating_add(days.days()).to_string();
    match number {
        // Business names: in full, half of one, the other half, half of one with "" for the rest.
        101 => json!({"business_last_name": "神田", "business_first_name": "ひかり"}),
        102 => json!({"business_last_name": "田中"}),
        103 => json!({"business_first_name": "ジョージ"}),
        104 => json!({"business_last_name": "三浦", "business_first_name": ""}),
        // No e-mail address: with a code, with one that a spreadsheet would spoil, with none.
        105 => json!({"email": null}),
        106 => json!({"email": null, "emp_code": "0042"}),
        107 => json!({"email": null, "emp_code": null}),
        // On leave, retired yesterday, leaving tomorrow, leaving in a month.
        108 => json!({"emp_status": "absent"}),
        109 => json!({"emp_status": "retired", "resigned_at": day(-1)}),
        110 => json!({"resigned_at": day(1)}),
        111 => json!({"resigned_at": day(30)}),
        // Malformed addresses, and a malformed code.
        112 => json!({"email": "yamada.taro@"}),
        113 => json!({"email": "kimura＠aozora-shoji.example"}),
        114 => json!({"emp_code": "A０114"}),
        // Two people with the same code, two with the same address.
        115 | 116 => json!({"emp_code": "A0115"}),
        117 => json!({"email": "soumu@aozora-shoji.example"}),
        118 => json!({"email": "Soumu@aozora-shoji.example"}),
        // The name is missing.
        119 => json!({
            "last_name": null, "first_name": null, "last_name_yomi": null, "first_name_yomi": null,
        }),
        // Rehired: as the same record, and as a new record beside the old one.
        120 => json!({"entered_at": day(-20), "resigned_at": null}),
        121 => json!({
            "email": "modori@aozora-shoji.example", "emp_status": "retired", "resigned_at": "2024-03-31",
        }),
        122 => json!({"email": "modori@aozora-shoji.example", "entered_at": day(-10)}),
        // A private address, and somebody who left long ago.
        123 => json!({"email": "private.person@mail.example"}),
        124 => json!({"emp_status": "retired", "resigned_at": "2022-09-30"}),
        _ => json!({}),
    }
}

/// Returns an ordinary person, whose attributes follow from the number.
fn ordinary(company: &Company, prefix: &str, number: usize, domain: &str, now: Timestamp) -> Crew {
    let index = number - 1;
    let [last, last_yomi, last_latin] = LAST_NAMES[index % LAST_NAMES.len()];
    // Every round through the family names starts at another given name.
    let first = (index * 3 + index / LAST_NAMES.len()) % FIRST_NAMES.len();
    let [first_name, first_yomi, first_latin] = FIRST_NAMES[first];
    let departments = company.departments();
    let department = &departments[index % departments.len()];
    let (preset, contract) = match number {
        1 | 2 => ("board_member", Value::Null),
        _ if number.is_multiple_of(9) => ("part_timer", json!("fixed_term")),
        _ if number.is_multiple_of(7) => ("contract_worker", json!("fixed_term")),
        _ => ("full_timer", json!("unlimited")),
    };
    let id = format!("{prefix}0000000-0000-4000-8000-{number:012}");
    let mut crew = Crew::new(id, now);
    let attributes = json!({
        "emp_code": format!("{}{number:04}", prefix.to_uppercase()),
        "last_name": last,
        "first_name": first_name,
        "last_name_yomi": last_yomi,
        "first_name_yomi": first_yomi,
        "gender": if first.is_multiple_of(2) { "female" } else { "male" },
        "email": format!("{first_latin}.{last_latin}@{domain}"),
        "birth_at": format!("{}-{:02}-{:02}", 1965 + index % 38, 1 + index % 12, 1 + index % 28),
        "entered_at": format!("{}-04-01", 2005 + index % 20),
        "emp_type": preset,
        "employment_type": employment_type(preset),
        "contract_type": contract,
        "department": department["full_name"],
        "departments": [department],
    });
    write(&mut crew, &attributes, now);
    crew
}

fn write(crew: &mut Crew, attributes: &Value, now: Timestamp) {
    if let Some(attributes) = attributes.as_object() {
        crew.write(attributes, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the values of an attribute that several people have, in lower case: once for each further person.
    fn shared(company: &Company, attribute: &str) -> Vec<String> {
        let texts = company.crews.iter().filter_map(|crew| crew.text(attribute));
        let mut texts: Vec<String> = texts.map(str::to_lowercase).collect();
        texts.sort();
        let pairs = texts.windows(2).filter(|pair| pair[0] == pair[1]);
        pairs.map(|pair| pair[0].clone()).collect()
    }

    #[test]
    fn only_the_people_meant_to_share_an_address_or_a_code_do() {
        let company = aozora("2026-11-23T03:00:00Z".parse().unwrap());
        let addresses = ["modori@aozora-shoji.example", "soumu@aozora-shoji.example"];
        assert_eq!(shared(&company, "email"), addresses);
        assert_eq!(shared(&company, "emp_code"), ["a0115"]);
    }
}
