//! Randomness that spreads retries. Nothing secret is made of it.

/// Returns a number from 0 (included) to 1 (excluded), so that functions which were refused together do not come
/// again together.
pub fn jitter() -> f64 {
    let mut bytes = [0; 4];
    #[expect(
        clippy::disallowed_methods,
        reason = "no other crate that retries knows a source of randomness, and nothing but a wait depends on it"
    )]
    let filled = getrandom::fill(&mut bytes);
    match filled {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / 4_294_967_296.0,
        Err(_) => 0.5,
    }
}
