//! The people of a run: search and pages.

use std::num::NonZeroU16;

use axum::Json;
use axum::extract::State;
use domain::report::{Action, Category, Outcome};
use domain::text::search_key;
use domain::{Mode, Run};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::Problem;

use super::log::log_of;
use super::log_rows::{LogRow, parse};
use super::run::find;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::{Id, Params};
use crate::openapi::ProblemDocument;

/// The number of people on one page.
const PAGE: usize = 50;

/// Whom to show.
#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// Only people with this 結果
    pub(crate) outcome: Option<Outcome>,
    /// Only people with this 処理
    pub(crate) action: Option<Action>,
    /// Part of a name, an e-mail address or an employee code
    pub(crate) q: Option<String>,
    /// Which page
    #[param(value_type = Option<u16>, minimum = 1, maximum = 65535, default = json!(1))]
    pub(crate) page: Option<NonZeroU16>,
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeoplePage {
    pub(crate) people: Vec<LogRow>,
    /// How many were found in all.
    pub(crate) total: usize,
    pub(crate) page: usize,
    /// How many pages of 50 there are.
    pub(crate) pages: usize,
}

/// Shows what happened to whom, failures first. Nobody while the run is under way.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}/people", tag = "runs",
    params(("id" = Id, Path, description = "The run's id"), PeopleQuery),
    responses(
        (status = 200, body = PeoplePage),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn people_of_run(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(run_id): Id,
    Params(query): Params<PeopleQuery>,
) -> Result<Json<PeoplePage>, Problem> {
    let run = find(&app, &admin.workspace_id, run_id, Mode::Apply).await?;
    people(&app, &run, &query).await.map(Json)
}

pub(crate) async fn people(
    app: &App,
    run: &Run,
    query: &PeopleQuery,
) -> Result<PeoplePage, Problem> {
    Ok(page_of(everybody(app, run).await?, query))
}

/// Returns the result for each person of a run, failures first; nobody while the run is under way.
///
/// # Errors
/// The 500 or 503 when the log cannot be read.
pub(crate) async fn everybody(app: &App, run: &Run) -> Result<Vec<LogRow>, Problem> {
    match log_of(app, run).await? {
        None => Ok(Vec::new()),
        Some(csv) => {
            let mut rows = parse(&csv).map_err(|error| {
                tracing::error!(%error, run = %run.run_id, "a sync log cannot be read");
                Problem::internal()
            })?;
            // Those who fail for the longest time come first.
            rows.sort_by_cached_key(|row| {
                let order = Category::order(&row.action, &row.outcome);
                (order, row.failing_since.clone())
            });
            Ok(rows)
        }
    }
}

/// Returns the page of `rows` that `query` asks for.
pub(crate) fn page_of(rows: Vec<LogRow>, query: &PeopleQuery) -> PeoplePage {
    let text = search_key(query.q.as_deref().unwrap_or_default());
    let found: Vec<LogRow> = rows
        .into_iter()
        .filter(|row| {
            query
                .outcome
                .is_none_or(|outcome| row.outcome == outcome.label())
        })
        .filter(|row| {
            query
                .action
                .is_none_or(|action| row.action == action.label())
        })
        .filter(|row| {
            let mut cells = [&row.name, &row.email, &row.employee_code].into_iter();
            text.is_empty() || cells.any(|cell| search_key(cell).contains(&text))
        })
        .collect();
    let total = found.len();
    let page = usize::from(query.page.unwrap_or(NonZeroU16::MIN).get());
    let people = found
        .into_iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .collect();
    PeoplePage {
        people,
        total,
        page,
        pages: total.div_ceil(PAGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<LogRow> {
        (0..120)
            .map(|number| LogRow {
                employee_code: format!("A{number:03}"),
                name: format!("社員{number}"),
                outcome: if number % 10 == 0 { "失敗" } else { "成功" }.into(),
                ..LogRow::default()
            })
            .collect()
    }

    fn page(outcome: Option<Outcome>, q: &str, page: u16) -> PeoplePage {
        let query = PeopleQuery {
            outcome,
            action: None,
            q: Some(q.into()),
            page: NonZeroU16::new(page),
        };
        page_of(rows(), &query)
    }

    #[test]
    fn people_come_fifty_at_a_time_and_none_after_the_last() {
        let last = page(None, "", 3);
        assert_eq!((last.people.len(), last.total, last.pages), (20, 120, 3));
        for after in [4, u16::MAX] {
            assert!(page(None, "", after).people.is_empty(), "{after}");
        }
    }

    #[test]
    fn people_are_found_by_result_and_by_part_of_what_identifies_them() {
        let failed = page(Some(Outcome::Failure), "", 1);
        assert_eq!(failed.total, 12);
        let one = page(Some(Outcome::Failure), "a110", 1);
        assert_eq!(page(None, "Ａ１１０", 1).total, 1);
        assert_eq!(page(None, "社員　110", 1).total, 1);
        assert_eq!((one.total, &*one.people[0].name), (1, "社員110"));
    }
}
