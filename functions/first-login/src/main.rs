//! The public door: accept an invitation, sign in, replace an initial password, sign out.

mod account;
mod api;
mod app;
mod brake;
mod first_login_page;
mod invitation;
mod invitation_page;
mod password_change;
mod routes;
mod set_password;
mod sign_in;
mod sign_in_page;
mod sign_out;
mod source;
mod welcome_page;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::Random;
use aws::Store;
use aws::config::{Tables, sdk_config, setting};
use lambda_http::{Error, run, tracing};
use web::PublicOrigin;

use crate::app::App;

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
    run(routes::router(app)).await
}
