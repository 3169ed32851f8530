//! Reads the whole list of crews, or nothing.

use domain::{CrewAttribute, CustomItemIds, Employee, UnreadableAttribute};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::crew_page::{CrewPage, fields};
use crate::error::SmartHrError;
use crate::request::{PER_PAGE, Paging};
use crate::session::Session;
use crate::whole_list::{ListCollector, Reading};

/// How many pages are requested at once. With SmartHR's 10 requests a second this reaches the limit as
/// long as a page takes less than a second.
const PAGES_AT_ONCE: usize = 10;

/// The most times that the list is read, since it may change while it is read.
const READINGS: u32 = 3;

/// Why there is no whole list. A run with this error changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A page could not be read.
    #[error(transparent)]
    SmartHr(#[from] SmartHrError),
    /// The pages are not one whole list, even after they were read again.
    #[error("the list of crews is not whole: {0}")]
    NotWhole(Gap),
    /// An attribute that we need is null: the token may not read it (any more). An admin has to grant
    /// the permission again.
    #[error("SmartHR hides the attribute {0} from us")]
    AttributeHidden(&'static str),
}

/// Why the pages that were read are not the whole list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// There is no `x-total-count`, so the number of people is unknown.
    #[error("SmartHR did not say how many there are")]
    NoTotal,
    /// `x-total-count` changed from page to page.
    #[error("the total changed from {from} to {to} while reading")]
    TotalChanged {
        /// The total on the first page.
        from: usize,
        /// The total on a later page.
        to: usize,
    },
    /// The number of people differs from `x-total-count`.
    #[error("{found} different people of {expected} came")]
    Count {
        /// The value of `x-total-count`.
        expected: usize,
        /// The number of different crew ids.
        found: usize,
    },
    /// A person is on two pages, so that somebody else may be on none.
    #[error("a person came twice")]
    Twice,
    /// The last page, by the total, names a page after it.
    #[error("there are more pages than the total says")]
    More,
}

impl Session {
    /// Reads all crews of the company, retired ones included: everybody once, sorted by crew id. The list
    /// may be empty, which the caller has to judge. `items` are our custom items, as
    /// [`Session::ensure_items`] returned them, when the settings need them.
    ///
    /// # Errors
    /// [`ReadError`]; never a part of the list.
    pub async fn read_employees(
        &self,
        items: Option<&CustomItemIds>,
        deadline: Instant,
    ) -> Result<Vec<Employee>, ReadError> {
        let mut collector = ListCollector::default();
        let mut readings = 1;
        loop {
            let gap = match self.read_once(items, deadline).await {
                Ok(reading) => match collector.add(reading) {
                    Ok(employees) => {
                        let hidden = hidden_from_most(&employees).map(ReadError::AttributeHidden);
                        return hidden.map_or(Ok(employees), Err);
                    }
                    Err(gap) => gap,
                },
                Err(ReadError::NotWhole(gap)) => gap,
                Err(error) => return Err(error),
            };
            if readings == READINGS {
                return Err(ReadError::NotWhole(gap));
            }
            tracing::warn!(%gap, readings, "reading the crews again");
            readings += 1;
        }
    }

    async fn read_once(
        &self,
        items: Option<&CustomItemIds>,
        deadline: Instant,
    ) -> Result<Reading, ReadError> {
        let (employees, paging) = self.crew_page(1, items, deadline).await?;
        let total = paging.total.ok_or(ReadError::NotWhole(Gap::NoTotal))?;
        let mut reading = Reading {
            employees,
            total,
            more: paging.has_next,
        };
        // The page's own length, in case SmartHR sends shorter pages than requested.
        let per_page = reading.employees.len();
        let last_page = match per_page {
            0 => 1,
            _ => total.div_ceil(per_page),
        };
        let mut pages = 2..=last_page;
        let mut under_way = JoinSet::new();
        loop {
            while under_way.len() < PAGES_AT_ONCE
                && let Some(page) = pages.next()
            {
                let (session, items) = (self.clone(), items.cloned());
                under_way.spawn(async move {
                    let read = session.crew_page(page, items.as_ref(), deadline).await;
                    read.map(|(employees, paging)| (page, employees, paging))
                });
            }
            let Some(page) = under_way.join_next().await else {
                return Ok(reading);
            };
            // No task is aborted, so an error is a panic.
            let page = page.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()));
            let (number, mut page, paging) = page?;
            match paging.total {
                // A total that is far too large must not cause request after request.
                Some(same) if same == total && page.is_empty() => return Ok(reading),
                Some(same) if same == total => reading.employees.append(&mut page),
                Some(to) => return Err(ReadError::NotWhole(Gap::TotalChanged { from: total, to })),
                None => return Err(ReadError::NotWhole(Gap::NoTotal)),
            }
            if number == last_page {
                reading.more = paging.has_next;
            }
        }
    }

    async fn crew_page(
        &self,
        page: usize,
        items: Option<&CustomItemIds>,
        deadline: Instant,
    ) -> Result<(Vec<Employee>, Paging), ReadError> {
        let mut url = self.url(&["v1", "crews"]);
        url.query_pairs_mut()
            .append_pair("page", &page.to_string())
            .append_pair("per_page", &PER_PAGE.to_string())
            // Edits during the read do not change this order; they would change `-updated_at`.
            .append_pair("sort", "emp_code")
            .append_pair("fields", &fields(items));
        let (crews, paging): (CrewPage, _) = self.get(&url, "crews", deadline).await?;
        Ok((crews.into_employees(items), paging))
    }
}

/// Returns the attribute that SmartHR leaves out for more than half of the people: the token may not read it. Of a few
/// people it is their own failure.
fn hidden_from_most(employees: &[Employee]) -> Option<&'static str> {
    let is_hidden = |attribute: CrewAttribute| {
        let missing = Some(UnreadableAttribute {
            attribute,
            is_missing: true,
        });
        let missing = employees.iter().filter(|it| it.unreadable == missing);
        missing.count() * 2 > employees.len()
    };
    [
        (CrewAttribute::Status, "emp_status"),
        (CrewAttribute::Items, "custom_fields"),
    ]
    .into_iter()
    .find(|(attribute, _)| is_hidden(*attribute))
    .map(|(_, name)| name)
}
