//! The name of the company that a token is for.

use domain::text::visible_name;
use serde::Deserialize;
use tokio::time::Instant;

use crate::error::SmartHrError;
use crate::session::Session;

#[derive(Deserialize)]
struct Company {
    name: Option<String>,
    created_at: Option<String>,
}

impl Session {
    /// Reads the company's name for 「SmartHR企業アカウント<◯◯>と連携中」; `None` when it has none.
    ///
    /// Of an account with several companies, this is the one that was registered first: the account
    /// was opened with it, and it stays the first when others are added.
    ///
    /// # Errors
    /// [`SmartHrError`] when the companies cannot be read.
    pub async fn company_name(&self, deadline: Instant) -> Result<Option<String>, SmartHrError> {
        let companies = self
            .list(&["v1", "companies"], "companies", deadline)
            .await?;
        Ok(first_registered(companies))
    }
}

fn first_registered(companies: Vec<Company>) -> Option<String> {
    companies
        .into_iter()
        .filter_map(|company| {
            let name = visible_name(&company.name?)?;
            // Companies without a date are last, in SmartHR's order.
            Some((company.created_at.is_none(), company.created_at, name))
        })
        .min_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)))
        .map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(name: &str, created_at: Option<&str>) -> Company {
        Company {
            name: Some(name.into()),
            created_at: created_at.map(str::to_owned),
        }
    }

    #[test]
    fn of_several_companies_the_one_registered_first_gives_the_name() {
        let companies = vec![
            company("子会社", Some("2024-05-01T00:00:00.000Z")),
            company("", Some("2019-01-01T00:00:00.000Z")),
            company("親会社", Some("2020-05-01T00:00:00.000Z")),
            company("不明", None),
        ];
        assert_eq!(first_registered(companies).as_deref(), Some("親会社"));
    }

    #[test]
    fn companies_without_dates_keep_smarthr_s_order_and_none_gives_no_name() {
        let companies = vec![company("甲", None), company("乙", None)];
        assert_eq!(first_registered(companies).as_deref(), Some("甲"));
        assert_eq!(first_registered(Vec::new()), None);
    }
}
