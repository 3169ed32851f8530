//! A workspace with its console, and browsers of the workspace's users.

use axum::Router;
use credentials::Random;
use domain::{
    Counts, Credential, CredentialHashChanges, CrewId, CrewLink, EmailAddress, EmployeeCode,
    GroupId, Mode, Role, Run, RunId, RunOutcome, Status, TenantId, Trigger, User, UserId,
    WorkspaceId,
};
use serde_json::{Value, json};
use storage::transaction::UserWrite;
use testkit::TestEnv;
use testkit::http::{self, Answer, Session};
use url::Url;
use web::{SessionStart, start_session};

use crate::app::App;
use crate::routes::router;

pub(super) const TENANT: &str = "11111111-1111-4111-8111-111111111111";

/// A browser of one person.
pub(super) type Browser = http::Browser<Router>;

/// A workspace with its console, in a test environment.
pub(super) struct Console {
    pub(super) env: TestEnv,
    router: Router,
}

/// Returns a console, and a browser in which a 管理者 is signed in.
pub(super) async fn administrator() -> (Console, Browser) {
    let console = Console::open().await;
    let browser = console.browser(Role::Administrator).await;
    (console, browser)
}

/// Returns a console, and a browser in which a システム管理者 is signed in.
pub(super) async fn system_administrator() -> (Console, Browser) {
    let console = Console::open().await;
    let browser = console.browser(Role::SystemAdministrator).await;
    (console, browser)
}

impl Console {
    pub(super) async fn open() -> Self {
        Self::open_with_seats(20).await
    }

    pub(super) async fn open_with_seats(seats: u32) -> Self {
        let env = TestEnv::new(seats, None).await;
        let runner = env.runner();
        let app = App {
            connections: runner.connections,
            logs: runner.logs,
        };
        Self {
            router: router(app),
            env,
        }
    }

    pub(super) fn id(&self) -> &WorkspaceId {
        &self.env.workspace.workspace_id
    }

    /// Creates a 有効 user.
    pub(super) async fn user(&self, id: &str, role: Role) -> User {
        self.create(blank(id, role)).await
    }

    pub(super) async fn create(&self, after: User) -> User {
        let hashes = CredentialHashChanges::default();
        let created = after.clone();
        self.write(UserWrite::Create { after, hashes }).await;
        created
    }

    pub(super) async fn delete(&self, before: User) {
        self.write(UserWrite::Delete { before }).await;
    }

    async fn write(&self, write: UserWrite) {
        self.env.write(write).await.unwrap();
    }

    pub(super) async fn stored(&self, id: &str) -> User {
        let found = self.env.store.user(self.id(), &UserId::new(id)).await;
        found.unwrap().unwrap()
    }

    /// Returns the number of users in the workspace's stored count.
    pub(super) async fn user_count(&self) -> u32 {
        let seats = self.env.store.seats_and_lease(self.id()).await;
        seats.unwrap().users
    }

    /// Stores a run of this workspace.
    pub(super) async fn keep(&self, run: &Run) {
        let kept = self.env.store.begin_run(self.id(), run, testkit::now());
        kept.await.unwrap();
    }

    /// Returns a browser in which nobody is signed in.
    pub(super) fn stranger(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    pub(super) async fn browser_of(&self, user: &User) -> Browser {
        self.signed_in(&user.user_id, false).await
    }

    pub(super) async fn signed_in(&self, user_id: &UserId, must_replace: bool) -> Browser {
        let start = SessionStart {
            workspace_id: self.id().clone(),
            user_id: user_id.clone(),
            epoch: 0,
            must_replace_password: must_replace,
        };
        let session = start_session(&self.env.store, start, &Random::os(), testkit::now())
            .await
            .unwrap();
        let cookie = session.set_cookie.to_str().unwrap();
        let session = Session {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: session.csrf,
        };
        Browser::with_session(self.router.clone(), session)
    }

    /// Creates a user with this role and returns a browser in which they are signed in.
    pub(super) async fn browser(&self, role: Role) -> Browser {
        let id = serde_json::to_value(role).unwrap();
        let user = self.user(id.as_str().unwrap(), role).await;
        self.browser_of(&user).await
    }

    /// Returns the `Content-Disposition` and the content of the S3 object that a response redirects
    /// to.
    pub(super) fn downloaded(&self, answer: &Answer) -> (String, Vec<u8>) {
        let url = Url::parse(answer.location()).unwrap();
        let object = self.env.services.object(url.path().trim_start_matches('/'));
        let disposition = url
            .query_pairs()
            .find(|(name, _)| name == "response-content-disposition");
        (
            disposition.unwrap().1.into_owned(),
            object.unwrap().to_vec(),
        )
    }
}

/// Returns three employees: two with an address, one with a malformed address. Their names contain
/// markup.
pub(super) fn crews() -> Vec<Value> {
    let crew = |number: u8| {
        let email = match number {
            3 => "nonsense".to_owned(),
            _ => format!("y{number}@example.jp"),
        };
        json!({
            "id": format!("c{number}"), "emp_code": format!("-00{number}"), "email": email,
            "emp_status": "employed", "last_name": "<b>山田", "first_name": format!("{number}郎"),
        })
    };
    (1..=3).map(crew).collect()
}

/// Returns a scheduled run that ended.
pub(super) fn ended(id: &str, outcome: RunOutcome) -> Run {
    Run {
        run_id: RunId::new(id),
        trigger: Trigger::Schedule,
        mode: Mode::Apply,
        outcome,
        started_at: testkit::now(),
        finished_at: Some(testkit::now()),
        counts: Counts::default(),
        failure: None,
        held: Vec::new(),
        log_key: None,
        password_seed: None,
    }
}

/// Returns a 有効 user without a crew link whose address is made from the id.
pub(crate) fn blank(id: &str, role: Role) -> User {
    User {
        email: EmailAddress::parse(&format!("{id}@example.jp").replace('_', "-")),
        role,
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(UserId::new(id), format!("利用者 {id}"))
    }
}

/// Returns a [`blank`] user with a crew link.
pub(super) fn linked(id: &str) -> User {
    User {
        crew_link: Some(CrewLink {
            tenant_id: TenantId::new(TENANT),
            crew_id: CrewId::new(id),
        }),
        synced_group: Some(GroupId::new("viewers")),
        groups: std::sync::Arc::new([GroupId::new("viewers")].into()),
        ..blank(id, Role::Member)
    }
}

/// Returns a [`blank`] user who is 招待中 and has no invitation.
pub(super) fn invited(id: &str) -> User {
    User {
        status: Status::Invited,
        credential: Credential::None,
        ..blank(id, Role::Member)
    }
}

/// Returns a user without an address, who has an employee code.
pub(super) fn by_code(id: &str, code: &str) -> User {
    User {
        email: None,
        code: EmployeeCode::parse(code),
        ..blank(id, Role::Member)
    }
}

/// Asserts that a page contains all of the given words.
pub(super) fn contains(html: &str, words: &[&str]) {
    for word in words {
        assert!(html.contains(word), "{word}: {html}");
    }
}
