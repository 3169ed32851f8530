//! Every act may come twice: the second answer says what is true, and nothing is made anew.

use domain::UserId;
use security::{Actor, Browser, Places, Product, dump, sample};

use crate::matrix::{number_of_person, table};

/// Where what an act makes is stored.
const MADE: [&str; 5] = ["workspaces", "users", "runs", "outbox", "audit"];

async fn signed_in(product: &Product) -> Browser<'_> {
    let session = product.env.session_of(&UserId::new("usr_actor")).await;
    Browser::with_session(product, session)
}

#[tokio::test]
async fn an_act_that_comes_twice_is_done_once_and_the_second_answer_says_so() {
    let rows = table();
    let (product, places) = Places::set_up().await;
    product.browser_of(Actor::SystemAdministrator).await;
    let mut wrong = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let route = &row.route;
        if !route.is_write() {
            continue;
        }
        let number = number_of_person(&rows, number);
        let request = sample(route, &places.path(route, number), &places.invited[number]);
        let request = request.header(
            "idempotency-key",
            &format!("act-{number}-{}", route.path.len()),
        );
        let browser = signed_in(&product).await;
        let first = browser.send(request.clone()).await;
        let before = dump(&product.env, &MADE).await;
        let second = browser.send(request).await;
        let after = dump(&product.env, &MADE).await;
        let anew = after.difference(&before).count();
        let messages = product.env.queued_runs().len();
        let code = second
            .text
            .split("\"code\":\"")
            .nth(1)
            .and_then(|it| it.split('"').next());
        println!(
            "{} {} -> {} then {} {:?} anew {anew} runs {messages}",
            route.method, route.path, first.status, second.status, code
        );
        if anew > 0 {
            for line in after.difference(&before) {
                println!("      {}", &line.chars().take(200).collect::<String>());
            }
            wrong.push(format!("{} {}", route.method, route.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
