//! The Lambda function single-sign-on: builds its clients and serves the requests of API Gateway.

use std::sync::Arc;

use credentials::Random;
use lambda::config::setting;
use lambda::log_lines;
use lambda::sdk;
use lambda_http::Error;
use single_sign_on::{App, ProviderClient, Reach, router};
use storage::Store;
use storage::secrets::Secrets;
use storage::tables::Tables;
use web::{PublicOrigin, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let public_base_url = setting("PUBLIC_BASE_URL")?;
    let app = App {
        store: Store::new(&sdk, Tables::from_env()?),
        secrets: Secrets::from_env(&sdk)?,
        random: Arc::new(Random::os()),
        origin: PublicOrigin::of(&public_base_url)?,
        public_base_url,
        provider_client: Arc::new(ProviderClient::new(Reach::of_setting(&setting(
            "SSO_PROVIDERS",
        )?))),
        clock: Arc::new(lambda::clock::now),
    };
    serve(router(app)).await
}
