//! What the environment of a function says.

/// A setting that is missing or cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {0} is not set; the template sets it for every function")]
pub struct MissingSetting(&'static str);

/// Reads one environment variable.
///
/// # Errors
/// [`MissingSetting`] when it is not set.
pub fn setting(name: &'static str) -> Result<String, MissingSetting> {
    std::env::var(name).map_err(|_| MissingSetting(name))
}
