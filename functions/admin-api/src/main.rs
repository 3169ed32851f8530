//! The Lambda function admin-api: builds its clients and serves the requests of API Gateway.

use std::sync::Arc;

use admin_api::{App, CrewPages, router};
use connection::Connections;
use credentials::Random;
use lambda::config::setting;
use lambda::log_lines;
use lambda::sdk;
use mail::ChatReach;
use storage::sync_logs::SyncLogs;
use web::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let random = Arc::new(Random::os());
    let connections = Connections::from_env(&sdk, random, lambda::clock::now)?;
    let chat_reach = ChatReach::of_setting(&setting("CHAT_WEBHOOKS")?);
    let app = App::new(Arc::new(connections), SyncLogs::from_env(&sdk)?)
        .with_crew_pages(CrewPages::new(&setting("SMARTHR_CREW_URL")?))
        .with_chat_reach(chat_reach);
    serve(router(app)).await
}
