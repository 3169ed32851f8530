//! What people type, paste and import: other characters for the same text.

use domain::{Counts, EmployeeCode, Role, Run};
use jiff::SignedDuration;
use security::{Browser, PASSWORD, Product};
use serde_json::{Value, json};
use testkit::{TestEnv, advance, code_only, person};

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(codes_that_a_japanese_keyboard_types_sign_in),
        case(an_address_in_full_width_signs_in),
        case(an_initial_password_in_full_width_signs_in),
        case(a_password_set_in_composed_letters_signs_in_in_decomposed_ones),
        case(invisible_characters_of_smarthr_are_no_part_of_codes_and_addresses),
        case(a_name_or_address_in_other_characters_is_no_change_and_no_mail),
        case(people_are_found_in_the_list_of_users_however_a_part_of_them_is_typed),
        case(people_are_found_in_the_history_however_a_part_of_them_is_typed),
    ]
}

/// Returns a product with somebody of this employee code and a password.
async fn with_code(code: &str) -> Product {
    let product = Product::of(TestEnv::new(20, None).await);
    product.add_user("usr_coded", Role::Member).await;
    let set_code = |user: &mut domain::User| user.code = EmployeeCode::parse(code);
    product.env.change_user("usr_coded", set_code).await;
    product
}

async fn status(product: &Product, fields: Value) -> u16 {
    let answer = product.browser().post("/api/v1/sign-in", fields).await;
    answer.status.as_u16()
}

async fn codes_that_a_japanese_keyboard_types_sign_in() {
    for (stored, typed) in [
        ("0012", "００１２"),
        ("A0-1", "A0\u{2010}1"),
        ("A0-1", "A0ー1"),
        ("A0-1", "a0-1"),
        ("Ab-1", "AB-1"),
        ("Ab-1", "ａｂ－１"),
    ] {
        let product = with_code(stored).await;
        for company in ["test", "ＴＥＳＴ"] {
            let fields =
                json!({"company_code": company, "employee_code": typed, "password": PASSWORD});
            assert_eq!(status(&product, fields).await, 200, "{company} {typed}");
        }
    }
}

async fn an_address_in_full_width_signs_in() {
    let product = with_code("1").await;
    for email in [
        "usr-coded＠example.jp",
        "\u{202A}usr-coded@example.jp\u{202C}",
    ] {
        let fields = json!({"email": email, "password": PASSWORD});
        assert_eq!(status(&product, fields).await, 200, "{email}");
    }
}

async fn an_initial_password_in_full_width_signs_in() {
    let product = Product::of(TestEnv::new(20, None).await);
    product
        .add_user("usr_admin", Role::SystemAdministrator)
        .await;
    product.env.set_crews(&[code_only(7)]).await;
    product.env.nightly_run().await;
    product.env.deliver_queued_mails().await;
    let issued = product.env.initial_passwords();
    let password = &issued.values().next().unwrap()[0];
    let wide: String = password.chars().map(|c| wide(c).unwrap_or(c)).collect();
    let fields = json!({"company_code": "test", "employee_code": "00007", "password": wide});
    assert_eq!(status(&product, fields).await, 200, "{wide}");
}

/// Returns the full-width form of a letter, digit or hyphen.
fn wide(c: char) -> Option<char> {
    char::from_u32(u32::from(c) + 0xFEE0).filter(|_| c.is_ascii_graphic())
}

async fn a_password_set_in_composed_letters_signs_in_in_decomposed_ones() {
    let product = Product::of(TestEnv::new(20, None).await);
    let browser = product.sign_in_new("person", Role::Member).await;
    let new = "ガイドブック-みずうみ-37";
    let change = json!({"current_password": PASSWORD, "new_password": new});
    browser.post("/api/v1/password", change).await.ok();
    let typed = new.replace('ガ', "カ\u{3099}").replace('ず', "す\u{3099}");
    let fields = json!({"email": "usr-person@example.jp", "password": typed});
    assert_eq!(status(&product, fields).await, 200);
}

