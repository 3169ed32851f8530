//! Everything the stand-in knows, behind one lock.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::company::Company;
use crate::error::ApiError;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::limits::Limits;
use crate::oauth::OAuth;
use crate::options::Options;
use crate::people;

/// The world that one server shows; cheap to clone, all clones are the same world.
#[derive(Clone)]
pub struct World {
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    clock: Clock,
    state: Mutex<State>,
}

/// The part of the world that changes.
pub(crate) struct State {
    pub(crate) companies: Vec<Company>,
    pub(crate) oauth: OAuth,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    /// Attributes of crews that no token may read.
    pub(crate) hidden_attributes: BTreeSet<String>,
    pub(crate) names: FreshNames,
}

impl World {
    /// A world with the two companies that everybody starts from.
    pub fn new(options: Options) -> Self {
        let clock = Clock::new(options.clock_offset_file.clone());
        let now = clock.now();
        let state = State {
            companies: vec![people::aozora(now), people::midori(now)],
            oauth: OAuth::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            journal: Journal::default(),
            hidden_attributes: BTreeSet::new(),
            names: FreshNames::new(now),
        };
        Self {
            shared: Arc::new(Shared {
                options,
                clock,
                state: Mutex::new(state),
            }),
        }
    }

    pub(crate) fn options(&self) -> &Options {
        &self.shared.options
    }

    /// Looks at the world, or changes it, as it is now: whoever was due to retire has retired.
    pub(crate) fn visit<T>(&self, work: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.shared.clock.now();
        let mut state = self
            .shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for company in &mut state.companies {
            company.retire_who_is_due(now);
        }
        work(&mut state, now)
    }
}

impl State {
    /// # Errors
    ///
    /// The API's "not found" when there is no such company.
    pub(crate) fn company(&self, tenant_id: &str) -> Result<&Company, ApiError> {
        let mut companies = self.companies.iter();
        companies
            .find(|company| company.tenant_id == tenant_id)
            .ok_or_else(ApiError::not_found)
    }

    /// # Errors
    ///
    /// The API's "not found" when there is no such company.
    pub(crate) fn company_mut(&mut self, tenant_id: &str) -> Result<&mut Company, ApiError> {
        let mut companies = self.companies.iter_mut();
        companies
            .find(|company| company.tenant_id == tenant_id)
            .ok_or_else(ApiError::not_found)
    }
}

/// Gives ids and tokens that were never given before. Nobody guesses at a stand-in, so they need
/// not be random: only different, also from those of the server's previous life.
pub(crate) struct FreshNames {
    born: Timestamp,
    given: u64,
}

impl FreshNames {
    fn new(born: Timestamp) -> Self {
        Self { born, given: 0 }
    }

    fn digest(&mut self) -> [u8; 32] {
        self.given += 1;
        Sha256::digest(format!("{} {}", self.born.as_nanosecond(), self.given)).into()
    }

    /// An opaque token, code or ticket.
    pub(crate) fn token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.digest())
    }

    /// An id in the form of a UUID.
    pub(crate) fn id(&mut self) -> String {
        let mut half = [0; 16];
        half.copy_from_slice(&self.digest()[..16]);
        let hex = format!("{:032x}", u128::from_be_bytes(half));
        format!(
            "{}-{}-4{}-8{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }
}
