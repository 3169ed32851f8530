//! Single sign-on: the identity provider at which a workspace's users sign in.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The single sign-on of a workspace. It is used only while the configuration is the one that passed the
/// connection test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SingleSignOn {
    /// The company's identity provider.
    pub provider: OidcProvider,
    /// The hash of the configuration that passed the connection test; `None` if none did.
    pub tested: Option<String>,
    /// Grows with every write, which names the version that it was decided on.
    pub version: u64,
}

/// An OpenID provider, and what KiteRa is registered as there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcProvider {
    /// The issuer identifier, an https address, exactly as the provider writes it.
    pub issuer: String,
    /// The client id that the provider gave KiteRa.
    pub client_id: String,
    /// Names the client secret in Secrets Manager. Another secret has another name, so that it needs a test.
    pub secret_id: String,
}

impl SingleSignOn {
    /// Returns a new configuration, which has not been tested.
    pub fn new(provider: OidcProvider) -> Self {
        Self {
            provider,
            tested: None,
            version: 0,
        }
    }

    /// Returns the configuration after it passed the connection test.
    #[must_use]
    pub fn passed_test(self) -> Self {
        Self {
            tested: Some(self.hash()),
            ..self
        }
    }

    /// Returns the hash of the configuration: the same as long as nothing of it changes.
    pub fn hash(&self) -> String {
        let OidcProvider {
            issuer,
            client_id,
            secret_id,
        } = &self.provider;
        let mut hash = Sha256::new();
        for part in ["oidc", issuer, client_id, secret_id] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let digits = |byte: &u8| [byte >> 4, byte & 0xf];
        let digits = hash.finalize().iter().flat_map(digits).collect::<Vec<_>>();
        let digits = digits.into_iter().map(u32::from);
        digits
            .filter_map(|digit| char::from_digit(digit, 16))
            .collect()
    }

    /// Returns whether the configuration passed the connection test exactly as it stands.
    pub fn is_tested(&self) -> bool {
        self.tested.as_ref() == Some(&self.hash())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested() -> SingleSignOn {
        let provider = OidcProvider {
            issuer: "https://idp.example".into(),
            client_id: "kitera".into(),
            secret_id: "1".into(),
        };
        SingleSignOn::new(provider).passed_test()
    }

    #[test]
    fn whatever_is_changed_after_the_test_has_to_be_tested_again() {
        assert!(tested().is_tested());
        let changes: [fn(&mut OidcProvider); 3] = [
            |provider| provider.issuer.push('/'),
            |provider| provider.client_id.push('2'),
            |provider| provider.secret_id = "2".into(),
        ];
        for change in changes {
            let mut sso = tested();
            change(&mut sso.provider);
            assert!(!sso.is_tested());
        }
    }
}
