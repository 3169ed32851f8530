//! Mail scanners, link previews and prefetching browsers open whatever they find. Nothing comes of it.

use security::{
    Actor, Call, EVERYTHING, PASSWORD, Places, Session, assert_unchanged, dump, routes, sample,
};

#[tokio::test]
async fn looking_changes_nothing_whoever_looks() {
    let (product, places) = Places::set_up().await;
    let admin = product.come_as(Actor::SystemAdministrator).await;
    let scanner = Session::default();
    let before = dump(&product.env, &EVERYTHING).await;
    let mut looked = 0;
    for session in [&scanner, &admin] {
        for route in routes(&product).await {
            if route.method != "GET" {
                continue;
            }
            let path = places.path(&route, 1);
            for method in ["GET", "HEAD"] {
                let call = Call {
                    method: method.to_owned(),
                    ..sample(&route, &path, &places.invited[1], session)
                };
                product.call(call).await;
                looked += 1;
            }
        }
    }
    assert!(looked > 80, "{looked}");
    assert_unchanged(&before, &dump(&product.env, &EVERYTHING).await);
    assert!(product.env.asked_runs().is_empty());
}

#[tokio::test]
async fn a_link_that_a_scanner_looked_at_ten_times_still_lets_its_person_in() {
    let (product, places) = Places::set_up().await;
    let link = format!("/invitations/{}", places.tokens[0]);
    for method in ["HEAD", "GET"].repeat(5) {
        let answer = product.call(Call::new(method, &link)).await;
        assert_eq!(answer.status, 200, "{method}");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let fields = [("password", PASSWORD), ("password_confirmation", PASSWORD)];
    let answer = product
        .call(Call::new("POST", &link).form(&fields, ""))
        .await;
    assert_eq!(answer.header("location"), "/welcome");
}
