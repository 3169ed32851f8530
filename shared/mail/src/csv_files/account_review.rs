//! アカウントの棚卸し: the list of users as a CSV file, with what a reviewer wants to know besides.

use super::cell::text_cell;
use super::file;
use super::users::{HEADER, UserRow, cells};
use crate::mime::MailError;

/// A user, and what a reviewer of the accounts wants to know besides.
#[derive(Clone, Debug)]
pub struct ReviewedUser {
    /// The user.
    pub user: UserRow,
    /// 在籍状況: what SmartHR says, as far as the last run saw it.
    pub employment: &'static str,
    /// 追加した方: the sync, or the name of an admin.
    pub added_by: String,
}

/// Writes users as [`crate::users_csv`] does, with 在籍状況 and 追加した方.
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn account_review_csv(
    rows: impl IntoIterator<Item = ReviewedUser>,
) -> Result<Vec<u8>, MailError> {
    let header = [&HEADER[..], &["在籍状況(SmartHR)", "追加した方"][..]].concat();
    let mut file = file::begin(&header)?;
    for row in rows {
        let more = [text_cell(row.employment), text_cell(&row.added_by)];
        let cells: Vec<_> = cells(&row.user).into_iter().chain(more).collect();
        file.append(&mut file::line(&cells)?);
    }
    Ok(file)
}
