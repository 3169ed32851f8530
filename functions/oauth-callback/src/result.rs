//! `GET /smarthr/result`: what came of a callback. It is a page of its own, so that reloading it repeats
//! nothing, and no code stays in the address.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use connection::{CallbackOutcome, Connections};
use domain::Connection;
use serde::Deserialize;
use web::{Problem, SignedIn};

use crate::pages::{self, SETTINGS};

/// The outcome of a callback in the address of the page, which names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Connected,
    Denied,
    InvalidState,
    Expired,
    OtherSession,
    NotAllowed,
    Refused,
    ClientRefused,
    Forbidden,
    SubdomainUnknown,
    Unavailable,
}

#[derive(Deserialize)]
pub(crate) struct Shown {
    outcome: Outcome,
}

/// Redirects a callback to the page of its outcome.
pub(crate) fn redirect(outcome: &CallbackOutcome) -> Response {
    Redirect::to(&format!("/smarthr/result?outcome={}", wire_name(outcome))).into_response()
}

/// Returns the name of an outcome in the address, as [`Outcome`] reads it.
fn wire_name(outcome: &CallbackOutcome) -> &'static str {
    match outcome {
        CallbackOutcome::Connected { .. } | CallbackOutcome::ConfirmationNeeded { .. } => {
            "connected"
        }
        CallbackOutcome::Denied => "denied",
        CallbackOutcome::InvalidState => "invalid_state",
        CallbackOutcome::Expired => "expired",
        CallbackOutcome::OtherSession => "other_session",
        CallbackOutcome::NotAllowed => "not_allowed",
        CallbackOutcome::Refused => "refused",
        CallbackOutcome::ClientRefused => "client_refused",
        CallbackOutcome::Forbidden => "forbidden",
        CallbackOutcome::SubdomainUnknown => "subdomain_unknown",
        CallbackOutcome::Unavailable => "unavailable",
    }
}

/// Shows an outcome. What is connected is read again: a link to this page claims nothing.
pub(crate) async fn show(
    State(connections): State<Arc<Connections>>,
    headers: HeaderMap,
    shown: Result<Query<Shown>, QueryRejection>,
) -> Response {
    let outcome = shown.map_or(Outcome::InvalidState, |Query(shown)| shown.outcome);
    match connection_of_admin(&connections, &headers).await {
        Ok(connection) => page(outcome, connection.as_ref()),
        Err(problem) => problem.into_response(),
    }
}

fn page(outcome: Outcome, connection: Option<&Connection>) -> Response {
    let outcome = match outcome {
        Outcome::Connected => match connection {
            Some(connection) => connected(connection),
            None => return Redirect::to(SETTINGS).into_response(),
        },
        // The callback was opened twice, say by a reload before the first answer.
        Outcome::InvalidState => match connection {
            Some(connection) => return pages::already_connected(&connection.company.name),
            None => CallbackOutcome::InvalidState,
        },
        Outcome::Denied => CallbackOutcome::Denied,
        Outcome::Expired => CallbackOutcome::Expired,
        Outcome::OtherSession => CallbackOutcome::OtherSession,
        Outcome::NotAllowed => CallbackOutcome::NotAllowed,
        Outcome::Refused => CallbackOutcome::Refused,
        Outcome::ClientRefused => CallbackOutcome::ClientRefused,
        Outcome::Forbidden => CallbackOutcome::Forbidden,
        Outcome::SubdomainUnknown => CallbackOutcome::SubdomainUnknown,
        Outcome::Unavailable => CallbackOutcome::Unavailable,
    };
    pages::response(&outcome)
}

fn connected(connection: &Connection) -> CallbackOutcome {
    let connected_name = connection.company.name.clone();
    match &connection.pending {
        Some(pending) => CallbackOutcome::ConfirmationNeeded {
            connected_name,
            new_name: pending.name.clone(),
        },
        None => CallbackOutcome::Connected {
            company_name: connected_name,
        },
    }
}

/// Returns the connection of the workspace of a signed-in admin, if it has one.
async fn connection_of_admin(
    connections: &Connections,
    headers: &HeaderMap,
) -> Result<Option<Connection>, Problem> {
    let now = (connections.clock)();
    let signed_in = SignedIn::find(&connections.store, headers, now).await?;
    let admin = signed_in.filter(|it| it.has_full_access() && it.user.role.may_manage_connection());
    let Some(admin) = admin else {
        return Ok(None);
    };
    let connection = connections.store.connection(&admin.workspace_id).await?;
    Ok(connection.filter(Connection::is_established))
}
