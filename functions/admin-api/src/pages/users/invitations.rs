//! `POST /users/invitations`: [再招待する], for all ticked users or for all listed ones.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use web::ProblemPage;

use super::HERE;
use super::list::{ListQuery, invited_again, page};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::AdminForm;

/// Invites all of them who can be invited, and shows the list again with the reasons for the others.
pub(super) async fn submit(
    State(app): State<App>,
    AdminForm { admin, fields }: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let mut query = ListQuery::default();
    let (mut user_ids, mut shown) = (Vec::new(), Vec::new());
    let mut everybody = false;
    for (name, value) in fields {
        match name.as_str() {
            "user_ids" => user_ids.push(value),
            "shown" => shown.push(value),
            "everybody" => everybody = true,
            "q" => query.q = value,
            "status" => query.status = value,
            "after" => query.after = value,
            _ => {}
        }
    }
    if everybody {
        user_ids = shown;
    }
    if user_ids.is_empty() {
        let frame = admin.frame(HERE);
        let frame = frame.with_error("再招待するユーザーを選択してください。");
        return page(&app, &admin, frame, query, Vec::new()).await;
    }
    let accounts = app.accounts(&admin.signed_in);
    let result = accounts.invite_several(&admin.workspace, user_ids).await;
    let result = result.map_err(problem)?;
    let invited = result.invited.len();
    if result.refused.is_empty() {
        return Ok(Redirect::to(&query.address(Some(invited))).into_response());
    }
    let notice = (invited > 0).then(|| invited_again(invited));
    let frame = admin.frame(HERE).with_notice(notice);
    page(&app, &admin, frame, query, result.refused).await
}
