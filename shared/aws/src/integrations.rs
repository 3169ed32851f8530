//! A workspace's link to SmartHR: `pk` = workspace id, `sk` = "integration".

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use directory::{DeletionDecisions, Settings, TenantId, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{put_item, unbuildable};
use crate::error::StoreError;
use crate::outbox::{OutboxMail, outbox_item};
use crate::store::{Item, Store, number, text, to_item};
use crate::transact::Guarded;

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationState {
    /// 連携中
    Linked,
    /// 再連携が必要です: SmartHR refused our refresh token.
    RelinkNeeded,
    /// [解除する] was clicked; our items in SmartHR are still to be deleted there.
    Disconnecting,
    /// Not linked any more. Only the company is remembered, so that linking another one asks first.
    Disconnected,
}

/// A SmartHR company account that can be linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// What the link is keyed on; customers can change their subdomain.
    pub tenant_id: TenantId,
    /// 「SmartHR企業アカウント<◯◯>と連携中」
    pub name: String,
    /// The host's first label, learnt again at every link.
    pub subdomain: Option<String>,
}

/// What the admins were told about failed runs lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The code of each reason, and when a mail told of it last.
    pub reasons: BTreeMap<String, Timestamp>,
}

/// A workspace's link to SmartHR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Where it stands.
    pub state: IntegrationState,
    /// What is linked.
    pub company: Company,
    /// Who linked it.
    pub linked_by: UserId,
    /// When.
    pub linked_at: Timestamp,
    /// ユーザー同期設定
    pub settings: Settings,
    /// When the sync was switched on last; `None` = not since the workspace was linked.
    #[serde(default)]
    pub enabled_at: Option<Timestamp>,
    /// Our custom items in SmartHR, once there are any.
    #[serde(default)]
    pub items: Option<serde_json::Value>,
    /// What admins answered to held deletions.
    #[serde(default)]
    pub decisions: DeletionDecisions,
    /// Another company that an admin linked and has not confirmed yet.
    #[serde(default)]
    pub pending: Option<Company>,
    /// Companies that are neither linked nor wait any more, until their tokens are deleted.
    #[serde(default)]
    pub left_companies: Vec<TenantId>,
    /// The sync was switched off, and the runs under way are still to be stopped.
    #[serde(default)]
    pub stopping: bool,
    /// What mails told about failed runs.
    #[serde(default)]
    pub told: Option<Told>,
    /// Grows with every write; a write names the version it was decided on. 0 = not stored yet.
    pub version: u64,
}

impl Integration {
    /// Whether the 02:00 run takes the workspace up: to sync it, or to finish what is left to do.
    fn runs_at_night(&self) -> bool {
        if !self.left_companies.is_empty() {
            return true;
        }
        match self.state {
            IntegrationState::Linked => self.settings.enabled,
            IntegrationState::RelinkNeeded | IntegrationState::Disconnected => false,
            IntegrationState::Disconnecting => true,
        }
    }
}

pub(crate) fn integration_key(id: &WorkspaceId) -> Item {
    Item::from([
        ("pk".into(), text(id.as_str())),
        ("sk".into(), text("integration")),
    ])
}

impl Store {
    /// The link of a workspace, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn integration(&self, id: &WorkspaceId) -> Result<Option<Integration>, StoreError> {
        self.item(
            &self.tables.workspaces,
            [("pk", id.as_str()), ("sk", "integration")],
            "integration",
        )
        .await
    }

    /// Writes the link as decided on its present version, and counts the version up.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read.
    pub async fn put_integration(
        &self,
        id: &WorkspaceId,
        integration: &mut Integration,
    ) -> Result<(), StoreError> {
        let put = self.next_version(id, integration)?;
        self.db
            .put_item()
            .table_name(put.table_name())
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_values(put.expression_attribute_values)
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"))
            .map_err(conflict)?;
        Ok(())
    }

    /// As [`Store::put_integration`], and puts a mail that tells about it into the outbox, so that
    /// neither happens without the other.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read.
    pub async fn put_integration_and_mail(
        &self,
        id: &WorkspaceId,
        integration: &mut Integration,
        mail: &OutboxMail,
    ) -> Result<(), StoreError> {
        let link = self.next_version(id, integration)?;
        let mail = Put::builder()
            .table_name(&self.tables.outbox)
            .set_item(Some(outbox_item(id, mail)?));
        let items = vec![
            TransactWriteItem::builder().put(link).build(),
            put_item(mail)?,
        ];
        self.transact(items, Guarded::No).await
    }

    /// The write of an integration as decided on its present version, which it counts up.
    fn next_version(
        &self,
        id: &WorkspaceId,
        integration: &mut Integration,
    ) -> Result<Put, StoreError> {
        let seen = integration.version;
        integration.version += 1;
        let mut item = to_item(integration, "integration")?;
        item.extend(integration_key(id));
        if integration.runs_at_night() {
            item.insert("enabled".into(), text("1"));
        }
        let put = Put::builder()
            .table_name(&self.tables.workspaces)
            .set_item(Some(item));
        let put = if seen == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(seen))
        };
        put.build().map_err(unbuildable)
    }

    /// The workspaces that the 02:00 run takes up, about ten thousand a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspaces_for_tonight(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let mut pages = self
            .db
            .query()
            .table_name(&self.tables.workspaces)
            .index_name("enabled")
            .key_condition_expression("enabled = :on")
            .expression_attribute_values(":on", text("1"))
            .into_paginator()
            .send();
        let mut workspaces = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for item in page.items.unwrap_or_default() {
                if let Some(id) = item.get("pk").and_then(|pk| pk.as_s().ok()) {
                    workspaces.push(WorkspaceId::new(id));
                }
            }
        }
        Ok(workspaces)
    }
}

fn conflict(error: StoreError) -> StoreError {
    if error.is_condition() {
        StoreError::Conflict("the integration was changed in between")
    } else {
        error
    }
}
