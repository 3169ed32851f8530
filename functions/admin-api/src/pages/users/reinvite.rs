//! `POST /users/invitations`: [再招待する], for everybody who was ticked, or for all who are shown.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use web::ProblemPage;

use super::HERE;
use super::list::{Which, invited_again, page};
use crate::app::App;
use crate::idempotency::Asked;
use crate::invitations::invite_all;
use crate::pages::gate::ManagerForm;

/// Invites everybody who can be, and shows the list again with the reasons of the others.
pub(super) async fn submit(
    State(app): State<App>,
    ManagerForm { visitor, fields }: ManagerForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let mut which = Which::default();
    let (mut user_ids, mut shown) = (Vec::new(), Vec::new());
    let mut everybody = false;
    for (name, value) in fields {
        match name.as_str() {
            "user_ids" => user_ids.push(value),
            "shown" => shown.push(value),
            "everybody" => everybody = true,
            "q" => which.q = value,
            "status" => which.status = value,
            "after" => which.after = value,
            _ => {}
        }
    }
    if everybody {
        user_ids = shown;
    }
    if user_ids.is_empty() {
        let frame = visitor.frame(HERE);
        let frame = frame.with_error("再招待するユーザーを選択してください。");
        return page(&app, &visitor, frame, which, Vec::new()).await;
    }
    let (signed_in, asked) = (&visitor.signed_in, Asked::now(&app));
    let answer = invite_all(&app, signed_in, &visitor.workspace, user_ids, asked).await?;
    let invited = answer.invited.len();
    if answer.refused.is_empty() {
        return Ok(Redirect::to(&which.address(Some(invited))).into_response());
    }
    let notice = (invited > 0).then(|| invited_again(invited));
    let frame = visitor.frame(HERE).with_notice(notice);
    page(&app, &visitor, frame, which, answer.refused).await
}
