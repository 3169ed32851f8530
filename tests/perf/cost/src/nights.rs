//! The metered runs of one company.

use domain::{Connection, LoginMethodSetting};
use jiff::SignedDuration;
use serde_json::{Value, json};
use storage::queues::MailMessage;
use testkit::{TestEnv, advance};

use crate::logged::Logged;
use crate::meter::Meter;
use crate::prices::{assumed, measured};
use crate::usage::{Item, Usage};

/// What the nightly runs of one company use.
pub(crate) struct Nights {
    /// The number of people of the company.
    pub(crate) people: u32,
    /// The first run, which invites everybody by mail.
    pub(crate) first: Usage,
    /// A run in which nothing changed.
    pub(crate) quiet: Usage,
    /// A run in which one person in a hundred has another name.
    pub(crate) usual: Usage,
}

impl Nights {
    /// Carries out the runs of a company of this size.
    pub(crate) async fn measure(people: u32, logged: &Logged) -> Self {
        let mut crews: Vec<Value> = (0..people).map(crew).collect();

        let (env, meter) = metered(people).await;
        env.set_crews(&crews).await;
        let count = f64::from(people);
        let first = night(&env, &meter, logged, [count, count]).await;
        let first = first + mail(&env, &meter, logged).await * count;

        // People who sign in by SSO get no mail after the first one, so changes cost none.
        let (env, meter) = metered(people).await;
        let to_sso = |it: &mut Connection| it.settings.login_method = LoginMethodSetting::Sso;
        env.change_connection(to_sso).await;
        env.set_crews(&crews).await;
        env.nightly_run().await;
        advance(SignedDuration::from_hours(24));
        let quiet = night(&env, &meter, logged, [count, 0.0]).await;
        for crew in crews.iter_mut().step_by(100) {
            crew["last_name"] = json!("改姓");
        }
        env.set_crews(&crews).await;
        advance(SignedDuration::from_hours(24));
        let usual = night(&env, &meter, logged, [count, count / 100.0]).await;
        Self {
            people,
            first,
            quiet,
            usual,
        }
    }
}

fn crew(number: u32) -> Value {
    json!({
        "id": format!("c0000000-0000-4000-8000-{number:012}"),
        "last_name": format!("社員{number}"),
        "first_name": "太郎",
        "emp_code": format!("{number:05}"),
        "email": format!("taro.shain{number}@aozora-shoji.example"),
        "emp_status": "employed",
    })
}

async fn metered(seats: u32) -> (TestEnv, Meter) {
    let mut env = TestEnv::new(seats, None).await;
    let (meter, address) = Meter::open(env.sdk.endpoint_url().unwrap()).await;
    env.sdk = env.sdk.to_builder().endpoint_url(address).build();
    (env, meter)
}

/// Meters one run and its message. `people` are the numbers of people who are read and written.
async fn night(env: &TestEnv, meter: &Meter, logged: &Logged, people: [f64; 2]) -> Usage {
    meter.read();
    logged.read();
    env.proxy.restart(None);
    env.nightly_run().await;
    let calls = env.proxy.by_operation();
    let is_smarthr = |(operation, _): &(&String, _)| operation.contains("/api/v1/");
    let of_smarthr = calls.iter().filter(is_smarthr);
    let pages = number(of_smarthr.map(|(_, count)| count).sum());

    let mut used = meter.read();
    used.uses(Item::SmartHrRequests, pages);
    used.uses(Item::LogBytes, assumed::METRICS_LOG_BYTES);
    let calls = used.of(Item::AwsRequests);
    let [people, written] = people;
    let cpu = measured::START + people * measured::PERSON + written * measured::WRITTEN_PERSON;
    let waits = pages / assumed::SMARTHR_PAGES_A_SECOND
        + assumed::SMARTHR_ANSWER
        + calls * assumed::AWS_CALL;
    let seconds = cpu / measured::SHARE_OF_A_CORE + waits;
    invocation(&mut used, seconds * measured::SYNC_GIGABYTES, logged);
    used
}

/// Meters one mail, from its message to SES.
async fn mail(env: &TestEnv, meter: &Meter, logged: &Logged) -> Usage {
    let id = &env.workspace.workspace_id;
    let waiting = env.store.waiting_mails(id).await.unwrap();
    let message = MailMessage {
        workspace_id: id.clone(),
        mail_id: waiting[0].clone(),
    };
    meter.read();
    logged.read();
    env.deliver(&message).await.unwrap();
    let mut used = meter.read();
    invocation(&mut used, assumed::MAIL * measured::MAIL_GIGABYTES, logged);
    used
}

/// Adds an invocation: receiving and deleting the message, the time, and the log.
fn invocation(used: &mut Usage, gigabyte_seconds: f64, logged: &Logged) {
    used.uses(Item::QueueRequests, 2.0);
    used.uses(Item::Invocations, 1.0);
    used.uses(Item::GigabyteSeconds, gigabyte_seconds);
    let log_bytes = number(logged.read()) + assumed::PLATFORM_LOG_BYTES;
    used.uses(Item::LogBytes, log_bytes);
}

/// Returns a count as a number that can be multiplied.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
