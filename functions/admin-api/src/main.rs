//! The console, as pages and as a JSON API: the link to SmartHR and its settings, runs and their history, users.

mod app;
mod deleted_users;
mod disconnect;
mod gate;
mod identity;
mod initial_password;
mod input;
mod integration_view;
mod invitations;
mod link;
mod log_rows;
mod openapi;
mod pages;
mod previews;
mod roles;
mod routes;
mod run_people;
mod run_view;
mod runs;
mod session;
mod settings;
mod start_run;
mod user_changes;
mod user_view;
mod users;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::Random;
use aws::logs::Logs;
use integration::Integrations;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let sdk = aws::config::sdk_config().await;
    let random = Arc::new(Random::os());
    let app = app::App {
        integrations: Arc::new(Integrations::from_env(&sdk, random, aws::clock::now)?),
        logs: Logs::from_env(&sdk)?,
    };
    lambda_http::run(routes::router(app)).await
}
