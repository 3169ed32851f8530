//! The settings of the stand-in: what SmartHR does not publish, or a test needs to vary.

use std::path::PathBuf;

/// How the stand-in behaves. `Options::default()` is SmartHR as far as it is known.
#[derive(Clone, Debug)]
pub struct Options {
    /// The one OAuth client that is registered.
    pub client_id: String,
    /// Its secret, expected in the form body of the token request.
    pub client_secret: String,
    /// The redirect URIs that the client may use; empty means any.
    pub redirect_uris: Vec<String>,
    /// The life of an access token. SmartHR does not publish it.
    pub access_token_seconds: u32,
    /// Whether a refresh replaces the refresh token that it used, or returns the same again.
    pub rotate_refresh_tokens: bool,
    /// Whether the callback and the token answer carry `subdomain`.
    pub tell_subdomain: bool,
    /// Requests that a token may make in a second; `None` means any number.
    pub rate_per_second: Option<u32>,
    /// Requests that a token may make in an hour; `None` means any number.
    pub rate_per_hour: Option<u32>,
    /// Whether a custom item that a crew has nothing chosen for is shown with `value: null`
    /// instead of having no entry. Both are possible at SmartHR.
    pub null_for_unset_items: bool,
    /// A file holding a number of seconds that are added to the system clock.
    pub clock_offset_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client_id: "kitera-client".to_owned(),
            client_secret: "kitera-secret".to_owned(),
            redirect_uris: Vec::new(),
            access_token_seconds: 7200,
            rotate_refresh_tokens: true,
            tell_subdomain: true,
            rate_per_second: Some(10),
            rate_per_hour: Some(5000),
            null_for_unset_items: false,
            clock_offset_file: None,
        }
    }
}

/// A setting in the environment that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct OptionsError {
    /// The setting, without `SMARTHR_STAND_IN_`.
    name: &'static str,
    expected: &'static str,
}

impl std::fmt::Display for OptionsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, expected } = self;
        write!(f, "SMARTHR_STAND_IN_{name} must be {expected}")
    }
}

impl std::error::Error for OptionsError {}

impl Options {
    /// Reads the options from the environment; what is not there stays at its default.
    ///
    /// `SMARTHR_STAND_IN_` with `CLIENT_ID`, `CLIENT_SECRET`, `REDIRECT_URIS` (separated by
    /// commas), `ACCESS_TOKEN_SECONDS`, `ROTATE_REFRESH_TOKENS`, `TELL_SUBDOMAIN`,
    /// `RATE_PER_SECOND` and `RATE_PER_HOUR` (a number or `off`), `NULL_FOR_UNSET_ITEMS`; and
    /// `CLOCK_OFFSET_FILE`.
    ///
    /// # Errors
    /// Names the setting that is not of its form.
    pub fn from_environment(read: impl Fn(&str) -> Option<String>) -> Result<Self, OptionsError> {
        let mut options = Self::default();
        let set = |name: &str| read(&format!("SMARTHR_STAND_IN_{name}"));
        if let Some(id) = set("CLIENT_ID") {
            options.client_id = id;
        }
        if let Some(secret) = set("CLIENT_SECRET") {
            options.client_secret = secret;
        }
        if let Some(uris) = set("REDIRECT_URIS") {
            options.redirect_uris = uris.split(',').map(|uri| uri.trim().to_owned()).collect();
        }
        let name = "ACCESS_TOKEN_SECONDS";
        if let Some(seconds) = set(name) {
            options.access_token_seconds = number(name, &seconds)?;
        }
        for (name, setting) in [
            ("ROTATE_REFRESH_TOKENS", &mut options.rotate_refresh_tokens),
            ("TELL_SUBDOMAIN", &mut options.tell_subdomain),
            ("NULL_FOR_UNSET_ITEMS", &mut options.null_for_unset_items),
        ] {
            if let Some(text) = set(name) {
                let expected = "true or false";
                *setting = text.parse().map_err(|_| OptionsError { name, expected })?;
            }
        }
        for (name, setting) in [
            ("RATE_PER_SECOND", &mut options.rate_per_second),
            ("RATE_PER_HOUR", &mut options.rate_per_hour),
        ] {
            match set(name).as_deref() {
                None => {}
                Some("off") => *setting = None,
                Some(text) => *setting = Some(number(name, text)?),
            }
        }
        options.clock_offset_file = read("CLOCK_OFFSET_FILE").map(PathBuf::from);
        Ok(options)
    }
}

fn number(name: &'static str, text: &str) -> Result<u32, OptionsError> {
    let expected = "a whole number";
    text.parse().map_err(|_| OptionsError { name, expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_overrides_the_defaults() {
        let options = Options::from_environment(|name| match name {
            "SMARTHR_STAND_IN_RATE_PER_SECOND" => Some("off".to_owned()),
            "SMARTHR_STAND_IN_ROTATE_REFRESH_TOKENS" => Some("false".to_owned()),
            _ => None,
        })
        .unwrap();
        assert_eq!(options.rate_per_second, None);
        assert!(!options.rotate_refresh_tokens);
        assert_eq!(options.rate_per_hour, Some(5000));
    }

    #[test]
    fn a_setting_that_is_not_of_its_form_is_named() {
        let error = Options::from_environment(|name| {
            name.ends_with("_RATE_PER_HOUR").then(|| "many".to_owned())
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "SMARTHR_STAND_IN_RATE_PER_HOUR must be a whole number"
        );
    }
}
