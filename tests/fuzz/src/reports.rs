//! What SmartHR posts to the webhook, or somebody who knows its secret.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use credentials::TokenHash;
use smarthr_webhook::{Receiver, router};
use storage::webhooks::WebhookRegistration;
use testkit::http::Answer;
use testkit::{TestEnv, now};
use tokio::runtime::Runtime;

const PATH_ID: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const SECRET: &str = "a-secret-of-a-test";

/// A registered webhook, and the function behind it.
struct Webhook {
    runtime: Runtime,
    env: TestEnv,
    router: Router,
}

static WEBHOOK: LazyLock<Webhook> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let (env, router) = runtime.block_on(async {
        let env = TestEnv::new(10, None).await;
        let registration = WebhookRegistration {
            workspace_id: env.workspace.workspace_id.clone(),
            tenant_id: env.connection().await.company.tenant_id,
            secret_hash: TokenHash::of(&SECRET.into()).as_str().to_owned(),
        };
        let put = env.store.put_webhook_registration(PATH_ID, &registration);
        put.await.unwrap();
        let runner = env.runner();
        let receiver = Receiver {
            store: runner.store,
            queues: runner.queues,
            clock: now,
        };
        (env, router(receiver))
    });
    Webhook {
        runtime,
        env,
        router,
    }
});

/// Posts a body with the right secret. SmartHR repeats what is refused for days, and then disables the webhook, so each
/// is taken; what is noted from it are plain ids, and with a wrong secret nothing is.
pub fn reports(body: &[u8]) {
    let post = |secret: &str| {
        let request = Request::post(format!("/webhooks/smarthr/{PATH_ID}"))
            .header("x-smarthr-token", secret)
            .body(Body::from(body.to_vec()));
        let answer = Answer::of(&WEBHOOK.router, request.unwrap());
        WEBHOOK.runtime.block_on(answer)
    };
    let (env, id) = (&WEBHOOK.env, &WEBHOOK.env.workspace.workspace_id);
    let noted = || WEBHOOK.runtime.block_on(env.store.changed_crews(id));
    assert_eq!(post("another").status, 404);
    assert_eq!(noted().unwrap().crews.len(), 0);
    assert_eq!(post(SECRET).status, 204);
    for crew in &noted().unwrap().crews {
        assert!(domain::is_plain_id(crew.as_str()), "{crew}");
    }
    let forgotten = env.store.forget_changed_crews(id);
    WEBHOOK.runtime.block_on(forgotten).unwrap();
    env.clear_queues();
}
