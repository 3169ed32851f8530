//! Nights of one company, metered.

use storage::queues::MailMessage;
use domain::LoginMethodSetting;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{TestEnv, advance};

use crate::logged::Logged;
use crate::meter::Meter;
use crate::prices::{assumed, measured};
use crate::usage::{Item, Usage};

/// What the nights of one company use.
pub(crate) struct Nights {
    /// How many people it has.
    pub(crate) people: u32,
    /// The first: everybody is invited by mail.
    pub(crate) first: Usage,
    /// One in which nothing changed.
    pub(crate) quiet: Usage,
    /// One in which one person in a hundred has another name.
    pub(crate) usual: Usage,
}

impl Nights {
    /// Lets them pass.
    pub(crate) async fn play(people: u32, logged: &Logged) -> Self {
        let mut crews: Vec<Value> = (0..people).map(crew).collect();

        let (env, meter) = metered(people).await;
        env.people(&crews).await;
        let count = f64::from(people);
        let first = night(&env, &meter, logged, [count, count]).await;
        let first = first + mail(&env, &meter, logged).await * count;

        // People who sign in by SSO are in at once: their changes cost no further mail.
        let (env, meter) = metered(people).await;
        env
            .change_integration(|link| link.settings.login_method = LoginMethodSetting::Sso)
            .await;
        env.people(&crews).await;
        env.night().await;
        advance(SignedDuration::from_hours(24));
        let quiet = night(&env, &meter, logged, [count, 0.0]).await;
        for crew in crews.iter_mut().step_by(100) {
            crew["last_name"] = json!("改姓");
        }
        env.people(&crews).await;
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

/// One night's run, with its message from the queue, of so many people of whom so many are written.
async fn night(env: &TestEnv, meter: &Meter, logged: &Logged, people: [f64; 2]) -> Usage {
    meter.read();
    logged.read();
    env.tap.restart(None);
    env.night().await;
    let asked = env.tap.by_operation();
    let of_smarthr = asked
        .iter()
        .filter(|(operation, _)| operation.contains("/api/v1/"));
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

/// One mail, from its message to SES.
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

/// The message that comes from a queue and is deleted there, the invocation, and what it logs.
fn invocation(used: &mut Usage, gigabyte_seconds: f64, logged: &Logged) {
    used.uses(Item::QueueRequests, 2.0);
    used.uses(Item::Invocations, 1.0);
    used.uses(Item::GigabyteSeconds, gigabyte_seconds);
    used.uses(
        Item::LogBytes,
        number(logged.read()) + assumed::PLATFORM_LOG_BYTES,
    );
}

/// As a number that can be multiplied.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
