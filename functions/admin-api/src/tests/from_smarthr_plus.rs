//! `/smarthr/start`, to which SmartHR Plus sends an admin.

use domain::Role;

use super::console::administrator;

const START: &str = "/smarthr/start?subdomain=Aozora-Shoji";

#[tokio::test]
async fn somebody_who_comes_from_smarthr_plus_sees_the_company_and_links_it_by_a_click() {
    let (console, admin) = administrator().await;
    // Signing in leads back.
    let stranger = console.stranger().get(START).await;
    let back = "/sign-in?return_to=%2Fsmarthr%2Fstart%3Fsubdomain%3DAozora-Shoji";
    assert_eq!(stranger.location(), back);
    let before = console.env.connection().await;
    let page = admin.get(START).await.ok();
    page.shows(&[
        "まだ連携していません",
        "aozora-shoji.smarthr.jp",
        "株式会社テスト",
        "action=\"/settings/smarthr/connect\"",
        "連携する</button>",
    ]);
    assert_eq!(console.env.connection().await, before);
    let leaving = admin
        .form(
            "/settings/smarthr/connect",
            &[("subdomain", "aozora-shoji")],
        )
        .await;
    assert_eq!(leaving.status, 200);
    leaving.shows(&["SmartHRに移動します"]);
}

#[tokio::test]
async fn a_subdomain_that_is_none_is_explained_and_a_member_may_not_link() {
    let (console, admin) = administrator().await;
    for query in [
        "",
        "?subdomain=",
        "?subdomain=evil.example%2F",
        "?subdomain=-a",
        "?subdomain=%E3%81%82",
    ] {
        let page = admin.get(&format!("/smarthr/start{query}")).await;
        assert_eq!(page.status, 400, "{query}");
        page.shows(&[
            "SmartHRのサブドメインが正しくない",
            "href=\"/settings/smarthr\"",
        ]);
        page.shows_no(&["連携する</button>"]);
    }
    let member = console.browser(Role::Member).await;
    assert_eq!(member.get(START).await.status, 403);
}
