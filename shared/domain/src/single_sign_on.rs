//! Single sign-on: the identity provider at which a workspace's users sign in.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::SamlProvider;

/// The single sign-on of a workspace. It is used only while the configuration is the one that passed the
/// connection test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SingleSignOn {
    /// The company's identity provider.
    pub provider: IdentityProvider,
    /// The hash of the configuration that passed the connection test; `None` if none did.
    pub tested: Option<String>,
    /// Grows with every write, which names the version that it was decided on.
    pub version: u64,
}

/// An identity provider, by the protocol that it speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "protocol", rename_all = "snake_case")]
pub enum IdentityProvider {
    /// OpenID Connect.
    Oidc(OidcProvider),
    /// SAML 2.0.
    Saml(SamlProvider),
}

impl From<OidcProvider> for IdentityProvider {
    fn from(provider: OidcProvider) -> Self {
        Self::Oidc(provider)
    }
}

impl From<SamlProvider> for IdentityProvider {
    fn from(provider: SamlProvider) -> Self {
        Self::Saml(provider)
    }
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
    pub fn new(provider: impl Into<IdentityProvider>) -> Self {
        Self {
            provider: provider.into(),
            tested: None,
            version: 0,
        }
    }

    /// Returns the OpenID provider, if it is one.
    pub fn oidc(&self) -> Option<&OidcProvider> {
        match &self.provider {
            IdentityProvider::Oidc(provider) => Some(provider),
            IdentityProvider::Saml(_) => None,
        }
    }

    /// Returns the SAML provider, if it is one.
    pub fn saml(&self) -> Option<&SamlProvider> {
        match &self.provider {
            IdentityProvider::Saml(provider) => Some(provider),
            IdentityProvider::Oidc(_) => None,
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
        let parts: Vec<&str> = match &self.provider {
            IdentityProvider::Oidc(oidc) => {
                vec!["oidc", &oidc.issuer, &oidc.client_id, &oidc.secret_id]
            }
            IdentityProvider::Saml(saml) => ["saml", &saml.entity_id, &saml.sign_in_url]
                .into_iter()
                .chain(saml.certificates.iter().map(|one| one.der.as_str()))
                .collect(),
        };
        let mut hash = Sha256::new();
        for part in parts {
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
    use crate::SamlCertificate;

    fn oidc() -> OidcProvider {
        OidcProvider {
            issuer: "https://idp.example".into(),
            client_id: "kitera".into(),
            secret_id: "1".into(),
        }
    }

    fn saml() -> SamlProvider {
        let certificate = |der: &str| SamlCertificate {
            der: der.into(),
            not_after: jiff::Timestamp::UNIX_EPOCH,
        };
        SamlProvider {
            entity_id: "https://idp.example".into(),
            sign_in_url: "https://idp.example/sso".into(),
            certificates: vec![certificate("1"), certificate("2")],
        }
    }

    /// Returns whether a configuration that passed the test has to be tested again after `change`.
    fn must_be_tested<P>(mut provider: P, change: fn(&mut P)) -> bool
    where
        P: Clone + Into<IdentityProvider>,
    {
        let tested = SingleSignOn::new(provider.clone()).passed_test();
        assert!(tested.is_tested());
        change(&mut provider);
        let after = SingleSignOn {
            provider: provider.into(),
            ..tested
        };
        !after.is_tested()
    }

    #[test]
    fn whatever_is_changed_after_the_test_has_to_be_tested_again() {
        let of_oidc: [fn(&mut OidcProvider); 3] = [
            |provider| provider.issuer.push('/'),
            |provider| provider.client_id.push('2'),
            |provider| provider.secret_id = "2".into(),
        ];
        assert!(
            of_oidc
                .into_iter()
                .all(|change| must_be_tested(oidc(), change))
        );
        let of_saml: [fn(&mut SamlProvider); 4] = [
            |provider| provider.entity_id.push('/'),
            |provider| provider.sign_in_url.push('2'),
            |provider| provider.certificates[1].der.push('2'),
            |provider| provider.certificates.truncate(1),
        ];
        assert!(
            of_saml
                .into_iter()
                .all(|change| must_be_tested(saml(), change))
        );
    }
}
