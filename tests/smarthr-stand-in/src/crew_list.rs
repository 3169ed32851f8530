//! A company's people, who are asked for page after page in the same order.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::crew::Crew;
use crate::error::ApiError;

/// What the API sorts crews by.
const SORTED_BY: [&str; 5] = ["emp_code", "updated_at", "created_at", "entered_at", "id"];

/// All crews. Each order is made once and forgotten when anybody changes: sorting 100,000 people for each
/// of a thousand pages would make the stand-in what a measurement waits for.
#[derive(Default)]
pub(crate) struct CrewList {
    crews: Vec<Crew>,
    orders: HashMap<String, Arc<[usize]>>,
}

impl CrewList {
    /// Where everybody stands in the list, in an order: by one attribute, backwards with a leading `-`. Who
    /// lacks it comes first, and who has the same stays in the list's own order.
    ///
    /// # Errors
    ///
    /// The API's "bad request" for what it does not sort by.
    pub(crate) fn order(&mut self, order: &str) -> Result<Arc<[usize]>, ApiError> {
        if let Some(known) = self.orders.get(order) {
            return Ok(Arc::clone(known));
        }
        let (attribute, backwards) = match order.strip_prefix('-') {
            Some(attribute) => (attribute, true),
            None => (order, false),
        };
        if !SORTED_BY.contains(&attribute) {
            return Err(ApiError::bad_request("sort is invalid"));
        }
        let mut places: Vec<usize> = (0..self.crews.len()).collect();
        places.sort_by(|one, other| {
            let (one, other) = (
                self.crews[*one].text(attribute),
                self.crews[*other].text(attribute),
            );
            if backwards {
                other.cmp(&one)
            } else {
                one.cmp(&other)
            }
        });
        let places: Arc<[usize]> = places.into();
        self.orders.insert(order.to_owned(), Arc::clone(&places));
        Ok(places)
    }
}

impl FromIterator<Crew> for CrewList {
    fn from_iter<I: IntoIterator<Item = Crew>>(crews: I) -> Self {
        Self {
            crews: crews.into_iter().collect(),
            orders: HashMap::new(),
        }
    }
}

impl Deref for CrewList {
    type Target = Vec<Crew>;

    fn deref(&self) -> &Vec<Crew> {
        &self.crews
    }
}

impl DerefMut for CrewList {
    fn deref_mut(&mut self) -> &mut Vec<Crew> {
        self.orders.clear();
        &mut self.crews
    }
}
