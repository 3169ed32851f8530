//! The Lambda function first-login: builds its clients and serves the requests of API Gateway.

use std::sync::Arc;

use credentials::Random;
use credentials::passkey::RelyingParty;
use first_login::{App, router};
use lambda::config::setting;
use lambda::log_lines;
use lambda::sdk;
use lambda_http::Error;
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::tables::Tables;
use web::{PublicOrigin, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let address = setting("PUBLIC_BASE_URL")?;
    let app = App {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        secrets: Secrets::from_env(&sdk)?,
        random: Arc::new(Random::os()),
        origin: PublicOrigin::of(&address)?,
        relying_party: RelyingParty::of(&address)?,
        clock: Arc::new(lambda::clock::now),
    };
    serve(router(app)).await
}
