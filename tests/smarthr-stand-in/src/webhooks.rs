//! A company's webhooks: where SmartHR reports that its people changed.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::clock::format_time;
use crate::error::ApiError;

/// What SmartHR reports about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum CrewEvent {
    #[serde(rename = "crew_created")]
    Created,
    #[serde(rename = "crew_updated")]
    Updated,
    #[serde(rename = "crew_deleted")]
    Deleted,
    #[serde(rename = "crew_imported")]
    Imported,
}

impl CrewEvent {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "crew_created",
            Self::Updated => "crew_updated",
            Self::Deleted => "crew_deleted",
            Self::Imported => "crew_imported",
        }
    }
}

/// The eight kinds of events, each with whether it is reported.
#[derive(Clone, Copy, Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "SmartHR has eight")]
pub(crate) struct Events {
    crew_created: bool,
    crew_updated: bool,
    crew_deleted: bool,
    crew_imported: bool,
    dependent_created: bool,
    dependent_updated: bool,
    dependent_deleted: bool,
    dependent_imported: bool,
}

impl Events {
    fn include(self, event: CrewEvent) -> bool {
        match event {
            CrewEvent::Created => self.crew_created,
            CrewEvent::Updated => self.crew_updated,
            CrewEvent::Deleted => self.crew_deleted,
            CrewEvent::Imported => self.crew_imported,
        }
    }
}

/// Who may see and change a webhook.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccessType {
    ReadAndUpdate,
    Hidden,
    ReadAndUpdateOnlyOrigin,
}

impl AccessType {
    fn name(self) -> &'static str {
        match self {
            Self::ReadAndUpdate => "read_and_update",
            Self::Hidden => "hidden",
            Self::ReadAndUpdateOnlyOrigin => "read_and_update_only_origin",
        }
    }
}

/// The body of a creation or of a whole update. What it does not name is blank afterwards, but the eight kinds of
/// events are required (SmartHR's Swagger).
#[derive(Deserialize)]
pub(crate) struct WrittenWebhook {
    url: Option<String>,
    description: Option<String>,
    #[serde(flatten)]
    events: Events,
    #[serde(default)]
    expose_only_id: bool,
    disabled_at: Option<String>,
    access_type: Option<AccessType>,
    secret_token: Option<String>,
}

/// A webhook.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) url: String,
    /// Write-only: no answer shows it.
    pub(crate) secret_token: Option<String>,
    pub(crate) expose_only_id: bool,
    description: Option<String>,
    events: Events,
    access_type: AccessType,
    disabled_at: Option<String>,
    updated_at: Timestamp,
    pub(crate) created_at: Timestamp,
}

const WEBHOOK: &str = "webhook";

impl Webhook {
    /// Returns a webhook as it was written.
    ///
    /// # Errors
    ///
    /// The API's "bad request" when the address is missing, or none that SmartHR calls.
    pub(crate) fn new(
        id: String,
        written: WrittenWebhook,
        private_addresses: bool,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let url = written.url.unwrap_or_default();
        check_address(&url, private_addresses)?;
        Ok(Self {
            id,
            url,
            secret_token: written.secret_token.filter(|secret| !secret.is_empty()),
            expose_only_id: written.expose_only_id,
            description: written.description,
            events: written.events,
            access_type: written.access_type.unwrap_or(AccessType::ReadAndUpdate),
            disabled_at: written.disabled_at,
            updated_at: now,
            created_at: now,
        })
    }

    /// Returns the webhook with what a partial update names, where null blanks.
    ///
    /// # Errors
    ///
    /// The API's "bad request" when a kind of event is missing, or for an address that SmartHR does not call.
    pub(crate) fn patched(
        &self,
        changes: &Value,
        private_addresses: bool,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let named = |name: &str| changes.get(name).is_some();
        let written = WrittenWebhook::deserialize(changes)
            .map_err(|error| ApiError::bad_request(&error.to_string()))?;
        let next = WrittenWebhook {
            url: if named("url") {
                written.url
            } else {
                Some(self.url.clone())
            },
            description: if named("description") {
                written.description
            } else {
                self.description.clone()
            },
            expose_only_id: if named("expose_only_id") {
                written.expose_only_id
            } else {
                self.expose_only_id
            },
            disabled_at: if named("disabled_at") {
                written.disabled_at
            } else {
                self.disabled_at.clone()
            },
            access_type: written.access_type.or(Some(self.access_type)),
            secret_token: if named("secret_token") {
                written.secret_token
            } else {
                self.secret_token.clone()
            },
            events: written.events,
        };
        Self::new(self.id.clone(), next, private_addresses, now)
    }

    /// Returns whether this kind of event is reported here.
    pub(crate) fn reports(&self, event: CrewEvent) -> bool {
        self.is_enabled() && self.events.include(event)
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Reports nothing more from now on.
    pub(crate) fn disable(&mut self, now: Timestamp) {
        self.disabled_at = Some(format_time(now));
    }

    /// Returns the webhook as the API shows it.
    pub(crate) fn to_json(&self) -> Value {
        let events = self.events;
        json!({
            "id": self.id,
            "url": self.url,
            "description": self.description,
            "crew_created": events.crew_created,
            "crew_updated": events.crew_updated,
            "crew_deleted": events.crew_deleted,
            "crew_imported": events.crew_imported,
            "dependent_created": events.dependent_created,
            "dependent_updated": events.dependent_updated,
            "dependent_deleted": events.dependent_deleted,
            "dependent_imported": events.dependent_imported,
            "expose_only_id": self.expose_only_id,
            "disabled_at": self.disabled_at,
            "access_type": self.access_type.name(),
            "updated_at": format_time(self.updated_at),
            "created_at": format_time(self.created_at),
        })
    }
}

/// Returns the wait after this many failed tries: doubling from 32 seconds, so that SmartHR's 17 tries take about three
/// days, and the 5 of its sandbox eight minutes.
pub(crate) fn wait_after(failed: u32) -> SignedDuration {
    const LONGEST: i64 = 38_400;
    let doubled = 32_i64.saturating_mul(2_i64.saturating_pow(failed.saturating_sub(1)));
    SignedDuration::from_secs(doubled.min(LONGEST))
}

fn check_address(url: &str, private_addresses: bool) -> Result<(), ApiError> {
    let refused = |message| Err(ApiError::bad_field(WEBHOOK, "url", message));
    let parsed = Url::parse(url).ok();
    let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(host) = parsed.as_ref().and_then(Url::host) else {
        return refused("は不正な値です");
    };
    if !private_addresses && is_private(&host) {
        return refused("にプライベートアドレスは指定できません");
    }
    Ok(())
}

fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
        }
        Host::Ipv6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventeen_tries_take_three_days_and_the_five_of_a_sandbox_eight_minutes() {
        let until = |tries: u32| {
            (1..tries)
                .map(|failed| wait_after(failed).as_secs())
                .sum::<i64>()
        };
        assert_eq!(until(5), 8 * 60);
        assert_eq!(until(17) / 3600, 71);
    }
}
