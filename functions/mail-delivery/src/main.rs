//! The Lambda function mail-delivery: builds its clients and handles the events of its queue.

use lambda::config::setting;
use lambda::log_lines;
use lambda::sdk;
use lambda::sqs_batch::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use mail::ChatReach;
use mail_delivery::{ChatClient, Delivery, KnownKeys, KnownQuota, PATIENCE, handle};
use storage::Store;
use storage::mailer::Mailer;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::sync_logs::SyncLogs;
use storage::tables::Tables;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let secrets = Secrets::from_env(&sdk)?;
    let delivery = Delivery {
        store: Store::new(&sdk, Tables::from_env()?),
        mailer: Mailer::from_env(&sdk),
        logs: SyncLogs::from_env(&sdk)?,
        keys: KnownKeys::new(secrets.clone()),
        quota: KnownQuota::default(),
        secrets,
        chat: ChatClient::new(ChatReach::of_setting(&setting("CHAT_WEBHOOKS")?)),
        queues: Queues::from_env(&sdk)?,
        patience: PATIENCE,
        from: setting("MAIL_FROM")?,
        public_base_url: setting("PUBLIC_BASE_URL")?,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let delivery = &delivery;
        async move { Ok::<_, Error>(handle(delivery, event.payload.records).await) }
    }))
    .await
}
