//! The function: its clients, and the requests of API Gateway.

use std::sync::Arc;

use access::Random;
use aws::Store;
use aws::config::{Tables, sdk_config, setting};
use first_login::{App, router};
use lambda_http::{Error, run, tracing};
use web::PublicOrigin;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let sdk = sdk_config().await;
    let app = App {
        store: Store::new(&sdk, Tables::from_env()?),
        random: Arc::new(Random::os()),
        origin: PublicOrigin::of(&setting("PUBLIC_BASE_URL")?)?,
        clock: Arc::new(aws::clock::now),
    };
    run(router(app)).await
}
