//! Settings in the environment of a function.

/// The error of an environment variable that is not set.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {0} is not set; the template sets it for every function")]
pub struct MissingSetting(&'static str);

/// Returns the value of an environment variable.
///
/// # Errors
/// [`MissingSetting`] when the variable is not set.
pub fn setting(name: &'static str) -> Result<String, MissingSetting> {
    std::env::var(name).map_err(|_| MissingSetting(name))
}
