//! 操作履歴: every change is in the audit trail, which names nobody and keeps no secret.

use domain::{
    AccountChange, AccountQuestion, AuditEvent, Company, ConnectionState, Credential, CrewId,
    EmployeeCode, LoginMethod, RunId, Status, SyncTarget, TenantId, Trigger, User, Who, run_id,
};
use jiff::SignedDuration;
use security::{Actor, Browser, PASSWORD_FIELDS, Places, Product, Route, dump, send_sample};
use storage::audit::AuditFilter;
use testkit::users::TENANT;
use testkit::{now, succeeded_run};

use crate::matrix::{number_of_person, table};
use crate::oauth::{AOZORA, authorize, callback};

/// The writes that are not in the trail: they ask first, begin, renew or end a session and nothing else, or are a
/// stranger's. Nobody knows who asks for a link to choose a new password; its use is in the trail. The link that proves
/// an address is its owner's: `an_address_of_ones_own_changes_when_the_mailed_link_is_used`. What changes one's own
/// second factor needs a code or an authenticator, which the tests of first-login have. Somebody who enters from a
/// parent company is in the trail of the workspace that they enter, see `related_companies.rs`.
const NOT_IN_TRAIL: &[&str] = &[
    "/users/import",
    "/api/v1/user-imports",
    "/users/invitations/confirm",
    "/settings/smarthr/history/{run_id}/held-deletions/confirm",
    "/users/initial-passwords/confirm",
    "/account/confirm",
    "/account/confirm/passkey",
    "/account/confirm/passkey/options",
    "/account/confirm/single-sign-on",
    "/api/v1/session/confirmation",
    "/account/second-factor",
    "/account/second-factor/remove",
    "/account/second-factor/recovery-codes",
    "/account/passkeys",
    "/account/passkeys/options",
    "/account/passkeys/rename",
    "/account/passkeys/remove",
    "/sign-in/second-factor",
    "/sign-in/second-factor/passkey",
    "/sign-in/second-factor/passkey/options",
    "/api/v1/second-factor",
    "/account/sessions/end",
    "/account/sessions/end-others",
    "/users/address-changes/{token}",
    "/related-companies/{id}/enter",
    "/workspaces/{id}/switch",
    "/forgot-password",
    "/sign-in",
    "/sso",
    "/sso/acs/{workspace_id}",
    "/webhooks/smarthr/{id}",
    "/api/v1/sign-in",
    "/sign-out",
    "/api/v1/sign-out",
];

/// Returns the id of a run of tomorrow, which is the newest one and waits for answers.
pub(crate) fn run_that_asks() -> RunId {
    run_id(now() + SignedDuration::from_hours(24), Trigger::Schedule)
}

async fn events(product: &Product) -> Vec<AuditEvent> {
    let (store, id) = (&product.env.store, &product.env.workspace.workspace_id);
    let filter = AuditFilter::default();
    let events = store.audit_events(id, &filter, None, u32::MAX).await;
    events.unwrap()
}

/// Returns whether the trail tells of a request to this route.
fn is_recorded(route: &Route) -> bool {
    let download = route.path.ends_with("/log") || route.path.ends_with("/csv");
    download || route.method != "GET" && !NOT_IN_TRAIL.contains(&route.path.as_str())
}