async fn invisible_characters_of_smarthr_are_no_part_of_codes_and_addresses() {
    let env = TestEnv::new(20, None).await;
    let crew = |number: u32, email: &str, code: &str| {
        let mut crew = person(number);
        (crew["email"], crew["emp_code"]) = (json!(email), json!(code));
        crew
    };
    env.set_crews(&[
        crew(1, "\u{202A}hanako@example.jp\u{202C}", "1"),
        crew(2, "jiro@example.jp\u{200B}", "\u{FEFF}0093"),
        crew(3, "\u{200B}", "3"),
        crew(4, "taro@日本語.jp", "4"),
    ])
    .await;
    let run = env.nightly_run().await;
    assert_eq!(
        (run.counts.invited, run.counts.registered),
        (3, 1),
        "{run:?}"
    );
    let mut known: Vec<(String, String)> = Vec::new();
    for user in env.users().await {
        let email = user
            .email
            .map_or_else(String::new, |email| email.to_string());
        known.push((user.code.unwrap().to_string(), email));
    }
    known.sort();
    let expected = [
        ("0093", "jiro@example.jp"),
        ("1", "hanako@example.jp"),
        ("3", ""),
        ("4", "taro@xn--wgv71a119e.jp"),
    ];
    assert_eq!(
        known,
        expected.map(|(code, email)| (code.into(), email.into()))
    );
}

async fn a_name_or_address_in_other_characters_is_no_change_and_no_mail() {
    for (field, text) in [
        ("last_name", "カ\u{3099}ルシア"),
        ("first_name", "花\u{3000}子"),
        ("email", "P1@Example.JP"),
    ] {
        let env = TestEnv::new(20, None).await;
        let mut crew = person(1);
        (crew["last_name"], crew["first_name"]) = (json!("ガルシア"), json!("花 子"));
        env.set_crews(&[crew.clone()]).await;
        assert_eq!(env.nightly_run().await.counts.invited, 1);
        crew[field] = json!(text);
        env.set_crews(&[crew]).await;
        advance(SignedDuration::from_hours(24));
        let unchanged = Counts {
            unchanged: 1,
            ..Counts::default()
        };
        assert_eq!(env.nightly_run().await.counts, unchanged, "{field}");
        assert_eq!(env.waiting_mails().await.len(), 1);
        assert_eq!(env.users().await[0].serial, 1, "the link is alive");
    }
}

/// What was typed, and the name and code of whom it finds.
const SEARCHES: [(&str, &str); 5] = [
    ("%E7%94%B0%E4%B8%AD%E3%80%80%E8%8A%B1%E5%AD%90", "田中 花子"),
    ("%E7%94%B0%E4%B8%AD%E8%8A%B1%E5%AD%90", "田中 花子"),
    ("%EF%BE%80%EF%BE%85%EF%BD%B6", "タナカ 次郎"),
    ("%E8%91%9B%E5%9F%8E", "葛\u{E0100}城 一"),
    ("%EF%BC%90%EF%BC%90%EF%BC%91%EF%BC%92", "社員 十二"),
];

/// Returns a product whose night registered the people to be found, and the run's id.
async fn with_people() -> (Product, Run) {
    let env = TestEnv::new(20, None).await;
    let names = [
        ("田中", "花子"),
        ("タナカ", "次郎"),
        ("葛\u{E0100}城", "一"),
        ("社員", "十二"),
    ];
    let crew = |(number, (last, first)): (u32, (&str, &str))| {
        let mut crew = person(number);
        (crew["last_name"], crew["first_name"]) = (json!(last), json!(first));
        crew
    };
    let crews: Vec<Value> = (9..).zip(names).map(crew).collect();
    env.set_crews(&crews).await;
    let run = env.nightly_run().await;
    (Product::of(env), run)
}

async fn assert_finds(admin: &Browser<'_>, path: &str) {
    for (typed, name) in SEARCHES {
        let page = admin.get(&format!("{path}?q={typed}")).await;
        for (_, other) in SEARCHES {
            let is_shown = page.text.contains(other);
            assert_eq!(is_shown, other == name, "{typed} finds {other} at {path}");
        }
    }
}

async fn people_are_found_in_the_list_of_users_however_a_part_of_them_is_typed() {
    let (product, _) = with_people().await;
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    assert_finds(&admin, "/users").await;
}

async fn people_are_found_in_the_history_however_a_part_of_them_is_typed() {
    let (product, run) = with_people().await;
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    assert_finds(&admin, &format!("/settings/smarthr/history/{}", run.run_id)).await;
}
