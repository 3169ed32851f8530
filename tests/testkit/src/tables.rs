//! The tables, item by item.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use storage::testing::table_names;

use crate::clock::now;
use crate::test_env::TestEnv;

pub(crate) type Item = HashMap<String, AttributeValue>;

/// All items of all tables at one moment.
#[derive(Debug)]
pub struct Backup(Vec<(String, Vec<Item>)>);

impl TestEnv {
    /// Returns the table of each item that contains `text`, once per item.
    pub async fn tables_with(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (table, _) in keys() {
            for item in self.items(&table).await {
                if format!("{item:?}").contains(text) {
                    found.push(table.clone());
                }
            }
        }
        found
    }

    /// Returns all items, as a backup has them.
    pub async fn backup(&self) -> Backup {
        let mut tables = Vec::new();
        for (table, _) in keys() {
            let items = self.items(&table).await;
            tables.push((table, items));
        }
        Backup(tables)
    }

    /// Makes the tables what they were when the backup was made.
    pub async fn restore(&self, backup: &Backup) {
        let client = Client::new(&self.sdk);
        for ((table, keys), (_, items)) in keys().into_iter().zip(&backup.0) {
            for item in self.items(&table).await {
                let key = keys
                    .iter()
                    .map(|name| ((*name).to_owned(), item[*name].clone()));
                let delete = client.delete_item().table_name(&table);
                delete.set_key(Some(key.collect())).send().await.unwrap();
            }
            for item in items {
                let put = client.put_item().table_name(&table);
                put.set_item(Some(item.clone())).send().await.unwrap();
            }
        }
    }

    /// Deletes the items whose `ttl` has passed, as DynamoDB does within two days.
    pub async fn expire_items(&self) {
        let now = now().as_second();
        self.delete_items(|item| {
            let expiry = item.get("ttl").and_then(|ttl| ttl.as_n().ok());
            expiry.is_some_and(|expiry| expiry.parse::<i64>().unwrap() <= now)
        })
        .await;
    }

    /// Lifts the pause of the workspace's invitation mails, as an operator does.
    pub async fn lift_invitation_pause(&self) {
        let is = |item: &Item, name: &str, start: &str| {
            let value = item.get(name).and_then(|value| value.as_s().ok());
            value.is_some_and(|value| value.starts_with(start))
        };
        self.delete_items(|item| {
            is(item, "sk", "invitation-pause") || is(item, "key", "invitation-mails#")
        })
        .await;
    }

    /// Deletes the items by which admins are found, which earlier versions did not write.
    pub async fn forget_listed_admins(&self) {
        let partition = format!("admins#{}", self.workspace.workspace_id);
        self.delete_items(|item| {
            let of = item.get("workspace_id").and_then(|of| of.as_s().ok());
            of.is_some_and(|of| *of == partition)
        })
        .await;
    }

    async fn delete_items(&self, which: impl Fn(&Item) -> bool) {
        for (table, keys) in keys() {
            for item in self.items(&table).await {
                if !which(&item) {
                    continue;
                }
                let key = keys
                    .iter()
                    .map(|name| ((*name).to_owned(), item[*name].clone()))
                    .collect();
                let deleted = Client::new(&self.sdk)
                    .delete_item()
                    .table_name(&table)
                    .set_key(Some(key))
                    .send();
                deleted.await.unwrap();
            }
        }
    }

    /// Returns the items of a table.
    pub(crate) async fn items(&self, table: &str) -> Vec<Item> {
        let mut pages = Client::new(&self.sdk)
            .scan()
            .table_name(table)
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.unwrap());
        }
        items
    }
}

/// Returns every table with the attributes of its key.
fn keys() -> [(String, Vec<&'static str>); 7] {
    let tables = table_names("");
    [
        (tables.workspaces, vec!["pk", "sk"]),
        (tables.users, vec!["workspace_id", "user_id"]),
        (tables.identifiers, vec!["identifier", "workspace_id"]),
        (tables.runs, vec!["pk", "sk"]),
        (tables.outbox, vec!["workspace_id", "mail_id"]),
        (tables.sessions, vec!["key"]),
        (tables.audit, vec!["pk", "sk"]),
    ]
}
