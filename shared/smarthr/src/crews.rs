//! The whole list of crews, or nothing.

use domain::{CrewId, Employee};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::call::{PER_PAGE, Paging};
use crate::crew_page::{RawCrew, employees, fields};
use crate::error::SmartHrError;
use crate::gathered::{Gathered, Reading};
use crate::items::ItemIds;
use crate::session::Session;

/// Pages asked for at once. With SmartHR's 10 requests a second this keeps up with the limit as long
/// as a page comes within a second.
const PAGES_AT_ONCE: usize = 10;

/// How often the list is read before giving up: people come and go while it is read.
const READINGS: u32 = 3;

/// Why there is no whole list. A run that gets one of these changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A page could not be read.
    #[error(transparent)]
    SmartHr(#[from] SmartHrError),
    /// Every page came, but they do not add up to one list, not even when read again.
    #[error("the list of crews is not whole: {0}")]
    NotWhole(Gap),
    /// An attribute we cannot do without came back null: the token may not read it (any more). An
    /// admin has to give the permission back.
    #[error("SmartHR hides the attribute {0} from us")]
    AttributeHidden(&'static str),
    /// A crew's `emp_status` is none that we know.
    #[error("the employment status of crew {crew_id} is unknown to us")]
    UnknownStatus {
        /// Whose.
        crew_id: CrewId,
    },
    /// A crew's value in an item of ours is none of the choices we made: somebody changed the item.
    #[error("crew {crew_id} has a value in an item of ours that is not ours")]
    UnknownChoice {
        /// Whose.
        crew_id: CrewId,
    },
}

/// How a list is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// No `x-total-count`, so that nothing says what whole is.
    #[error("SmartHR did not say how many there are")]
    NoTotal,
    /// `x-total-count` was another one on another page.
    #[error("the total changed from {from} to {to} while reading")]
    TotalChanged {
        /// On the first page.
        from: usize,
        /// On a later one.
        to: usize,
    },
    /// Different people found, against `x-total-count`.
    #[error("{found} different people of {expected} came")]
    Count {
        /// `x-total-count`.
        expected: usize,
        /// Different crew ids.
        found: usize,
    },
    /// A person stood on two pages, so somebody else may have slipped through.
    #[error("a person came twice")]
    Twice,
    /// The last page, by the total, names a page after it.
    #[error("there are more pages than the total says")]
    More,
}

impl Session {
    /// Reads all crews of the company, retired ones included: everybody once, by crew id. There may be
    /// nobody: whether that can be true is the caller's to judge. `items` are our custom items when the
    /// settings need them, as [`Session::ensure_items`] gave them.
    ///
    /// # Errors
    /// [`ReadError`]; never a part of the list.
    pub async fn read_employees(
        &self,
        items: Option<&ItemIds>,
        deadline: Instant,
    ) -> Result<Vec<Employee>, ReadError> {
        let items = items.filter(|items| !items.is_empty());
        let mut gathered = Gathered::default();
        let mut readings = 1;
        loop {
            let gap = match self.read_once(items, deadline).await {
                Ok(reading) => match gathered.add(reading) {
                    Ok(employees) => return Ok(employees),
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
        items: Option<&ItemIds>,
        deadline: Instant,
    ) -> Result<Reading, ReadError> {
        let (employees, paging) = self.crew_page(1, items, deadline).await?;
        let total = paging.total.ok_or(ReadError::NotWhole(Gap::NoTotal))?;
        let mut reading = Reading {
            employees,
            total,
            more: paging.has_next,
        };
        // The page's own length, in case SmartHR gives fewer than it was asked for.
        let per_page = reading.employees.len();
        let last_page = match per_page {
            0 => 1,
            _ => total.div_ceil(per_page),
        };
        let mut to_ask = 2..=last_page;
        let mut under_way = JoinSet::new();
        loop {
            while under_way.len() < PAGES_AT_ONCE
                && let Some(page) = to_ask.next()
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
            // Nothing aborts a page while it is waited for, so what is no answer is a panic.
            let page = page.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()));
            let (number, mut page, paging) = page?;
            match paging.total {
                // So a total that is far too large does not make us ask for page after page.
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
        items: Option<&ItemIds>,
        deadline: Instant,
    ) -> Result<(Vec<Employee>, Paging), ReadError> {
        let mut url = self.url(&["v1", "crews"]);
        url.query_pairs_mut()
            .append_pair("page", &page.to_string())
            .append_pair("per_page", &PER_PAGE.to_string())
            // Some order that edits during the night do not disturb, as `-updated_at` would be.
            .append_pair("sort", "emp_code")
            .append_pair("fields", &fields(items));
        let (crews, paging): (Vec<RawCrew>, _) = self.get(&url, "crews", deadline).await?;
        Ok((employees(crews, items)?, paging))
    }
}
