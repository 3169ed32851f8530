//! What waits for an admin is on every page of the console.

use domain::ConnectionState;
use security::{Actor, Places};

use crate::matrix::table;

/// The pages that show it anyway, in other words.
const SHOWN_ANYWAY: [&str; 2] = ["/", "/settings/smarthr"];

const BANNER: &str = "同期を停止しています。<a href=\"/settings/smarthr\">再連携する</a>";

#[tokio::test]
async fn a_refused_connection_is_named_on_every_page_that_an_admin_opens() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let refused = |it: &mut domain::Connection| it.state = ConnectionState::ReconnectNeeded;
    product.env.change_connection(refused).await;
    let (mut without, mut pages) = (Vec::new(), 0);
    for row in table() {
        let path = row.route.path.as_str();
        if row.route.method != "GET" || SHOWN_ANYWAY.contains(&path) {
            continue;
        }
        let answer = admin.get(&places.path(&row.route, 1)).await;
        let is_page_of_console = answer.text.contains("<nav aria-label=\"メニュー\">");
        if is_page_of_console {
            pages += 1;
            if !answer.text.contains(BANNER) {
                without.push(path.to_owned());
            }
        }
    }
    assert!(without.is_empty(), "not on {without:#?}");
    assert!(pages > 25, "{pages} pages");
    admin.get("/users/nobody").await.shows(&[BANNER]);
    let metadata = [("metadata", "<nonsense/>")];
    let page = admin.form("/settings/single-sign-on/saml", &metadata).await;
    assert_eq!(page.status, 422);
    page.shows(&[BANNER]);
}

#[tokio::test]
async fn members_do_not_read_what_waits_for_an_admin() {
    let (product, _) = Places::set_up().await;
    let refused = |it: &mut domain::Connection| it.state = ConnectionState::ReconnectNeeded;
    product.env.change_connection(refused).await;
    let member = product.browser_of(Actor::Member).await;
    member
        .get("/account")
        .await
        .shows_no(&["同期を停止しています"]);
}
