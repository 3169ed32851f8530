//! ユーザー同期設定

use serde::{Deserialize, Serialize};

use crate::text::visible_name;
use crate::{Employee, GroupId, LoginMethod};

/// 同期対象: whom to sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = TargetWord, description = "同期対象: 全てのユーザー, the same + 従業員コードのみのユーザーも同期する, 特定のユーザー")
)]
pub enum SyncTarget {
    /// 全てのユーザー: everybody who has an e-mail address. The default.
    Everyone,
    /// 全てのユーザー + 「従業員コードのみのユーザーも同期する」
    EveryoneAndCodeOnly,
    /// 特定のユーザー: those whose SmartHR item 「連携対象」 is 連携する; unset means 連携しない.
    Chosen,
}

impl SyncTarget {
    /// Returns the words on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Everyone => "全てのユーザー",
            Self::EveryoneAndCodeOnly => "全てのユーザー(従業員コードのみのユーザーも同期する)",
            Self::Chosen => "特定のユーザー",
        }
    }
}

/// 認証方法 of everybody synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = LoginMethodSettingWord, description = "認証方法 of everybody synced: パスワード, SSO, 個別設定")
)]
pub enum LoginMethodSetting {
    /// パスワード. The default.
    Password,
    /// SSO
    Sso,
    /// 個別設定: the SmartHR item 「認証方法」 of each person; unset means パスワード.
    Individual,
}

impl LoginMethodSetting {
    /// Returns the word on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Password => "パスワード",
            Self::Sso => "SSO",
            Self::Individual => "個別設定",
        }
    }
}

/// 初期パスワードのCSV: how the システム管理者 get the initial passwords that were issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = PasswordCsvWord, description = "初期パスワードのCSV: メールに添付する, メールに添付しない")
)]
pub enum PasswordCsv {
    /// メールに添付する. The default.
    #[default]
    Attached,
    /// メールに添付しない: the mail says where to print or download them.
    NotAttached,
}

impl PasswordCsv {
    /// Returns the words on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Attached => "メールに添付する",
            Self::NotAttached => "メールに添付しない",
        }
    }
}

/// 招待メールの記載: what a company adds to its invitation mails, as an admin typed it. The mail shows it on one line,
/// without links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationTexts {
    /// お問い合わせ先: whom people may ask about the mail; `None` for the システム管理者.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// 会社からのひとこと: a sentence of the company; `None` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl InvitationTexts {
    /// The most characters of each text.
    pub const LONGEST: usize = 100;

    /// Takes what was typed, on one line each; a text of which nothing is visible is none.
    pub fn new(contact: &str, message: &str) -> Self {
        Self {
            contact: visible_name(contact),
            message: visible_name(message),
        }
    }

    /// Returns whether each text has at most [`InvitationTexts::LONGEST`] characters.
    pub fn are_short(&self) -> bool {
        let mut texts = [&self.contact, &self.message].into_iter().flatten();
        texts.all(|text| text.chars().count() <= Self::LONGEST)
    }
}

/// The settings of the sync, as an admin saved them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// 有効にする: whether the workspace is synced every night at 02:00 (Japan time).
    pub enabled: bool,
    /// 同期対象: whom to sync.
    pub target: SyncTarget,
    /// 認証方法: how the synced users sign in.
    pub login_method: LoginMethodSetting,
    /// デフォルトグループ: the group that synced users are added to.
    pub default_group: GroupId,
    /// 初期パスワードのCSV: whether the mail about initial passwords has them.
    #[serde(default)]
    pub password_csv: PasswordCsv,
    /// 招待メールの記載: what the company adds to its invitation mails.
    #[serde(default)]
    pub invitation_texts: InvitationTexts,
    /// 即時反映: whether people whom SmartHR reports as changed are synced within minutes; older records lack it, and
    /// it is on.
    #[serde(default = "on")]
    pub immediate: bool,
}

/// Returns the value of a switch that is on unless somebody switched it off.
fn on() -> bool {
    true
}

impl Settings {
    /// Returns whether `employee` is to be synced according to the settings.
    pub fn includes(&self, employee: &Employee) -> bool {
        match self.target {
            SyncTarget::Everyone => employee.email.is_some(),
            SyncTarget::EveryoneAndCodeOnly => true,
            SyncTarget::Chosen => employee.sync_choice == Some(true),
        }
    }

    /// Returns how `employee` is to sign in.
    pub fn login_method_of(&self, employee: &Employee) -> LoginMethod {
        match self.login_method {
            LoginMethodSetting::Password => LoginMethod::Password,
            LoginMethodSetting::Sso => LoginMethod::Sso,
            LoginMethodSetting::Individual => {
                employee.login_choice.unwrap_or(LoginMethod::Password)
            }
        }
    }

    /// Returns whether saving these settings requires the workspace's SSO to be configured. The
    /// manual warns that everybody could be locked out; refusing makes that impossible.
    pub fn needs_sso(&self) -> bool {
        self.login_method != LoginMethodSetting::Password
    }

    /// Returns whether the item 「連携対象」 is needed in SmartHR.
    pub fn needs_sync_item(&self) -> bool {
        self.target == SyncTarget::Chosen
    }

    /// Returns whether the item 「認証方法」 is needed in SmartHR.
    pub fn needs_login_item(&self) -> bool {
        self.login_method == LoginMethodSetting::Individual
    }
}
