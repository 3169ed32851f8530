//! The Lambda function mail-delivery: builds its clients and handles the events of its queue.

use lambda::config::setting;
use lambda::log_lines;
use lambda::sdk;
use lambda::sqs_batch::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use mail_delivery::{Delivery, KnownKeys, KnownQuota, PATIENCE, handle};
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
    let delivery = Delivery {
        store: Store::new(&sdk, Tables::from_env()?),
        mailer: Mailer::from_env(&sdk),
        logs: SyncLogs::from_env(&sdk)?,
        keys: KnownKeys::new(Secrets::from_env(&sdk)?),
        quota: KnownQuota::default(),
        patience: PATIENCE,
        from: setting("MAIL_FROM")?,
        public_base_url: setting("PUBLIC_BASE_URL")?,
    };
    let queues = Queues::from_env(&sdk)?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let (delivery, queues) = (&delivery, &queues);
        async move { Ok::<_, Error>(handle(delivery, queues, event.payload.records).await) }
    }))
    .await
}
