//! [ユーザーを招待]: adds people who are not in SmartHR.

use std::collections::BTreeSet;

use accounts::{NewPeople, NewPerson};
use axum::Json;
use axum::extract::State;
use domain::{GroupId, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem};

use super::problem::problem;
use super::view::UserView;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::idempotency::Attempt;
use crate::openapi::ProblemDocument;

/// Somebody to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonToAdd {
    /// 氏名; without one, the part of the address before its @.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Where the invitation is sent.
    #[serde(default)]
    email: Option<String>,
    /// 従業員コード; without an address it gets an initial password.
    #[serde(default)]
    employee_code: Option<String>,
}

/// Whom to add, with which role and groups.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeopleToAdd {
    /// At most 30 with an address, or one without.
    #[schema(min_items = 1, max_items = 30)]
    people: Vec<PersonToAdd>,
    /// 役割; nobody becomes システム管理者 before they have come in.
    role: Role,
    /// Ids of groups.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    groups: BTreeSet<String>,
}

/// Somebody who was not added.
#[derive(Serialize, ToSchema)]
#[schema(as = NotAddedPerson)]
struct NotAddedView {
    /// The address or code as given.
    person: String,
    /// Why, for the person who asked.
    reason: String,
}

/// What became of the people.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedUsers)]
pub(crate) struct AddedView {
    /// Who was added.
    added: Vec<UserView>,
    /// Who was not.
    refused: Vec<NotAddedView>,
}

/// Adds people: those with an address are invited for 72 hours, somebody without one gets an initial password, which is
/// mailed to every システム管理者 with an address. Those who cannot be added do not keep the others from it.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users",
    request_body = PeopleToAdd,
    responses(
        (status = 200, body = AddedView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn add_users(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    attempt: Attempt,
    Input(input): Input<PeopleToAdd>,
) -> Result<Json<AddedView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let people = input.people.into_iter().map(|person| NewPerson {
        name: person.name.unwrap_or_default(),
        email: person.email,
        employee_code: person.employee_code,
    });
    let new = NewPeople {
        people: people.collect(),
        role: input.role,
        groups: input.groups.into_iter().map(GroupId::new).collect(),
    };
    let accounts = app.accounts_for(&admin, attempt);
    let result = Box::pin(accounts.add(&workspace, new)).await;
    let result = result.map_err(problem)?;
    let now = app.now();
    let refused = result.refused.into_iter().map(|it| NotAddedView {
        person: it.person,
        reason: problem(it.reason).detail,
    });
    Ok(Json(AddedView {
        added: result
            .added
            .iter()
            .map(|user| UserView::of(user, None, now))
            .collect(),
        refused: refused.collect(),
    }))
}
