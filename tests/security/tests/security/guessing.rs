//! Guessed passwords: what a guess costs, and what it reveals.

use std::fs;
use std::rc::Rc;

use domain::{LoginMethod, Role, User};
use security::{Places, Product};
use serde_json::json;
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
    let body = json!({"email": email, "password": "wrong"});
    let mut browser = product.browser();
    browser.source = source.to_owned();
    browser.post("/api/v1/sign-in", body).await.status.as_u16()
}

/// Returns the least CPU time of the hashing for a wrong password: other work on the machine only adds to it.
async fn cost(product: &Product, email: &str) -> u64 {
    let mut costs = Vec::new();
    for attempt in 0..5 {
        let before = hashing_so_far();
        let source = format!("192.0.2.{attempt}");
        assert_eq!(guess(product, email, &source).await, 401);
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

        let known = cost(&product, "usr-person@example.jp").await;
        assert!(known > 1_000_000, "one argon2 takes {known} ns");
        for email in ["nobody@example.jp", "usr-sso@example.jp", &invited] {
            let other = cost(&product, email).await;
            let (least, most) = (known.min(other), known.max(other));
            assert!(most < 2 * least, "{email}: {other} ns, not {known} ns");
        }
    });
}

/// Returns the number of look-ups of an address, which come before every comparison of a password.
fn looked_for(product: &Product) -> usize {
    let calls = product.env.proxy.by_operation();
    let lookups = calls.get("DynamoDB_20120810.Query");
    lookups.copied().unwrap_or_default()
}

#[tokio::test]
async fn guesses_at_many_accounts_at_once_are_no_more_than_in_a_row() {
    let (product, _) = Places::set_up().await;
    let product = Rc::new(product);
    let before = looked_for(&product);
    let all_at_once = async {
        let mut guesses = JoinSet::new();
        for account in 0..80 {
            let product = Rc::clone(&product);
            let email = format!("person{account}@example.jp");
            guesses.spawn_local(async move { guess(&product, &email, "203.0.113.66").await });
        }
        while let Some(status) = guesses.join_next().await {
            assert!([401, 429].contains(&status.unwrap()));
        }
    };
    LocalSet::new().run_until(all_at_once).await;
    let compared = looked_for(&product) - before;
    assert!((1..=50).contains(&compared), "{compared} were compared");
}
