//! The list of users as a CSV file.

use super::cell::{code_cell, text_cell};
use super::file;
use crate::mime::MailError;

/// The first line of every file.
pub(super) const HEADER: [&str; 10] = [
    "従業員コード",
    "氏名",
    "メールアドレス",
    "役割",
    "グループ",
    "状態",
    "状態の詳細(日本時間)",
    "認証方法",
    "SmartHR連携",
    "最終ログイン(日本時間)",
];

/// A user, in the words of the screen.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// 従業員コード
    pub employee_code: String,
    /// 氏名
    pub name: String,
    /// メールアドレス
    pub email: String,
    /// 役割
    pub role: &'static str,
    /// グループ
    pub groups: String,
    /// 状態
    pub state: &'static str,
    /// What there is to say about the state.
    pub detail: String,
    /// 認証方法
    pub login_method: &'static str,
    /// SmartHR連携
    pub linked: &'static str,
    /// 最終ログイン
    pub last_sign_in: String,
}

/// Writes users, a row each: UTF-8 with BOM, CR LF, and no cell that Excel reads as a formula or rewrites (see
/// [`crate::GUARD`]).
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn users_csv(rows: impl IntoIterator<Item = UserRow>) -> Result<Vec<u8>, MailError> {
    let mut file = file::begin(&HEADER)?;
    for row in rows {
        file.append(&mut file::line(&cells(&row))?);
    }
    Ok(file)
}

/// Returns the cells of a user, in the order of the header.
pub(super) fn cells(row: &UserRow) -> [String; 10] {
    [
        code_cell(&row.employee_code),
        text_cell(&row.name),
        text_cell(&row.email),
        text_cell(row.role),
        text_cell(&row.groups),
        text_cell(row.state),
        text_cell(&row.detail),
        text_cell(row.login_method),
        text_cell(row.linked),
        text_cell(&row.last_sign_in),
    ]
}
