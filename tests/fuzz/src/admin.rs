//! An admin's browser in front of a function, with a test environment behind it.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use testkit::http::{Answer, Session};
use testkit::{TestEnv, users};
use tokio::runtime::Runtime;

/// A システム管理者 who is signed in.
pub(crate) struct Admin {
    pub(crate) session: Session,
    runtime: Runtime,
    env: TestEnv,
    router: Router,
}

impl Admin {
    /// Signs somebody in, in a test environment of their own, in front of a router with its clients.
    pub(crate) fn in_front_of(router: impl FnOnce(sync::Runner) -> Router) -> Self {
        let runtime = Runtime::new().unwrap();
        let (session, router, env) = runtime.block_on(async {
            let env = TestEnv::new(200, None).await;
            let admin = env.add_user(users::system_administrator("usr_admin")).await;
            (
                env.session_of(&admin.user_id).await,
                router(env.runner()),
                env,
            )
        });
        Self {
            session,
            runtime,
            env,
            router,
        }
    }

    /// Sends a request. Whatever it is, the answer is no server error and carries the security headers.
    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.runtime.block_on(Answer::of(&self.router, request));
        // The messages of runs that it started would pile up.
        self.env.clear_queues();
        assert!(!answer.status.is_server_error(), "{}", answer.status);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        answer
    }
}
