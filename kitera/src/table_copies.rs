//! Tables that are restored beside those in use, and that take their place.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::primitives::DateTime;
use aws_sdk_dynamodb::types::{
    BackupStatus, PointInTimeRecoverySpecification, TableStatus, TimeToLiveSpecification,
};
use jiff::Timestamp;

use crate::error::KiteraError;

/// How often DynamoDB is asked whether it has finished: it takes many minutes for a table of any size.
const PAUSE: Duration = Duration::from_secs(5);

/// How often a change of a restored table is asked for, with a pause after each refusal: for some minutes after a
/// restore DynamoDB refuses what is to be changed while the table is being updated or its backups are being enabled.
const MAX_ATTEMPTS: u32 = 120;

/// The errors of a table that is not ready for a change yet.
const NOT_YET: [&str; 2] = [
    "ContinuousBackupsUnavailableException",
    "ResourceInUseException",
];

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
        // An interruption may have left it while it was being restored.
        self.until_active(table).await?;
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
        let protect = protect.deletion_protection_enabled(true);
        let protected = when_ready(PAUSE, || protect.clone().send()).await;
        protected.map_err(|error| KiteraError::table("protecting", table, &error))?;
        self.until_active(table).await?;
        let ttl = TimeToLiveSpecification::builder();
        let ttl = ttl.attribute_name("ttl").enabled(true).build();
        let ttl = ttl.map_err(|why| error("a TTL", why.to_string()))?;
        let expire = self.client.update_time_to_live().table_name(table);
        let expire = expire.time_to_live_specification(ttl);
        let expires = when_ready(PAUSE, || expire.clone().send()).await;
        expires.map_err(|error| KiteraError::table("the TTL of", table, &error))?;
        self.until_active(table).await?;
        let recovery = PointInTimeRecoverySpecification::builder();
        let recovery = recovery.point_in_time_recovery_enabled(true).build();
        let recovery = recovery.map_err(|why| error("a recovery", why.to_string()))?;
        let recover = self.client.update_continuous_backups().table_name(table);
        let recover = recover.point_in_time_recovery_specification(recovery);
        let recoverable = when_ready(PAUSE, || recover.clone().send()).await;
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

/// Asks DynamoDB for a change of a table until the table is ready for it, at most [`MAX_ATTEMPTS`] times with `pause`
/// between.
async fn when_ready<T, E, R, F>(
    pause: Duration,
    change: impl Fn() -> F,
) -> Result<T, SdkError<E, R>>
where
    E: ProvideErrorMetadata,
    F: Future<Output = Result<T, SdkError<E, R>>>,
{
    let mut tried = 0;
    loop {
        let answer = change().await;
        tried += 1;
        let code = answer.as_ref().err().and_then(ProvideErrorMetadata::code);
        if tried == MAX_ATTEMPTS || !code.is_some_and(|code| NOT_YET.contains(&code)) {
            return answer;
        }
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::update_continuous_backups::UpdateContinuousBackupsError;

    use super::*;

    /// Asks for a change that is refused so often with this error, and returns how often it was asked for, and whether
    /// it was made.
    async fn asked_for(refusals: u32, code: &str) -> (u32, bool) {
        let asked = Cell::new(0);
        let change = || {
            asked.set(asked.get() + 1);
            let refused = ErrorMetadata::builder().code(code).build();
            let refused = UpdateContinuousBackupsError::generic(refused);
            let answer = if asked.get() > refusals {
                Ok(())
            } else {
                Err(SdkError::service_error(refused, ()))
            };
            std::future::ready(answer)
        };
        let answer = when_ready(Duration::ZERO, change).await;
        (asked.get(), answer.is_ok())
    }

    #[tokio::test]
    async fn a_restored_table_that_is_not_ready_yet_is_asked_again_for_some_minutes() {
        for code in NOT_YET {
            assert_eq!(asked_for(3, code).await, (4, true));
            assert_eq!(asked_for(u32::MAX, code).await, (MAX_ATTEMPTS, false));
        }
    }

    #[tokio::test]
    async fn what_dynamodb_refuses_for_another_reason_is_not_asked_for_again() {
        assert_eq!(asked_for(1, "AccessDeniedException").await, (1, false));
    }
}
