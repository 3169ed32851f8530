//! What stands around every page of the console: where one is, who is signed in, the way to the other
//! pages, and what the last click came to.

use domain::Workspace;

use crate::signed_in::SignedIn;

/// For a template that says `{% extends "console.html" %}`: its field `frame`.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the workspace.
    pub workspace_name: String,
    /// Who is signed in.
    pub person_name: String,
    /// Their role, in the words of the screen.
    pub role: &'static str,
    /// Whether the navigation is shown: all it leads to is for システム管理者 and 管理者.
    pub may_manage: bool,
    /// For the hidden field `csrf` of every form.
    pub csrf: String,
    /// The entry of the navigation that the page belongs to, by its address.
    pub here: &'static str,
    /// What was done.
    pub notice: Option<String>,
    /// What could not be done, and why.
    pub error: Option<String>,
}

impl Frame {
    /// The frame of a page that belongs to the entry `here` of the navigation, without messages.
    pub fn of(signed_in: &SignedIn, workspace: &Workspace, here: &'static str) -> Self {
        Self {
            workspace_name: workspace.name.clone(),
            person_name: signed_in.user.name.clone(),
            role: signed_in.user.role.label(),
            may_manage: signed_in.user.role.may_manage_integration(),
            csrf: signed_in.session.csrf.clone(),
            here,
            notice: None,
            error: None,
        }
    }

    /// The frame with word of what was done, if anything was.
    #[must_use]
    pub fn with_notice(self, notice: Option<impl Into<String>>) -> Self {
        Self {
            notice: notice.map(Into::into),
            ..self
        }
    }

    /// The frame with the reason why something could not be done.
    #[must_use]
    pub fn with_error(self, error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }
}
