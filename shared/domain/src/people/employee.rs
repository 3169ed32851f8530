//! A person as SmartHR shows them, reduced to what the sync reads.

use serde::{Deserialize, Serialize};

use crate::{CrewId, LoginMethod};

/// `emp_status` of a crew, which alone decides whether somebody has left. SmartHR sets it to
/// `retired` at 01:00 on the day after the resignation date. A date that had already passed when
/// it was entered does not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentStatus {
    /// 在籍中: currently employed.
    Employed,
    /// 休職中: still an employee, synced like any other.
    Absent,
    /// 退職済み: the person has left.
    Retired,
}

/// An attribute of a crew, as SmartHR's screens call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrewAttribute {
    /// `emp_status`
    Status,
    /// `emp_code`
    Code,
    /// `email`
    Email,
    /// One of the parts of the name.
    Name,
    /// 連携対象 or 認証方法, our custom items.
    Items,
    /// The record as a whole.
    Record,
}

impl CrewAttribute {
    /// Returns the word on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Status => "在籍状況",
            Self::Code => "社員番号",
            Self::Email => "メールアドレス",
            Self::Name => "氏名",
            Self::Items => "連携対象・認証方法",
            Self::Record => "従業員情報",
        }
    }
}

/// Why a crew cannot be synced, whatever else its record says: guessing could delete a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableAttribute {
    /// The attribute that has a value which we do not know.
    pub attribute: CrewAttribute,
    /// Whether SmartHR sent none. If it does so for most people, a permission is missing.
    pub is_missing: bool,
}

/// One crew. Texts are as SmartHR sent them, except that "" has become `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The crew's id at SmartHR.
    pub crew_id: CrewId,
    /// The employee code (社員番号), unchecked; `None` if SmartHR has none.
    pub code: Option<String>,
    /// The e-mail address, unchecked; `None` if SmartHR has none.
    pub email: Option<String>,
    /// Whether the person is employed, absent or retired.
    pub status: EmploymentStatus,
    /// The name to show (see [`crate::display_name`]); `None` when SmartHR has none.
    pub name: Option<String>,
    /// The choice of the item 連携対象: true for 連携する, false for 連携しない, `None` when nothing is
    /// chosen.
    pub sync_choice: Option<bool>,
    /// The choice of the item 認証方法; `None` when nothing is chosen.
    pub login_choice: Option<LoginMethod>,
    /// What of the record cannot be read; `None` if all can. The person fails, and is not changed.
    pub unreadable: Option<UnreadableAttribute>,
}

impl Employee {
    /// Returns the key by which people are sorted: employee code, people without one last, then
    /// crew id.
    pub(crate) fn work_order(&self) -> impl Ord + '_ {
        (self.code.is_none(), &self.code, &self.crew_id)
    }
}
