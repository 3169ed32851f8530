//! What SmartHR reports to webhooks: queued when people change, sent by POST, and tried again until it is taken.
//!
//! SmartHR promises neither order nor that a report comes once. Both can be asked for, as can lost reports.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::format_time;
use crate::company::Company;
use crate::state::{SmartHr, SmartHrState, company_mut};
use crate::webhooks::{CrewEvent, wait_after};

/// How long SmartHR waits for an answer.
const LONGEST_ANSWER: Duration = Duration::from_mins(1);

/// How often the server looks whether a report is due.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How reports are delivered, beyond what SmartHR promises anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryFaults {
    /// How often each report is sent.
    #[serde(default = "once")]
    copies: usize,
    /// Whether those that are due together are sent in reverse.
    #[serde(default)]
    reversed: bool,
    /// How many of the next reports are never sent.
    #[serde(default)]
    lost: usize,
    /// Whether nothing is sent for now, so that reports gather.
    #[serde(default)]
    paused: bool,
}

fn once() -> usize {
    1
}

impl Default for DeliveryFaults {
    fn default() -> Self {
        Self {
            copies: once(),
            reversed: false,
            lost: 0,
            paused: false,
        }
    }
}

/// The reports to come, and how many there were.
#[derive(Default)]
pub(crate) struct Deliveries {
    pub(crate) faults: DeliveryFaults,
    waiting: Vec<Delivery>,
    taken: u64,
    failed: u64,
}

/// A report that a webhook has not taken.
struct Delivery {
    tenant_id: String,
    webhook_id: String,
    body: String,
    failed: u32,
    due_at: Timestamp,
}

/// A report with the address and the secret of its webhook.
pub(crate) struct Report {
    delivery: Delivery,
    url: String,
    secret: Option<String>,
}

impl Report {
    /// Returns the report as a request of a test's own.
    pub(crate) fn to_json(&self) -> Value {
        json!({"url": self.url, "secret": self.secret, "body": self.delivery.body})
    }
}

impl Deliveries {
    /// Returns whether nothing waits to be sent.
    pub(crate) fn are_over(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Returns how many reports wait, were taken, and how many tries failed.
    pub(crate) fn to_json(&self) -> Value {
        json!({"waiting": self.waiting.len(), "taken": self.taken, "failed": self.failed})
    }
}

impl SmartHrState {
    /// Reports an event of people to the webhooks of a company that ask for it: one report for each person, or one
    /// about nobody in particular.
    pub(crate) fn report(&mut self, tenant_id: &str, event: CrewEvent, crew_ids: &[String]) {
        let Ok(company) = self.company(tenant_id) else {
            return;
        };
        let (now, null_for_unset) = (self.now, self.options.null_for_unset_items);
        let mut bodies = Vec::new();
        for webhook in &company.webhooks {
            if !webhook.reports(event) {
                continue;
            }
            let body = |crew: Option<Value>| {
                let mut body = json!({
                    "event": event.name(),
                    "triggered_at": format_time(now),
                    "sender": {"tenant_id": tenant_id, "subdomain": company.account.subdomain},
                });
                if let Some(crew) = crew {
                    body["crew"] = crew;
                }
                (webhook.id.clone(), body.to_string())
            };
            if crew_ids.is_empty() {
                bodies.push(body(None));
            }
            for id in crew_ids {
                let whole = company.crew(id).filter(|_| !webhook.expose_only_id);
                let whole = whole.map(|crew| crew.to_json(&company.items, null_for_unset));
                bodies.push(body(Some(
                    whole.map_or_else(|| json!({"id": id}), Value::Object),
                )));
            }
        }
        for (webhook_id, body) in bodies {
            let faults = &mut self.deliveries.faults;
            if faults.lost > 0 {
                faults.lost -= 1;
                continue;
            }
            for _ in 0..self.deliveries.faults.copies {
                self.deliveries.waiting.push(Delivery {
                    tenant_id: tenant_id.to_owned(),
                    webhook_id: webhook_id.clone(),
                    body: body.clone(),
                    failed: 0,
                    due_at: now,
                });
            }
        }
    }

    /// Takes the reports that are due. Those of a webhook that is gone or disabled are dropped.
    pub(crate) fn take_due(&mut self) -> Vec<Report> {
        let (now, deliveries) = (self.now, &mut self.deliveries);
        if deliveries.faults.paused {
            return Vec::new();
        }
        let is_due = |delivery: &mut Delivery| delivery.due_at <= now;
        let due: Vec<Delivery> = deliveries.waiting.extract_if(.., is_due).collect();
        let mut addressed: Vec<Report> = due
            .into_iter()
            .filter_map(|delivery| {
                let company = self.company(&delivery.tenant_id).ok()?;
                let webhook = company.webhook(&delivery.webhook_id)?;
                webhook.is_enabled().then(|| Report {
                    url: webhook.url.clone(),
                    secret: webhook.secret_token.clone(),
                    delivery,
                })
            })
            .collect();
        if self.deliveries.faults.reversed {
            addressed.reverse();
        }
        addressed
    }

    /// Notes whether a report was taken. After the last try the webhook is disabled.
    fn note(&mut self, mut delivery: Delivery, is_taken: bool) {
        if is_taken {
            self.deliveries.taken += 1;
            return;
        }
        self.deliveries.failed += 1;
        delivery.failed += 1;
        if delivery.failed < self.options.webhook_tries {
            delivery.due_at = self.now + wait_after(delivery.failed);
            self.deliveries.waiting.push(delivery);
            return;
        }
        let now = self.now;
        if let Ok(Company { webhooks, .. }) = company_mut(&mut self.companies, &delivery.tenant_id)
            && let Some(webhook) = webhooks.iter_mut().find(|it| it.id == delivery.webhook_id)
        {
            webhook.disable(now);
        }
    }
}

/// Returns the client that sends reports. It is for stand-ins on this machine, and needs no root certificates.
pub(crate) fn http_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(Policy::none())
        .timeout(LONGEST_ANSWER)
        .build()
}

/// Sends what is due, and returns when nothing is.
pub(crate) async fn deliver_due(smarthr: &SmartHr) {
    // Another sender is done first, so that all was sent when this returns.
    let _alone = smarthr.delivering.lock().await;
    loop {
        let due = smarthr.with(SmartHrState::take_due);
        if due.is_empty() {
            return;
        }
        let at_once = smarthr.with(|state| state.options.reports_at_once);
        let sent = stream::iter(due).for_each_concurrent(at_once, |report| send(smarthr, report));
        sent.await;
    }
}

async fn send(smarthr: &SmartHr, report: Report) {
    let body = report.delivery.body.clone();
    let mut request = smarthr.http.post(report.url).body(body);
    request = request.header("content-type", "application/json");
    if let Some(secret) = report.secret {
        request = request.header("X-SmartHR-Token", secret);
    }
    let answer = request.send().await;
    let is_taken = answer.is_ok_and(|answer| answer.status().is_success());
    smarthr.with(|state| state.note(report.delivery, is_taken));
}

/// Sends what is due, as long as the server runs.
pub(crate) async fn deliver_for_ever(smarthr: SmartHr) {
    loop {
        if !smarthr.has_nothing_to_deliver() {
            deliver_due(&smarthr).await;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
