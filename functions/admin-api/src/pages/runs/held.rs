//! The deletions that a run held: who, and the answer about all or some of them, which is confirmed first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::text::people;
use domain::time::{date_and_time, next_scheduled_run};
use domain::{Connection, Decision, Mode, UserId};
use web::{Frame, Problem, ProblemPage, html_page};

use super::PATH;
use crate::api::runs::held_deletions::{decide, nothing_held};
use crate::api::runs::log_rows::LogRow;
use crate::api::runs::people::everybody;
use crate::api::runs::run::{connection_for_answers, find};
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, incomplete_form};
use crate::input::Id;
use crate::pages::notice::Notice;
use crate::pages::wire_names::value_of;

/// The most people with a checkbox each: a form has at most 64 KiB.
const MOST_BY_NAME: usize = 500;

/// Somebody whose deletion was held.
pub(crate) struct HeldPerson {
    pub(crate) row: LogRow,
    /// The answer so far; `None` while there is none.
    pub(crate) decision: Option<Decision>,
    /// Whether the person is answered apart from the others.
    pub(crate) has_checkbox: bool,
}

/// Those whose deletions a run held.
pub(crate) struct HeldPeople {
    /// Those who wait for an answer come first where not all of them have a checkbox.
    pub(crate) people: Vec<HeldPerson>,
    /// The number of people with a checkbox, if there are others; they can be answered all together as well.
    pub(crate) part: Option<usize>,
}

impl HeldPeople {
    /// Returns the people of these rows; `connection` is the one that accepts answers about them, if any.
    pub(super) fn of(rows: &[LogRow], connection: Option<&Connection>) -> Self {
        // Logs of earlier versions have no ids.
        let by_name = connection.is_some() && rows.iter().all(|row| !row.user_id.is_empty());
        let person = |row: &LogRow| {
            let user_id = UserId::new(row.user_id.as_str());
            HeldPerson {
                decision: connection.and_then(|it| it.decisions.answer_to(&user_id)),
                has_checkbox: by_name,
                row: row.clone(),
            }
        };
        let mut people: Vec<HeldPerson> = rows.iter().map(person).collect();
        if !by_name || people.len() <= MOST_BY_NAME {
            return Self { people, part: None };
        }
        people.sort_by_key(|person| person.decision.is_some());
        for person in people.iter_mut().skip(MOST_BY_NAME) {
            person.has_checkbox = false;
        }
        Self {
            people,
            part: Some(MOST_BY_NAME),
        }
    }
}

/// A form about held deletions: a field for each user, unless it is about all of them, and the clicked button.
struct Answer {
    user_ids: Option<Vec<String>>,
    decision: Decision,
}

impl Answer {
    fn of(fields: &[(String, String)]) -> Result<Self, ProblemPage> {
        let named = |name: &'static str| {
            let fields = fields.iter().filter(move |field| field.0 == name);
            fields.map(|field| field.1.clone())
        };
        let decision = named("decision").find_map(|name| value_of(&name));
        let by_name = named("by_name").next().is_some();
        Ok(Self {
            user_ids: by_name.then(|| named("user_ids").collect()),
            decision: decision.ok_or_else(incomplete_form)?,
        })
    }
}

#[derive(Template)]
#[template(path = "run_held_confirm.html")]
struct Page {
    frame: Frame,
    run_id: String,
    decision: Decision,
    /// The people whom the answer is about.
    chosen: Vec<LogRow>,
    /// The number of these people, as the screen shows it.
    people: String,
    /// Whether the answer names each of them.
    by_name: bool,
    /// When the next run is that acts on the answer; `None` unless every night syncs.
    next_run: Option<String>,
}

/// Shows whom an answer is about, and what it does.
pub(super) async fn confirm(
    State(app): State<App>,
    run_id: Result<Id, Problem>,
    form: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let admin = &form.admin;
    let answer = Answer::of(&form.fields)?;
    let run = find(&app, admin.workspace_id(), run_id.clone(), Mode::Apply).await?;
    let connection = connection_for_answers(&app, admin.workspace_id(), &run).await?;
    let held = |row: &LogRow| run.held.iter().any(|held| held.as_str() == row.user_id);
    let mut chosen = everybody(&app, &run).await?;
    chosen.retain(|row| {
        held(row)
            && answer
                .user_ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&row.user_id))
    });
    if connection.is_none() || run.held.is_empty() || answer.user_ids.is_some() && chosen.is_empty()
    {
        return Err(nothing_held().into());
    }
    let count = match &answer.user_ids {
        None => run.held.len(),
        Some(_) => chosen.len(),
    };
    let at_night = connection.is_some_and(|it| it.syncs_at_night());
    let page = Page {
        frame: admin.frame(PATH).without_banners(),
        run_id,
        decision: answer.decision,
        people: people(count),
        by_name: answer.user_ids.is_some(),
        chosen,
        next_run: at_night.then(|| date_and_time(next_scheduled_run(app.now()))),
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Stores the answer, and redirects to the run.
pub(super) async fn answer(
    State(app): State<App>,
    run_id: Result<Id, Problem>,
    ConfirmedForm(form): ConfirmedForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let path = format!("{PATH}/{run_id}");
    let Answer { user_ids, decision } = Answer::of(&form.fields)?;
    decide(&app, &form.admin.signed_in, run_id, user_ids, decision).await?;
    let allowed = decision == Decision::Allow;
    Ok(Notice::HeldDeletions { allowed }.at(&path).into_response())
}
