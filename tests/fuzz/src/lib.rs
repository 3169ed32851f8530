//! What comes from outside, as fuzzing targets. Each takes any bytes, and panics where a promise about them is
//! broken: what is refused is refused politely, and what is taken in does no harm further on.
//!
//! `samples/TARGET` holds what each starts from: what the stand-in for SmartHR answers, every operation of the
//! API, and whatever broke a promise once. `cargo test -p fuzz` replays them and a bounded number of mutations
//! of them ([`short_run`]); `infra/tools/fuzz.sh` hands them to libFuzzer, which follows the coverage.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken promise is a failed test"
)]

mod api;
mod callback;
mod crews;
mod csv_cells;
mod headers;
mod identifiers;
mod mails;
mod mutation;
mod short_run;
mod visitor;

// cargo-bolero builds every test binary with coverage, and this one is linked with nobody else to count it.
#[cfg(test)]
use bolero as _;

pub use api::api;
pub use callback::callback;
pub use crews::crews;
pub use csv_cells::csv_cells;
pub use headers::headers;
pub use identifiers::{email_address, employee_code};
pub use mails::mails;
pub use short_run::short_run;

/// The input in parts: 0xFF separates them, as it stands in no UTF-8 text. What is no text of a part is replaced.
fn texts<const PARTS: usize>(bytes: &[u8]) -> [String; PARTS] {
    let mut parts = bytes.splitn(PARTS, |byte| *byte == 0xFF);
    std::array::from_fn(|_| String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned())
}
