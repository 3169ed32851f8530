//! Tables that are restored beside those in use, and that take their place.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::primitives::DateTime;
use aws_sdk_dynamodb::types::{
    BackupStatus, PointInTimeRecoverySpecification, TableStatus, TimeToLiveSpecification,
};
use jiff::Timestamp;

use crate::error::KiteraError;

/// How often DynamoDB is asked whether it has finished: it takes many minutes for a table of any size.
const PAUSE: Duration = Duration::from_secs(5);

/// The tables of a stack, and what the names of their copies end with.
pub(crate) struct TableCopies<'a> {
    pub(crate) client: Client,
    pub(crate) tables: Vec<&'a str>,
    pub(crate) suffix: &'a str,
}

impl TableCopies<'_> {
    fn copy_of(&self, table: &str) -> String {
        format!("{table}{}", self.suffix)
    }

    /// Restores each table beside the one in use, as it was at this second.
    ///
    /// # Errors
    /// [`KiteraError`] when DynamoDB refuses, because a copy exists or for another reason.
    pub(crate) async fn make(&self, second: Timestamp) -> Result<(), KiteraError> {
        for table in &self.tables {
            let restore = self
                .client
                .restore_table_to_point_in_time()
                .source_table_name(*table)
                .target_table_name(self.copy_of(table))
                .restore_date_time(DateTime::from_secs(second.as_second()));
            let answer = restore.send().await;
            answer.map_err(|error| KiteraError::table("restoring", table, &error))?;
        }
        for table in &self.tables {
            self.until_active(&self.copy_of(table)).await?;
        }
        Ok(())
    }

    /// Replaces the tables in use by their copies. Each copy has a backup of its own before the first table in use is
    /// deleted. A repetition after an interruption begins again from the copies, which stay.
    ///
    /// # Errors
    /// [`KiteraError`] when DynamoDB refuses.
    pub(crate) async fn take_the_place(&self) -> Result<(), KiteraError> {
        let mut backups = Vec::new();
        for table in &self.tables {
            self.until_active(&self.copy_of(table)).await?;
            backups.push(self.back_up(table).await?);
        }
        for table in &self.tables {
            self.delete(table).await?;
        }
        for (table, backup) in self.tables.iter().zip(&backups) {
            self.until_gone(table).await?;
            let restore = self
                .client
                .restore_table_from_backup()
                .target_table_name(*table)
                .backup_arn(backup);
            let answer = restore.send().await;
            answer.map_err(|error| KiteraError::table("restoring", table, &error))?;
        }
        for table in &self.tables {
            self.until_active(table).await?;
            self.settle(table).await?;
        }
        Ok(())
    }

    /// Returns the ARN of a backup of the table's copy, which is available.
    async fn back_up(&self, table: &str) -> Result<String, KiteraError> {
        let copy = self.copy_of(table);
        let backup = self.client.create_backup().table_name(&copy);
        let answer = backup.backup_name("restored").send().await;
        let answer = answer.map_err(|error| KiteraError::table("a backup of", &copy, &error))?;
        let arn = answer
            .backup_details
            .map(|details| details.backup_arn)
            .unwrap_or_default();
        loop {
            let backup = self.client.describe_backup().backup_arn(&arn).send().await;
            let backup =
                backup.map_err(|error| KiteraError::table("the backup of", &copy, &error))?;
            let description = backup.backup_description.as_ref();
            let details = description.and_then(|it| it.backup_details.as_ref());
            if details.is_some_and(|it| it.backup_status == BackupStatus::Available) {
                return Ok(arn);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Deletes a table in use, unless it was deleted before an interruption.
    async fn delete(&self, table: &str) -> Result<(), KiteraError> {
        if self.status(table).await?.is_none() {
            return Ok(());
        }
        let unprotect = self.client.update_table().table_name(table);
        let unprotected = unprotect.deletion_protection_enabled(false).send().await;
        unprotected.map_err(|error| KiteraError::table("unprotecting", table, &error))?;
        self.until_active(table).await?;
        let deleted = self.client.delete_table().table_name(table).send().await;
        deleted.map_err(|error| KiteraError::table("deleting", table, &error))?;
        Ok(())
    }

    /// Sets what the template sets and a restored table lacks: deletion protection, TTL, and point-in-time recovery.
    async fn settle(&self, table: &str) -> Result<(), KiteraError> {
        let error = |what, why| KiteraError::InvalidRequest { what, why };
        let protect = self.client.update_table().table_name(table);
        let protected = protect.deletion_protection_enabled(true).send().await;
        protected.map_err(|error| KiteraError::table("protecting", table, &error))?;
        let ttl = TimeToLiveSpecification::builder();
        let ttl = ttl.attribute_name("ttl").enabled(true).build();
        let ttl = ttl.map_err(|why| error("a TTL", why.to_string()))?;
        let expires = self.client.update_time_to_live().table_name(table);
        let expires = expires.time_to_live_specification(ttl).send().await;
        expires.map_err(|error| KiteraError::table("the TTL of", table, &error))?;
        let recovery = PointInTimeRecoverySpecification::builder();
        let recovery = recovery.point_in_time_recovery_enabled(true).build();
        let recovery = recovery.map_err(|why| error("a recovery", why.to_string()))?;
        let recoverable = self.client.update_continuous_backups().table_name(table);
        let recoverable = recoverable.point_in_time_recovery_specification(recovery);
        let recoverable = recoverable.send().await;
        recoverable.map_err(|error| KiteraError::table("the recovery of", table, &error))?;
        Ok(())
    }

    async fn until_active(&self, table: &str) -> Result<(), KiteraError> {
        while self.status(table).await? != Some(TableStatus::Active) {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    async fn until_gone(&self, table: &str) -> Result<(), KiteraError> {
        while self.status(table).await?.is_some() {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Returns the status of a table; `None` if there is none of this name.
    async fn status(&self, table: &str) -> Result<Option<TableStatus>, KiteraError> {
        let is_gone = DescribeTableError::is_resource_not_found_exception;
        let described = self.client.describe_table().table_name(table).send().await;
        match described {
            Ok(described) => Ok(described.table.and_then(|table| table.table_status)),
            Err(error) if error.as_service_error().is_some_and(is_gone) => Ok(None),
            Err(error) => Err(KiteraError::table("looking for", table, &error)),
        }
    }
}
