//! Compares all tables with those that were restored beside them, before an operator replaces the ones by the others.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::bring_back::Difference;
use crate::error::StoreError;
use crate::store::{Item, Store};
use crate::workspace_items::{ALL, TableItems};

impl Store {
    /// Returns how the items of each table in `copy` differ from those of now, table by table. It scans all of them,
    /// and keeps two hashes an item. A table of now that does not exist has no items: its replacement was interrupted.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer, or a table of `copy` does not exist.
    pub async fn compare_tables(
        &self,
        copy: &Self,
    ) -> Result<Vec<(&'static str, Difference)>, StoreError> {
        let mut differences = Vec::new();
        for table in ALL {
            let then = copy.hashes(table).await?;
            let mut now = match self.hashes(table).await {
                Err(error) if error.code() == Some("ResourceNotFoundException") => HashMap::new(),
                now => now?,
            };
            let mut difference = Difference::default();
            for (key, item) in then {
                match now.remove(&key) {
                    Some(present) if present == item => difference.same += 1,
                    Some(_) => difference.changing += 1,
                    None => difference.coming_back += 1,
                }
            }
            difference.going = now.len();
            differences.push((table.what, difference));
        }
        Ok(differences)
    }

    /// Returns the hashes of a table's items by those of their keys.
    async fn hashes(&self, table: TableItems) -> Result<HashMap<u64, u64>, StoreError> {
        let scan = self.db.scan().table_name(table.name_in(&self.tables));
        let mut items = scan.consistent_read(true).into_paginator().items().send();
        let mut hashes = HashMap::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(StoreError::from_sdk("Scan"))?;
            hashes.insert(hash(&table.key_of(&item)), hash(&item));
        }
        Ok(hashes)
    }
}

fn hash(item: &Item) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash_map(item, &mut hasher);
    hasher.finish()
}

/// Hashes attributes in the order of their names: a map has none.
fn hash_map(attributes: &Item, hasher: &mut DefaultHasher) {
    let mut attributes: Vec<_> = attributes.iter().collect();
    attributes.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in attributes {
        name.hash(hasher);
        hash_value(value, hasher);
    }
}

fn hash_value(value: &AttributeValue, hasher: &mut DefaultHasher) {
    match value {
        AttributeValue::M(map) => {
            map.len().hash(hasher);
            hash_map(map, hasher);
        }
        AttributeValue::L(list) => {
            list.len().hash(hasher);
            for value in list {
                hash_value(value, hasher);
            }
        }
        AttributeValue::Ss(set) => {
            let mut set: Vec<_> = set.iter().collect();
            set.sort_unstable();
            set.hash(hasher);
        }
        // No others have an order of their own.
        value => format!("{value:?}").hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_maps_and_sets_makes_no_difference_and_every_value_does() {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let item = |names: &[&str], runs: [&str; 2], value: &str| -> Item {
            let map = names.iter().map(|name| ((*name).to_owned(), text(value)));
            let runs = AttributeValue::Ss(runs.map(str::to_owned).into());
            let list = AttributeValue::L(vec![AttributeValue::M(map.collect()), runs]);
            [("list".to_owned(), list)].into()
        };
        let one = hash(&item(&["a", "b", "c", "d"], ["x", "y"], "1"));
        assert_eq!(one, hash(&item(&["d", "c", "b", "a"], ["y", "x"], "1")));
        assert_ne!(one, hash(&item(&["a", "b", "c", "d"], ["x", "y"], "2")));
        assert_ne!(one, hash(&item(&["a", "b", "c", "d"], ["x", "z"], "1")));
    }
}
