//! A workspace with its console, and browsers of the workspace's users.

use axum::Router;
use domain::{Role, Run, User, WorkspaceId};
use mail::ChatReach;
use serde_json::{Value, json};
use testkit::http::{self, Answer, Session};
use testkit::{TestEnv, users};
use url::Url;

use crate::app::App;
use crate::crew_pages::CrewPages;
use crate::routes::router;

/// A browser of one person.
pub(super) type Browser = http::Browser<Router>;

/// A workspace with its console, in a test environment.
pub(super) struct Console {
    pub(super) env: TestEnv,
    router: Router,
}

/// Returns a console, and a browser in which a 管理者 is signed in.
pub(super) async fn administrator() -> (Console, Browser) {
    with_browser(Role::Administrator).await
}

/// Returns a console, and a browser in which a システム管理者 is signed in.
pub(super) async fn system_administrator() -> (Console, Browser) {
    with_browser(Role::SystemAdministrator).await
}

async fn with_browser(role: Role) -> (Console, Browser) {
    let console = Console::open().await;
    let browser = console.browser(role).await;
    (console, browser)
}

impl Console {
    pub(super) async fn open() -> Self {
        Self::open_with_seats(20).await
    }

    pub(super) async fn open_with_seats(seats: u32) -> Self {
        let env = TestEnv::new(seats, None).await;
        let runner = env.runner();
        let app = App::new(runner.connections, runner.logs)
            .with_crew_pages(CrewPages::new("https://{subdomain}.smarthr.jp/crews/{id}"))
            .with_chat_reach(ChatReach::Local);
        Self {
            router: router(app),
            env,
        }
    }

    pub(super) fn id(&self) -> &WorkspaceId {
        &self.env.workspace.workspace_id
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

    /// Creates a user with this role and returns a browser in which they are signed in.
    pub(super) async fn browser(&self, role: Role) -> Browser {
        let id = serde_json::to_value(role).unwrap();
        let user = users::active(id.as_str().unwrap(), role);
        self.browser_of(user).await
    }

    /// Creates a user and returns a browser in which they are signed in.
    pub(super) async fn browser_of(&self, user: User) -> Browser {
        let user = self.env.add_user(user).await;
        self.with_session(self.env.session_of(&user.user_id).await)
    }

    /// Returns a browser of somebody who signed in with an initial password.
    pub(super) async fn browser_of_beginner(&self) -> Browser {
        let user = self.env.add_user(users::member("new")).await;
        self.with_session(self.env.session_with_initial_password(&user.user_id).await)
    }

    pub(super) fn with_session(&self, session: Session) -> Browser {
        Browser::with_session(self.router.clone(), session)
    }

    /// Returns the `Content-Disposition` and the content of the S3 object that a response redirects
    /// to.
    pub(super) fn downloaded(&self, answer: &Answer) -> (String, Vec<u8>) {
        let url = Url::parse(answer.location()).unwrap();
        let object = self.env.services.object(url.path().trim_start_matches('/'));
        let mut query = url.query_pairs();
        let disposition = query.find(|(name, _)| name == "response-content-disposition");
        let (_, disposition) = disposition.unwrap();
        (disposition.into_owned(), object.unwrap().to_vec())
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
