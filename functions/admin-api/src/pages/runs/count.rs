//! How many people of a run are of each category.

use domain::Counts;
use domain::report::Category;
use domain::text::number;

use crate::pages::wire_names::wire_name;

/// A number of people, which leads to them.
pub(crate) struct Count {
    /// The category, as queries say it.
    pub(crate) value: String,
    pub(crate) label: &'static str,
    pub(crate) people: usize,
    /// The number as the screen shows it.
    pub(crate) shown: String,
    /// Whether somebody should look at these people.
    pub(crate) is_trouble: bool,
}

impl Count {
    pub(crate) fn of(category: Category, people: usize) -> Self {
        Self {
            value: wire_name(category),
            label: category.label(),
            people,
            shown: number(people),
            is_trouble: matches!(
                category,
                Category::Failed | Category::Warning | Category::Held
            ),
        }
    }

    /// Returns the counts of a run, without those that are nobody's. People with a warning are counted by what was
    /// done.
    pub(crate) fn of_run(counts: Counts) -> Vec<Self> {
        Category::ALL
            .map(|category| Self::of(category, Self::people(category, counts)))
            .into_iter()
            .filter(|count| count.people > 0)
            .collect()
    }

    /// Returns how many people of a run are of the category; nobody is counted as [`Category::Warning`].
    pub(super) fn people(category: Category, counts: Counts) -> usize {
        let people = match category {
            Category::Failed => counts.failed,
            Category::Warning => 0,
            Category::Held => counts.held,
            Category::Waiting => counts.waiting,
            Category::Deleted => counts.deleted,
            Category::Updated => counts.updated,
            Category::Reinvited => counts.reinvited,
            Category::Invited => counts.invited,
            Category::Registered => counts.registered,
            Category::OutOfScope => counts.out_of_scope,
            Category::Unchanged => counts.unchanged,
        };
        people as usize
    }
}
