//! An admin's browser at our doors, with a test environment behind them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use credentials::Random;
use domain::{Credential, EmailAddress, Role, Status, User, UserId};
use lambda_http::Service;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use testkit::TestEnv;
use tokio::runtime::Runtime;
use web::{SessionStart, start_session};

/// A システム管理者 who is signed in.
pub(crate) struct Visitor {
    runtime: Runtime,
    env: TestEnv,
    /// The session's cookie.
    pub(crate) cookie: String,
    /// What writes must carry.
    pub(crate) csrf: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Visitor {
    /// Signs somebody in, in a test environment of their own.
    pub(crate) fn signed_in() -> Self {
        let runtime = Runtime::new().unwrap();
        let (env, session) = runtime.block_on(async {
            let env = TestEnv::new(200, None).await;
            let workspace_id = &env.workspace.workspace_id;
            let commit = Commit {
                users: vec![UserWrite::Create {
                    after: admin(),
                    hashes: CredentialHashChanges::default(),
                }],
                seats: 200,
                ..Commit::default()
            };
            let now = testkit::now();
            env.store.commit(workspace_id, &commit, now).await.unwrap();
            let start = SessionStart {
                workspace_id: workspace_id.clone(),
                user_id: admin().user_id,
                epoch: 0,
                must_replace_password: false,
            };
            let session = start_session(&env.store, start, &Random::os(), now).await;
            (env, session.unwrap())
        });
        let cookie = session.set_cookie.to_str().unwrap();
        Self {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: session.csrf,
            runtime,
            env,
        }
    }

    /// Makes a router of the test environment's clients.
    pub(crate) fn router(&self, of: impl FnOnce(sync::Runner) -> Router) -> Router {
        let _context = self.runtime.enter();
        of(self.env.runner())
    }

    /// Sends a request. Whatever it was, the answer is no server error and carries the security headers.
    pub(crate) fn send(&self, router: &Router, request: Request<Body>) -> Answer {
        let answer = self.runtime.block_on(async {
            let (parts, body) = router.clone().call(request).await.unwrap().into_parts();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
            }
        });
        // What it started is of no interest, and would pile up.
        while self.env.services.take_message().is_some() {}
        assert!(!answer.status.is_server_error(), "{}", answer.status);
        let of = |name: &str| answer.headers[name].to_str().unwrap();
        assert!(of("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(of("x-content-type-options"), "nosniff");
        assert_eq!(of("referrer-policy"), "no-referrer");
        assert_eq!(of("x-frame-options"), "DENY");
        answer
    }
}

fn admin() -> User {
    User {
        email: EmailAddress::parse("hanako@example.jp"),
        role: Role::SystemAdministrator,
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(UserId::new("usr_admin"), "管理 花子")
    }
}
