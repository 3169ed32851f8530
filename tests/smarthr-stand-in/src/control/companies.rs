//! Which companies the stand-in has, and who can log in to each.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use super::Refusal;
use crate::company::{Account, Company};
use crate::state::SmartHr;

pub(super) fn router() -> Router<SmartHr> {
    Router::new().route("/companies", get(list).put(put))
}

async fn list(State(smarthr): State<SmartHr>) -> Json<Vec<Account>> {
    smarthr.with(|state| {
        let companies = state.companies.iter();
        Json(companies.map(|company| company.account.clone()).collect())
    })
}

/// Creates the companies whose tenant id is new and updates the others, whose people, items and tokens stay.
/// Companies that are not named stay as they are.
async fn put(
    State(smarthr): State<SmartHr>,
    body: Result<Json<Vec<Account>>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(accounts) = body?;
    smarthr.with(|state| {
        for account in accounts {
            let mut companies = state.companies.iter_mut();
            match companies.find(|company| company.account.tenant_id == account.tenant_id) {
                Some(company) => company.account = account,
                None => state.companies.push(Company::new(account, state.now)),
            }
        }
    });
    Ok(StatusCode::NO_CONTENT)
}
