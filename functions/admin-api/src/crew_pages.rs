//! 「SmartHRで開く」: where SmartHR shows a person.

use domain::Connection;
use url::form_urlencoded::byte_serialize;

/// The addresses of SmartHR's pages about people, by a pattern with `{subdomain}` and `{id}`. Without one nothing leads
/// there.
#[derive(Clone, Debug, Default)]
pub struct CrewPages {
    pattern: Option<String>,
}

impl CrewPages {
    /// Creates the addresses of a pattern, such as `https://{subdomain}.smarthr.jp/crews/{id}`. With an empty pattern
    /// no page is linked.
    pub fn new(pattern: &str) -> Self {
        let pattern = Some(pattern.to_owned()).filter(|it| !it.is_empty());
        Self { pattern }
    }

    /// Returns the addresses for the people of the connected company; none if SmartHR left its subdomain out.
    pub(crate) fn of(&self, connection: Option<&Connection>) -> CompanyCrewPages {
        let company = connection.filter(|it| it.is_established());
        self.at(company.and_then(|it| it.company.subdomain.as_deref()))
    }

    fn at(&self, subdomain: Option<&str>) -> CompanyCrewPages {
        let pattern = self.pattern.as_deref().zip(subdomain);
        CompanyCrewPages {
            pattern: pattern.map(|(pattern, it)| pattern.replace("{subdomain}", it)),
        }
    }
}

/// The addresses of SmartHR's pages about the people of one company.
#[derive(Debug, Default)]
pub(crate) struct CompanyCrewPages {
    pattern: Option<String>,
}

impl CompanyCrewPages {
    /// Returns the address of the page about a person; `None` where it is not known, or for somebody without an id.
    pub(crate) fn address(&self, crew_id: &str) -> Option<String> {
        let pattern = self.pattern.as_ref().filter(|_| !crew_id.is_empty())?;
        let id: String = byte_serialize(crew_id.as_bytes()).collect();
        Some(pattern.replace("{id}", &id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(pattern: &str, subdomain: Option<&str>, crew_id: &str) -> Option<String> {
        CrewPages::new(pattern).at(subdomain).address(crew_id)
    }

    #[test]
    fn the_address_has_the_companys_subdomain_and_the_persons_id() {
        let pattern = "https://{subdomain}.smarthr.jp/crews/{id}";
        let found = address(pattern, Some("midori"), "a/?b");
        assert_eq!(
            found.as_deref(),
            Some("https://midori.smarthr.jp/crews/a%2F%3Fb")
        );
        assert_eq!(address(pattern, Some("midori"), ""), None);
        assert_eq!(address(pattern, None, "a"), None);
        assert_eq!(address("", Some("midori"), "a"), None);
    }
}