/// Brings the workspace into a state in which the request changes something.
pub(crate) async fn prepare(product: &Product, route: &Route, person: &User) {
    let env = &product.env;
    let id = &env.workspace.workspace_id;
    // Within a minute these are taken for a second click.
    let is_clicked_once = ["/initial-password", "/password-reset", "/account-review"]
        .iter()
        .any(|end| route.path.ends_with(end));
    let seconds = if is_clicked_once { 60 } else { 1 };
    testkit::advance(SignedDuration::from_secs(seconds));
    let (tenant, other) = (TenantId::new(TENANT), TenantId::new("another"));
    let path = route.path.as_str();
    env.change_connection(|connection| {
        connection.state = ConnectionState::Connected;
        connection.company.tenant_id = tenant.clone();
        connection.settings.target = SyncTarget::Chosen;
        connection.settings.enabled |= path.contains("/employees/");
        connection.account_answers.clear();
        connection.pending = path.ends_with("/relink").then(|| Company {
            tenant_id: other.clone(),
            name: "株式会社みどり物産".into(),
            subdomain: None,
        });
    })
    .await;
    if path.ends_with("/relink") {
        let tokens = env.new_tokens().await;
        env.secrets().put_tokens(id, &other, &tokens).await.unwrap();
    } else if path.contains("/held-") {
        let mut run = succeeded_run(run_that_asks().as_str());
        run.held = vec![person.user_id.clone()];
        run.held_account_changes = vec![AccountQuestion {
            change: AccountChange {
                user_id: person.user_id.clone(),
                tenant_id: tenant,
                crew_id: CrewId::new("crew"),
                email: None,
                code: None,
                login_method: LoginMethod::Password,
            },
            name: person.name.clone(),
            fields: Vec::new(),
        }];
        env.store.begin_run(id, &run, now()).await.unwrap();
    } else if path.contains("/second-factors") {
        env.add_second_factor(person.user_id.as_str()).await;
    } else if path.ends_with("/password-resets") {
        env.change_user(person.user_id.as_str(), |user| {
            user.status = Status::Active;
            user.credential = Credential::Password;
        })
        .await;
    } else if path.ends_with("/initial-passwords") {
        env.change_user(person.user_id.as_str(), |user| {
            user.email = None;
            user.code = EmployeeCode::parse(&user.user_id.as_str().replace('_', "-"));
        })
        .await;
    } else if path.ends_with("/runs") || path.ends_with("/previews") {
        let place = format!("start-requests#{id}");
        env.store.delete_versioned(&place).await.unwrap();
    }
}

/// Replaces an initial password, which somebody else than the admin has to do.
async fn replace_initial_password(product: &Product, places: &Places) {
    let users = product.env.users().await;
    let mut others = users.iter().filter(|user| user.email.is_none());
    // Not one whose sessions an earlier act ended.
    let changed = |user: &User| {
        let mut changed = places.invited.iter().chain([&places.by_code]);
        changed.any(|other| other.user_id == user.user_id)
    };
    let user = others.find(|user| !changed(user));
    let session = product
        .env
        .session_with_initial_password(&user.unwrap().user_id);
    let browser = Browser::with_session(product, session.await);
    browser.form("/first-login", &PASSWORD_FIELDS).await;
}

#[tokio::test]
async fn every_change_is_in_the_audit_trail() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let rows = table();
    let (mut missing, mut recorded) = (Vec::new(), 0);
    for (number, row) in rows
        .iter()
        .enumerate()
        .filter(|(_, row)| is_recorded(&row.route))
    {
        let number = number_of_person(&rows, number);
        let (route, person) = (&row.route, &places.invited[number]);
        prepare(&product, route, person).await;
        let mut path = places.path(route, number);
        if path.contains("/held-") {
            path = path.replace(&places.run, run_that_asks().as_str());
        }
        let before = events(&product).await.len();
        if path == "/first-login" {
            replace_initial_password(&product, &places).await;
        } else {
            let answer = send_sample(&admin, route, &path, person).await;
            assert!(answer.status.as_u16() < 400, "{route:?}: {answer:?}");
        }
        let after = events(&product).await;
        if after.len() == before {
            missing.push(route);
        }
        recorded += 1;
        // The newest one says who, from where.
        let newest = &after[0];
        assert!(matches!(newest.who, Who::User(_)), "{newest:?}");
        assert_eq!(newest.network.as_deref(), Some("203.0.113.7"), "{newest:?}");
    }
    assert!(
        missing.is_empty(),
        "the trail does not tell of {missing:#?}"
    );
    assert!(recorded > 30, "{recorded} routes");

    let query = authorize(&admin, AOZORA).await;
    let before = events(&product).await.len();
    callback(&admin, &query).await.ok();
    assert_eq!(events(&product).await.len(), before + 1);

    // Whatever it tells, it names nobody.
    let trail = dump(&product.env, &["audit"]).await;
    let trail: Vec<String> = trail.into_iter().collect();
    let trail = trail.join("\n");
    for user in product.env.users().await {
        let email = user.email.as_ref().map(ToString::to_string);
        let code = user.code.as_ref().map(ToString::to_string);
        for text in [Some(user.name), email, code].into_iter().flatten() {
            let quoted = format!("\"{text}\"");
            assert!(
                !trail.contains(&quoted) && !trail.contains(&format!("{text}、")),
                "{text}"
            );
        }
    }
}
