//! A person as SmartHR shows them, reduced to what the sync reads.

use serde::{Deserialize, Serialize};

use crate::{CrewId, LoginMethod};

/// `emp_status` of a crew. The only thing that decides whether somebody has left:
/// SmartHR turns it to `retired` at 01:00 on the day after the resignation date, and a
/// date that was typed in already past does not turn it at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentStatus {
    /// 在籍中
    Employed,
    /// 休職中: still an employee, synced like any other.
    Absent,
    /// 退職済み
    Retired,
}

/// One crew. Texts are as SmartHR gave them, except that "" has become `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The crew's id.
    pub crew_id: CrewId,
    /// 社員番号, unchecked.
    pub code: Option<String>,
    /// E-mail address, unchecked.
    pub email: Option<String>,
    /// Employed, absent or retired.
    pub status: EmploymentStatus,
    /// The name to show (see [`crate::display_name`]); `None` when SmartHR has none.
    pub name: Option<String>,
    /// The item 連携対象: 連携する = true, 連携しない = false, nothing chosen = `None`.
    pub sync_choice: Option<bool>,
    /// The item 認証方法; nothing chosen = `None`.
    pub login_choice: Option<LoginMethod>,
}

impl Employee {
    /// Returns the key by which people are sorted: employee code, people without one last, then
    /// crew id.
    pub(crate) fn work_order(&self) -> impl Ord + '_ {
        (self.code.is_none(), &self.code, &self.crew_id)
    }
}
