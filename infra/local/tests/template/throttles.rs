//! The throttles of the HTTP API.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::collections::BTreeMap;

use crate::{resources, template, value};

/// Routes of functions other than admin-api that only do something for those who have a session, or end one.
const NEED_A_SESSION: [&str; 9] = [
    "ANY /account",
    "ANY /account/{proxy+}",
    "ANY /account/confirm/single-sign-on",
    "ANY /api/v1/password",
    "ANY /api/v1/session/confirmation",
    "ANY /api/v1/sign-out",
    "ANY /settings/single-sign-on/saml",
    "ANY /settings/single-sign-on/test",
    "POST /sign-out",
];

/// Returns the burst and the rate of a line such as `{ ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 }`.
fn limits(line: &str) -> (u32, u32) {
    let number = |name: &str| {
        let after = line.split_once(name).unwrap().1;
        let digits = after.trim_start_matches(": ").split([',', ' ']).next();
        digits.unwrap().parse().unwrap()
    };
    (
        number("ThrottlingBurstLimit"),
        number("ThrottlingRateLimit"),
    )
}

/// Returns the limits of each route that has its own.
fn of_routes(stage: &str) -> BTreeMap<String, (u32, u32)> {
    let settings = stage.split_once("      RouteSettings:\n").unwrap().1;
    let lines = settings
        .lines()
        .take_while(|line| line.starts_with("        "));
    lines
        .filter_map(|line| line.trim().split_once(": {"))
        .map(|(route, rest)| (route.to_owned(), limits(rest)))
        .collect()
}

#[test]
fn what_strangers_may_call_leaves_a_third_of_the_stage_to_the_console() {
    let template = template().unwrap();
    let [stage] = resources(&template, "AWS::ApiGatewayV2::Stage")[..] else {
        panic!("one stage");
    };
    let (burst, rate) = limits(value(stage, "DefaultRouteSettings").unwrap());
    assert_eq!(rate, 2_000);
    let own = of_routes(stage);
    for route in resources(&template, "AWS::ApiGatewayV2::Route") {
        let key = value(route, "RouteKey").unwrap();
        let is_the_console = route.contains("${AdminApiIntegration}");
        if !is_the_console && !NEED_A_SESSION.contains(&key) {
            assert!(own.contains_key(key), "{key} has no throttle of its own");
        }
    }
    let strangers: u32 = own.values().map(|(_, rate)| rate).sum();
    assert!(strangers * 3 <= rate * 2, "{strangers}");
    for (route, (own_burst, own_rate)) in &own {
        assert!(
            own_burst >= own_rate && *own_burst < burst,
            "{route}: what comes within a second may come at once"
        );
    }
}

#[test]
fn a_route_with_a_throttle_is_made_before_the_stage() {
    let template = template().unwrap();
    let [stage] = resources(&template, "AWS::ApiGatewayV2::Stage")[..] else {
        panic!("one stage");
    };
    for key in of_routes(stage).keys() {
        let before = template
            .split(&format!("      RouteKey: {key}\n"))
            .next()
            .unwrap();
        let mut lines = before.lines().rev();
        let name = lines.find(|line| line.ends_with("Route:")).unwrap();
        let name = name.trim().trim_end_matches(':');
        assert!(stage.contains(&format!("      - {name}\n")), "{key}");
    }
}

#[test]
fn a_request_that_the_api_refuses_is_counted_and_one_that_a_function_refuses_is_not() {
    let template = template().unwrap();
    let filter = resources(&template, "AWS::Logs::MetricFilter")
        .into_iter()
        .find(|filter| filter.contains("LogGroupName: !Ref ApiLogs\n"));
    let pattern = value(filter.unwrap(), "FilterPattern").unwrap();
    assert_eq!(
        pattern,
        "'{ $.status = \"429\" && $.integration != \"200\" && $.route != \"POST /webhooks/smarthr/*\" }'"
    );
    for field in [
        "\"status\":\"$context.status\"",
        "\"integration\":\"$context.integrationStatus\"",
        "\"route\":\"$context.routeKey\"",
    ] {
        assert!(template.contains(field), "the access log lacks {field}");
    }
}
