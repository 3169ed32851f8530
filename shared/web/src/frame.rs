//! The frame around every page of the console: the workspace, the signed-in user, the navigation, and
//! the result of the last form.

use domain::text::people;
use domain::time::japanese_date_and_time;
use domain::{Connection, Role, WaitsForAdmin, Workspace};
use jiff::Timestamp;
use storage::sessions::Session;
use storage::{Store, StoreError};

use crate::signed_in::SignedIn;

/// The field `frame` of a template that extends `console.html`.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The name of the workspace.
    pub workspace_name: String,
    /// The name of the signed-in user.
    pub person_name: String,
    /// The signed-in user's role as the screen shows it, such as 管理者.
    pub role: &'static str,
    /// The parent company's workspace that the user entered from; `None` for the workspace's own users.
    pub entered_from: Option<String>,
    /// The other workspaces that the user can switch to in this browser.
    pub other_workspaces: Vec<OtherWorkspace>,
    /// Whether the workspace is a parent company's, from which some users enter those of its 関連企業.
    pub is_parent: bool,
    /// Whether the navigation is shown: its pages are for システム管理者 and 管理者 only.
    pub may_manage: bool,
    /// Whether the navigation shows 操作履歴, which is for システム管理者 only.
    pub may_audit: bool,
    /// The session's CSRF token, for the hidden field `csrf` of every form.
    pub csrf: String,
    /// The path of the navigation entry that the page belongs to; empty when it belongs to none.
    pub here: &'static str,
    /// Where to confirm before sending a form of the page that needs it; `None` if that is not needed now.
    pub confirm_at: Option<String>,
    /// Until when the user has to set a second factor up, in Japan time; `None` if they need not.
    pub second_factor_due: Option<String>,
    /// What waits for an admin, on every page for them but those that show it anyway.
    pub banners: Vec<Banner>,
    /// The message about what the last form did; `None` if no form was sent.
    pub notice: Option<String>,
    /// The reason why the last form failed; `None` if it did not.
    pub error: Option<String>,
}

/// Another workspace that the user is signed in to.
#[derive(Clone, Debug)]
pub struct OtherWorkspace {
    /// The id of the workspace.
    pub id: String,
    /// Its name when the user left it.
    pub name: String,
}

/// A sentence about something that waits for an admin, which leads to where they see to it.
#[derive(Clone, Debug)]
pub struct Banner {
    /// The sentence.
    pub text: String,
    /// The path of the page.
    pub path: &'static str,
    /// What the link to the page says.
    pub link: &'static str,
}

impl Frame {
    /// Returns the frame of a page under the navigation entry `here`, without messages.
    pub fn of(signed_in: &SignedIn, workspace: &Workspace, here: &'static str) -> Self {
        Self {
            workspace_name: workspace.name.clone(),
            person_name: signed_in.user.name.clone(),
            role: signed_in.user.role.label(),
            entered_from: signed_in
                .session
                .entered_from
                .as_ref()
                .map(|from| from.workspace_name.clone()),
            other_workspaces: other_workspaces(&signed_in.session),
            is_parent: !signed_in.has_entered() && !workspace.child_workspace_ids.is_empty(),
            may_manage: signed_in.user.role.may_manage_connection(),
            may_audit: signed_in.user.role == Role::SystemAdministrator,
            csrf: signed_in.session.csrf.clone(),
            here,
            confirm_at: None,
            second_factor_due: None,
            banners: Vec::new(),
            notice: None,
            error: None,
        }
    }

    /// Adds until when the user has to set a second factor up; `None` if they need not.
    #[must_use]
    pub fn with_second_factor_due(self, due: Option<Timestamp>) -> Self {
        Self {
            second_factor_due: due.map(japanese_date_and_time),
            ..self
        }
    }

    /// Adds what waits for an admin, as the workspace's connection says it; for others, nothing.
    #[must_use]
    pub fn with_banners(self, connection: Option<&Connection>) -> Self {
        if !self.may_manage {
            return self;
        }
        let waits = WaitsForAdmin::of(connection);
        let mut banners = Vec::new();
        if waits.reconnect {
            banners.push(Banner {
                text: "SmartHRとの再連携が必要です。同期を停止しています。".into(),
                path: "/settings/smarthr",
                link: "再連携する",
            });
        }
        for (held, what) in [
            (waits.deletions, "退職による削除"),
            (waits.account_changes, "ログイン情報の変更"),
        ] {
            if held > 0 {
                banners.push(Banner {
                    text: format!("{what}を保留しています({})。", people(held)),
                    path: "/",
                    link: "内容を確認する",
                });
            }
        }
        Self { banners, ..self }
    }

    /// Adds what waits for an admin, as [`Frame::with_banners`] does; reads the connection for admins only.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn with_banners_of(
        self,
        store: &Store,
        workspace: &Workspace,
    ) -> Result<Self, StoreError> {
        if !self.may_manage {
            return Ok(self);
        }
        let connection = store.connection_to_show(&workspace.workspace_id).await?;
        Ok(self.with_banners(connection.as_ref()))
    }

    /// Takes the banners away, for a page that shows what waits.
    #[must_use]
    pub fn without_banners(self) -> Self {
        Self {
            banners: Vec::new(),
            ..self
        }
    }

    /// Adds the message about what the last form did; `None` adds nothing.
    #[must_use]
    pub fn with_notice(self, notice: Option<impl Into<String>>) -> Self {
        Self {
            notice: notice.map(Into::into).or(self.notice),
            ..self
        }
    }

    /// Adds the reason why the last form failed.
    #[must_use]
    pub fn with_error(self, error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }
}

fn other_workspaces(session: &Session) -> Vec<OtherWorkspace> {
    let from = session.entered_from.iter();
    let from = from.map(|it| (&it.workspace_id, &it.workspace_name));
    let others = session.others.iter();
    let others = others.map(|it| (&it.workspace_id, &it.workspace_name));
    from.chain(others)
        .map(|(id, name)| OtherWorkspace {
            id: id.to_string(),
            name: name.clone(),
        })
        .collect()
}
