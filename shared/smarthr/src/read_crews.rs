//! Reads single crews, whom SmartHR reported as changed.

use std::collections::BTreeSet;

use domain::{CrewId, CustomItemIds, Employee, is_plain_id};
use tokio::time::Instant;

use crate::crew_page::{CrewPage, fields};
use crate::error::SmartHrError;
use crate::request::PER_PAGE;
use crate::session::Session;

/// The most ids in one request, so that its address stays shorter than any server's limit.
const IDS_PER_REQUEST: usize = 50;

/// Crews that were asked for by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadCrews {
    /// Those that SmartHR has, each once.
    pub found: Vec<Employee>,
    /// The others.
    pub not_found: Vec<CrewId>,
}

impl Session {
    /// Returns the crews that have this employee code, as SmartHR writes it (`GET /v1/crews?emp_code=…`): several may
    /// have it.
    ///
    /// # Errors
    /// [`SmartHrError`] when SmartHR refuses or does not answer before the deadline.
    pub async fn crews_with_code(
        &self,
        code: &str,
        deadline: Instant,
    ) -> Result<Vec<CrewId>, SmartHrError> {
        let mut url = self.url(&["v1", "crews"]);
        url.query_pairs_mut()
            .append_pair("emp_code", code)
            .append_pair("per_page", &PER_PAGE.to_string())
            .append_pair("fields", &fields(None));
        let (page, _): (CrewPage, _) = self.get(&url, "crews", deadline).await?;
        let mut found = page.into_employees(None);
        found.retain(|employee| employee.code.as_deref() == Some(code));
        Ok(found.into_iter().map(|employee| employee.crew_id).collect())
    }

    /// Reads these crews, fifty a request (`GET /v1/crews?id=…`, with commas in between). `items` as for
    /// [`Session::read_employees`].
    ///
    /// # Errors
    /// [`SmartHrError`], also when the answer has a crew that was not asked for, or one twice: then SmartHR understood
    /// something else, and nothing can be said about who is missing.
    pub async fn read_crews(
        &self,
        crews: &BTreeSet<CrewId>,
        items: Option<&CustomItemIds>,
        deadline: Instant,
    ) -> Result<ReadCrews, SmartHrError> {
        let mut read = ReadCrews::default();
        // SmartHR's ids are plain, so that it does not have the others.
        let (asked, others): (Vec<&CrewId>, Vec<&CrewId>) =
            crews.iter().partition(|crew| is_plain_id(crew.as_str()));
        read.not_found.extend(others.into_iter().cloned());
        for crews in asked.chunks(IDS_PER_REQUEST) {
            let ids: Vec<&str> = crews.iter().map(|crew| crew.as_str()).collect();
            let mut url = self.url(&["v1", "crews"]);
            url.query_pairs_mut()
                .append_pair("id", &ids.join(","))
                .append_pair("per_page", &PER_PAGE.to_string())
                .append_pair("fields", &fields(items));
            let (page, _): (CrewPage, _) = self.get(&url, "crews", deadline).await?;
            let found = page.into_employees(items);
            let mut missing: BTreeSet<&CrewId> = crews.iter().copied().collect();
            if !found
                .iter()
                .all(|employee| missing.remove(&employee.crew_id))
            {
                return Err(SmartHrError::UnexpectedAnswer("crews"));
            }
            read.found.extend(found);
            read.not_found.extend(missing.into_iter().cloned());
        }
        Ok(read)
    }
}
