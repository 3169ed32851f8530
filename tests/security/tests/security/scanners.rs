//! Mail scanners, link previews and prefetching browsers open every link that they find, which must change nothing.

use security::{
    Actor, EVERYTHING, PASSWORD_FIELDS, Places, Request, assert_unchanged, dump, routes,
};

#[tokio::test]
async fn opening_a_page_changes_nothing() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let scanner = product.browser();
    // The audit trail tells who downloaded a log, which changes nothing else.
    let tables: Vec<_> = EVERYTHING.into_iter().filter(|it| *it != "audit").collect();
    let before = dump(&product.env, &tables).await;
    let mut pages = routes(&product).await;
    pages.retain(|route| route.method == "GET");
    assert!(pages.len() > 20, "{} pages", pages.len());
    for route in pages {
        let path = places.path(&route, 1);
        for browser in [&scanner, &admin] {
            for method in ["GET", "HEAD"] {
                browser.send(Request::new(method, &path)).await;
            }
        }
    }
    assert_unchanged(&before, &dump(&product.env, &tables).await);
    assert!(product.env.queued_runs().is_empty());
}

#[tokio::test]
async fn a_link_that_a_scanner_looked_at_ten_times_still_lets_its_person_in() {
    let (product, places) = Places::set_up().await;
    let link = format!("/invitations/{}", places.tokens[0]);
    for method in ["HEAD", "GET"].repeat(5) {
        let answer = product.browser().send(Request::new(method, &link)).await;
        assert_eq!(answer.status, 200, "{method}");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let answer = product.browser().form(&link, &PASSWORD_FIELDS).await;
    assert_eq!(answer.location(), "/welcome");
}
