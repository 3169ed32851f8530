//! Guessed passwords: what a guess costs, and what it reveals.

use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;

use domain::{EmployeeCode, LoginMethod, Role, User};
use security::{Places, Product, sign_in_body};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::task::{JoinSet, LocalSet};

/// The name of the runtime's threads for blocking tasks, which hash passwords.
const THREAD: &str = "hashing-probe";

/// Returns the CPU time that threads called [`THREAD`] have used so far, in nanoseconds.
fn hashing_so_far() -> u64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let tasks = tasks.filter_map(|task| task.ok().map(|task| task.path()));
    tasks
        .filter(|task| {
            let name = fs::read_to_string(task.join("comm"));
            name.is_ok_and(|name| name.trim() == THREAD)
        })
        .filter_map(|task| fs::read_to_string(task.join("schedstat")).ok())
        .filter_map(|times| times.split(' ').next()?.parse::<u64>().ok())
        .sum()
}

async fn guess(product: &Product, email: &str, source: &str) -> u16 {
    guess_in("", product, email, source).await
}

async fn guess_in(company: &str, product: &Product, email: &str, source: &str) -> u16 {
    let body = json!({"email": email, "company_code": company, "password": "wrong"});
    let mut browser = product.browser();
    browser.source = source.to_owned();
    browser.post("/api/v1/sign-in", body).await.status.as_u16()
}

/// Returns the least CPU time of the hashing for a wrong password: other work on the machine only adds to it.
async fn cost(product: &Product, company: &str, email: &str) -> u64 {
    let mut costs = Vec::new();
    for attempt in 0..5 {
        let before = hashing_so_far();
        let source = format!("192.0.2.{attempt}");
        assert_eq!(guess_in(company, product, email, &source).await, 401);
        costs.push(hashing_so_far() - before);
        testkit::advance(jiff::SignedDuration::from_mins(16));
    }
    costs.into_iter().min().unwrap()
}

/// CPU time rather than wall time, so that other work of the machine does not count.
#[test]
fn a_guess_takes_as_much_hashing_whether_or_not_there_is_such_an_account() {
    let runtime = Builder::new_current_thread()
        .thread_name(THREAD)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (product, places) = Places::set_up().await;
        product.add_user("usr_person", Role::Member).await;
        product.add_user("usr_sso", Role::Member).await;
        let to_sso = |user: &mut User| user.login_method = LoginMethod::Sso;
        product.env.change_user("usr_sso", to_sso).await;
        let invited = places.invited[0].email.as_ref().unwrap().to_string();

        let known = cost(&product, "", "usr-person@example.jp").await;
        assert!(known > 1_000_000, "one argon2 takes {known} ns");
        for (company, email) in [
            ("", "nobody@example.jp"),
            ("", "usr-sso@example.jp"),
            ("", &invited),
            ("test", "usr-person@example.jp"),
            ("nobody", "usr-person@example.jp"),
        ] {
            let other = cost(&product, company, email).await;
            let (least, most) = (known.min(other), known.max(other));
            assert!(most < 2 * least, "{email}: {other} ns, not {known} ns");
        }
    });
}

#[tokio::test]
async fn guesses_at_many_accounts_at_once_are_no_more_than_in_a_row() {
    let (product, _) = Places::set_up().await;
    let product = Rc::new(product);
    let all_at_once = async {
        let mut guesses = JoinSet::new();
        for account in 0..80 {
            let product = Rc::clone(&product);
            let email = format!("person{account}@example.jp");
            guesses.spawn_local(async move { guess(&product, &email, "203.0.113.66").await });
        }
        let answers = guesses.join_all().await;
        assert!(answers.iter().all(|status| [401, 429].contains(status)));
        answers.iter().filter(|status| **status == 401).count()
    };
    let compared = LocalSet::new().run_until(all_at_once).await;
    assert!((1..=50).contains(&compared), "{compared} were compared");
}

