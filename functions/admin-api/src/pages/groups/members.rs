//! [メンバーを追加] and [選択したメンバーを外す] on the page of a group. Each is an edit of a user, as on the user's
//! own page.

use std::collections::BTreeSet;

use accounts::{AccountError, UserEdit};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::groups::GroupError;
use domain::{GroupId, User};
use serde::Deserialize;
use web::{Problem, ProblemPage};

use super::group::{Typed, page};
use super::{PATH, path_of};
use crate::api::groups::problem as problem_of_group;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, PageUser};
use crate::input::Id;
use crate::pages::notice::Notice;

/// The most people who are added or removed at once: each is a transaction of its own.
pub(super) const MOST: usize = 50;

/// Whom to add: an address or a code a line.
#[derive(Deserialize)]
pub(super) struct AddForm {
    #[serde(default)]
    people: String,
}

pub(super) async fn add(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, fields }: AdminForm<AddForm>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let group = group_of(&admin, &id)?;
    let lines: Vec<&str> = fields.people.lines().map(str::trim).collect();
    let lines: Vec<&str> = lines.into_iter().filter(|it| !it.is_empty()).collect();
    let mut wrong = Vec::new();
    if lines.is_empty() {
        wrong.push("追加する方のメールアドレスまたは従業員コードを入力してください。".to_owned());
    } else if lines.len() > MOST {
        wrong.push(format!("一度に追加できるのは{MOST}名までです。"));
    } else {
        let roster = app.roster(admin.workspace_id()).await?;
        for line in lines {
            let added = match roster.named(line) {
                Some(entry) => edit(&app, &admin, entry.user.clone(), |groups| {
                    groups.insert(group.clone())
                })
                .await
                .map_err(|error| problem(error).detail),
                None => Err("このワークスペースにユーザーが見つかりません。".to_owned()),
            };
            wrong.extend(added.err().map(|reason| format!("{line}: {reason}")));
        }
    }
    if wrong.is_empty() {
        return Ok(Notice::MembersAdded.at(&path_of(&id)).into_response());
    }
    let typed = Typed {
        people: fields.people,
        wrong,
        ..Typed::default()
    };
    let frame = admin.frame(PATH);
    page(&app, &admin, frame, &id, typed, StatusCode::BAD_REQUEST).await
}

/// Removes the ticked members.
pub(super) async fn remove(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, fields }: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let group = group_of(&admin, &id)?;
    let ticked = fields.into_iter().filter(|(name, _)| name == "user_ids");
    let ticked: Vec<String> = ticked.map(|(_, value)| value).collect();
    let error = match ticked.len() {
        0 => Some("外すメンバーを選択してください。".to_owned()),
        number if number > MOST => Some(format!("一度に外せるのは{MOST}名までです。")),
        _ => None,
    };
    if let Some(error) = error {
        let frame = admin.frame(PATH).with_error(error);
        let typed = Typed::default();
        return page(&app, &admin, frame, &id, typed, StatusCode::BAD_REQUEST).await;
    }
    let accounts = app.accounts(&admin.signed_in);
    for user_id in ticked {
        let user = accounts.find(&user_id).await.map_err(problem)?;
        let removed = edit(&app, &admin, user, |groups| groups.remove(&group)).await;
        removed.map_err(problem)?;
    }
    Ok(Notice::MembersRemoved.at(&path_of(&id)).into_response())
}

fn group_of(admin: &PageUser, id: &str) -> Result<GroupId, Problem> {
    let group = admin.workspace.group(&GroupId::new(id));
    let group = group.ok_or_else(|| problem_of_group(&GroupError::Unknown))?;
    Ok(group.id.clone())
}

/// Changes the groups of a user, as [保存する] on their page does.
async fn edit(
    app: &App,
    admin: &PageUser,
    user: User,
    change: impl FnOnce(&mut BTreeSet<GroupId>) -> bool,
) -> Result<(), AccountError> {
    let mut groups = user.groups.as_ref().clone();
    if !change(&mut groups) {
        return Ok(());
    }
    // A group that was deleted meanwhile goes as well.
    groups.retain(|id| admin.workspace.group(id).is_some());
    let edit = UserEdit {
        groups: Some(groups),
        ..UserEdit::default()
    };
    // It is read for fields that SmartHR decides, which this edit leaves alone.
    let connection = admin.connection_to_show();
    let accounts = app.accounts(&admin.signed_in);
    Box::pin(accounts.edit(&admin.workspace, connection, user, edit)).await?;
    Ok(())
}
