//! Everything that the stand-in knows, behind one lock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::clock;
use crate::company::Company;
use crate::deliveries::Deliveries;
use crate::error::ApiError;
use crate::faults::Faults;
use crate::limits::Limits;
use crate::oauth::OAuth;
use crate::options::Options;
use crate::sample_companies;
use crate::webhooks::CrewEvent;

/// The SmartHR that one server shows. Clones share it.
#[derive(Clone)]
pub(crate) struct SmartHr {
    state: Arc<Mutex<SmartHrState>>,
    /// The client that sends reports to webhooks.
    pub(crate) http: reqwest::Client,
    /// Held while reports are sent.
    pub(crate) delivering: Arc<tokio::sync::Mutex<()>>,
}

/// What SmartHR knows.
pub(crate) struct SmartHrState {
    pub(crate) options: Options,
    /// The time of the present request.
    pub(crate) now: Timestamp,
    pub(crate) companies: Vec<Company>,
    pub(crate) oauth: OAuth,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) deliveries: Deliveries,
    /// How often each method and path was requested, as in `GET /api/v1/crews`.
    pub(crate) request_counts: BTreeMap<String, u64>,
    /// Attributes of crews that no token may read.
    pub(crate) hidden_attributes: BTreeSet<String>,
    pub(crate) ids: FreshIds,
}

impl SmartHr {
    /// Returns a SmartHR with the two sample companies, which sends its reports with `http`.
    pub(crate) fn new(options: Options, http: reqwest::Client) -> Self {
        let now = clock::now(options.clock_offset_file.as_deref());
        let state = SmartHrState {
            options,
            now,
            companies: vec![sample_companies::aozora(now), sample_companies::midori(now)],
            oauth: OAuth::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            deliveries: Deliveries::default(),
            request_counts: BTreeMap::new(),
            hidden_attributes: BTreeSet::new(),
            ids: FreshIds {
                started_at: now,
                made: 0,
            },
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            http,
            delivering: Arc::default(),
        }
    }

    /// Returns whether no report waits to be sent. Looks at nothing else, since it is asked all the time.
    pub(crate) fn has_nothing_to_deliver(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.deliveries.are_over()
    }

    /// Reads or changes the state as it is now: people who were due to retire have retired.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut SmartHrState) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::now(state.options.clock_offset_file.as_deref());
        state.now = now;
        let retired: Vec<(String, Vec<String>)> = state
            .companies
            .iter_mut()
            .map(|company| {
                (
                    company.account.tenant_id.clone(),
                    company.retire_due_crews(now),
                )
            })
            .collect();
        if state.options.report_retirements {
            for (tenant_id, crews) in retired.iter().filter(|(_, crews)| !crews.is_empty()) {
                state.report(tenant_id, CrewEvent::Updated, crews);
            }
        }
        work(&mut state)
    }
}

impl SmartHrState {
    /// # Errors
    ///
    /// The API's "not found" when there is no such company.
    pub(crate) fn company(&self, tenant_id: &str) -> Result<&Company, ApiError> {
        let mut companies = self.companies.iter();
        let company = companies.find(|company| company.account.tenant_id == tenant_id);
        company.ok_or_else(ApiError::not_found)
    }
}

/// Returns the company of a tenant id, to be changed.
///
/// # Errors
///
/// The API's "not found" when there is no such company.
pub(crate) fn company_mut<'a>(
    companies: &'a mut [Company],
    tenant_id: &str,
) -> Result<&'a mut Company, ApiError> {
    let mut companies = companies.iter_mut();
    let company = companies.find(|company| company.account.tenant_id == tenant_id);
    company.ok_or_else(ApiError::not_found)
}

/// Makes ids and tokens that were never used before. Nobody attacks a stand-in, so they need not be
/// random: only different, also from those of an earlier process.
pub(crate) struct FreshIds {
    started_at: Timestamp,
    made: u64,
}

impl FreshIds {
    fn digest(&mut self) -> [u8; 32] {
        self.made += 1;
        Sha256::digest(format!("{} {}", self.started_at.as_nanosecond(), self.made)).into()
    }

    /// Returns an opaque token, code or ticket.
    pub(crate) fn token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.digest())
    }

    /// Returns an id in the form of a UUID.
    pub(crate) fn id(&mut self) -> String {
        let mut half = [0; 16];
        half.copy_from_slice(&self.digest()[..16]);
        let hex = format!("{:032x}", u128::from_be_bytes(half));
        let [head, middle, tail] = [&hex[..8], &hex[8..12], &hex[20..]];
        let [version, variant] = [&hex[13..16], &hex[17..20]];
        format!("{head}-{middle}-4{version}-8{variant}-{tail}")
    }
}
