//! Fuzzing targets for all input from outside. Each takes any bytes, and panics if a promise about them is broken:
//! bad input gets a proper refusal, and accepted input does no harm later.
//!
//! `samples/TARGET` holds the inputs that each target starts from: answers of SmartHR's stand-in, every operation of
//! the API, and inputs that broke a promise once. `cargo test --workspace --test targets` replays them and a fixed number of mutations
//! ([`short_run`]); under `infra/tools/fuzz.sh` libFuzzer mutates them, guided by coverage.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken promise is a failed test"
)]

mod admin;
mod api;
mod callback;
mod crew_record;
mod crews;
mod csv_cells;
#[cfg(test)]
mod features;
mod headers;
mod identifiers;
mod mails;
mod mutation;
mod passkeys;
mod reports;
mod saml;
mod short_run;

// cargo-bolero builds every test binary with coverage; without bolero this one would not link.
#[cfg(test)]
use bolero as _;

pub use api::api;
pub use callback::callback;
pub use crew_record::crew_record;
pub use crews::crews;
pub use csv_cells::csv_cells;
pub use headers::headers;
pub use identifiers::{email_address, employee_code};
pub use mails::mails;
pub use passkeys::passkeys;
pub use reports::reports;
pub use saml::{saml, saml_metadata};
pub use short_run::short_run;

/// Splits the input at the byte 0xFF, which no UTF-8 text contains. Other bytes that are not UTF-8 are replaced.
fn texts<const PARTS: usize>(bytes: &[u8]) -> [String; PARTS] {
    let mut parts = bytes.splitn(PARTS, |byte| *byte == 0xFF);
    std::array::from_fn(|_| String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned())
}
