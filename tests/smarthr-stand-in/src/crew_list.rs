//! A company's people, who are read page by page in the same order.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::crew::Crew;
use crate::error::ApiError;

/// The attributes that the API sorts crews by.
const SORTED_BY: [&str; 5] = ["emp_code", "updated_at", "created_at", "entered_at", "id"];

/// All crews. Each order is computed once and forgotten when a crew changes: if 100,000 people were sorted for
/// each of a thousand pages, a benchmark would measure the stand-in.
#[derive(Default)]
pub(crate) struct CrewList {
    crews: Vec<Crew>,
    orders: HashMap<String, Arc<[usize]>>,
}

impl CrewList {
    /// Returns the indices of all crews in an order: by one attribute, descending with a leading `-`. Crews
    /// without it come first, and those with the same value keep the list's order.
    ///
    /// # Errors
    ///
    /// The API's "bad request" for an attribute that it does not sort by.
    pub(crate) fn order(&mut self, order: &str) -> Result<Arc<[usize]>, ApiError> {
        if let Some(known) = self.orders.get(order) {
            return Ok(Arc::clone(known));
        }
        let attribute = order.strip_prefix('-').unwrap_or(order);
        if !SORTED_BY.contains(&attribute) {
            return Err(ApiError::bad_request("sort is invalid"));
        }
        let value = |place: &usize| self.crews[*place].text(attribute);
        let mut places: Vec<usize> = (0..self.crews.len()).collect();
        if order.starts_with('-') {
            places.sort_by(|one, other| value(other).cmp(&value(one)));
        } else {
            places.sort_by(|one, other| value(one).cmp(&value(other)));
        }
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
