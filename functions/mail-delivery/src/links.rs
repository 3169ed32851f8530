//! The pages of the product that mails lead to.

use crate::deliver_once::Delivery;

impl Delivery {
    /// Returns the URL of the page that signs in.
    pub(crate) fn sign_in_url(&self) -> String {
        self.url("/sign-in")
    }

    /// Returns the URL of the page 「パスワードをお忘れの方」.
    pub(crate) fn forgot_password_url(&self) -> String {
        self.url("/forgot-password")
    }

    /// Returns the URL of the page of one's own account.
    pub(crate) fn account_url(&self) -> String {
        self.url("/account")
    }

    /// Returns the URL of [ユーザー管理].
    pub(crate) fn users_url(&self) -> String {
        self.url("/users")
    }

    /// Returns the URL of the deleted users, who can be restored.
    pub(crate) fn deleted_users_url(&self) -> String {
        self.url("/users/deleted")
    }

    /// Returns the URL of the initial passwords that can be printed.
    pub(crate) fn initial_passwords_url(&self) -> String {
        self.url("/users/initial-passwords")
    }

    /// Returns the URL of the page of the connection.
    pub(crate) fn settings_url(&self) -> String {
        self.url("/settings/smarthr")
    }

    /// Returns the URL of [ユーザー同期履歴].
    pub(crate) fn history_url(&self) -> String {
        self.url("/settings/smarthr/history")
    }

    /// Returns the URL of [ご契約].
    pub(crate) fn contract_url(&self) -> String {
        self.url("/settings/contract")
    }

    /// Returns the URL of [操作履歴].
    pub(crate) fn audit_url(&self) -> String {
        self.url("/settings/audit-events")
    }

    /// Returns the URL of the settings of single sign-on.
    pub(crate) fn single_sign_on_url(&self) -> String {
        self.url("/settings/single-sign-on")
    }

    /// Returns the URL of the page at this path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_base_url)
    }
}