/// Ten strangers guess at one account for half an hour, as fast as they are let; its person signs in now and then.
#[tokio::test]
async fn strangers_who_guess_keep_nobody_out_of_a_browser_that_was_in_before() {
    let (product, _) = Places::set_up().await;
    let known = product.sign_in_new("person", Role::Administrator).await;
    let email = "usr-person@example.jp";
    let (mut times, mut refused_known, mut refused_new) = (0, 0, 0);
    for minute in 0..30 {
        for network in 0..10 {
            let mut stranger = product.browser();
            stranger.source = format!("198.51.100.{network}");
            let body = json!({"email": email, "password": "wrong"});
            stranger.post("/api/v1/sign-in", body).await;
        }
        testkit::advance(jiff::SignedDuration::from_mins(1));
        if minute % 5 == 4 {
            times += 1;
            let body = sign_in_body(email);
            let answer = known.post("/api/v1/sign-in", body.clone()).await;
            refused_known += u32::from(answer.status != 200);
            let answer = product.browser().post("/api/v1/sign-in", body).await;
            refused_new += u32::from(answer.status != 200);
        }
    }
    let mut sprayed = 0;
    while guess(
        &product,
        &format!("person{sprayed}@example.jp"),
        "203.0.113.66",
    )
    .await
        == 401
    {
        sprayed += 1;
    }
    println!(
        "guessing: right password refused {refused_known} of {times} times in a browser that was in before, \
         {refused_new} of {times} in a new one; spray stopped after {sprayed} guesses"
    );
    assert_eq!((refused_known, sprayed), (0, 50));
}

/// Returns the calls of AWS that a wrong guess takes, and the answer's status.
async fn calls_of(product: &Product, source: &str, body: Value) -> (u16, BTreeMap<String, usize>) {
    let before = product.env.proxy.by_operation();
    let mut browser = product.browser();
    browser.source = source.to_owned();
    let answer = browser.post("/api/v1/sign-in", body).await;
    let mut calls = product.env.proxy.by_operation();
    for (operation, count) in &before {
        *calls.get_mut(operation).unwrap() -= count;
    }
    calls.retain(|_, count| *count > 0);
    (answer.status.as_u16(), calls)
}

#[tokio::test]
async fn a_guess_takes_the_same_calls_whether_or_not_there_is_such_an_account() {
    let (product, places) = Places::set_up().await;
    product.add_user("usr_person", Role::Member).await;
    // The first refusal makes the key of the log's hashes.
    guess(&product, "first@example.jp", "192.0.2.9").await;
    let by_email = |email: &str| json!({"email": email, "password": "wrong"});
    let by_code =
        |code: &str| json!({"company_code": "test", "employee_code": code, "password": "wrong"});
    let in_company = |company: &str, email: &str| json!({"email": email, "company_code": company, "password": "wrong"});
    product.add_user("usr_other", Role::Member).await;
    product.add_user("usr_mixed", Role::Member).await;
    let mixed = |user: &mut User| user.code = EmployeeCode::parse("Ab-1");
    product.env.change_user("usr_mixed", mixed).await;
    let code = places.by_code.code.as_ref().unwrap().as_str();
    let pairs = [
        (
            by_email("usr-person@example.jp"),
            by_email("nobody@example.jp"),
        ),
        (by_code(code), by_code("nobody")),
        (by_code("AB-1"), by_code("nobody-2")),
        (
            in_company("test", "usr-other@example.jp"),
            in_company("nobody", "nobody-2@example.jp"),
        ),
    ];
    // A network each: one that guesses much is refused.
    for (number, (known, unknown)) in pairs.into_iter().enumerate() {
        let source = &format!("192.0.2.{number}");
        for _ in 0..7 {
            let (one, other) = (known.clone(), unknown.clone());
            assert_eq!(
                calls_of(&product, source, one).await,
                calls_of(&product, source, other).await
            );
        }
    }
}
