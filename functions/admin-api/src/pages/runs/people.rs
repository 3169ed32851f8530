//! The people of a run or a preview in pages, failures first: all but those who are unchanged, those of one category,
//! or those with one cause.

use domain::causes::general_cause;
use domain::report::cause::Cause;
use domain::report::{Action, Category, Outcome};
use domain::text::people as in_words;
use domain::{Connection, Mode, Run};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use web::{Problem, RemedyPage, remedy_page};

use super::count::Count;
use crate::api::runs::log_rows::LogRow;
use crate::api::runs::people::{PeopleQuery, everybody, page_of};
use crate::app::App;
use crate::crew_pages::CompanyCrewPages;
use crate::pages::wire_names::{value_of, wire_name};

/// The query of the page. An unknown choice selects as none does.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleForm {
    /// The chosen [`Category`].
    category: String,
    /// The chosen 原因, as `Cause::text` has it.
    cause: String,
    /// A part of a name, an address or a code.
    q: String,
    page: String,
}

impl PeopleForm {
    /// Returns the form that selects, of those who failed, whom this one selects.
    pub(super) fn of_failed(self) -> Self {
        Self {
            category: wire_name(Category::Failed),
            ..self
        }
    }
}

/// The people as templates show them.
pub(crate) struct People {
    pub(crate) rows: Vec<LogRow>,
    /// How many people failed, as the screen shows it.
    pub(crate) all_failed: String,
    /// How many people were found, as the screen shows it.
    pub(crate) found: String,
    pub(crate) page: usize,
    pub(crate) pages: usize,
    /// How many people there are of each category, each a filter.
    pub(crate) counts: Vec<Count>,
    /// Why people were not synced as planned, each a filter.
    pub(crate) causes: Vec<CauseLink>,
    /// The chosen category, cause and search; empty if none was chosen.
    pub(crate) category: String,
    pub(crate) cause: String,
    pub(crate) q: String,
    /// How many people are left out because nothing was chosen and they are unchanged; empty if nobody is.
    pub(crate) folded: String,
    /// The people whose deletions were held, whether the filter matches them or not.
    pub(crate) held: Vec<LogRow>,
    /// How many people were registered who have an address: they sign in by SSO, and get no mail; empty if
    /// nobody was.
    pub(crate) registered_for_sso: String,
    /// The label of a success: in a preview it is only planned.
    pub(crate) success: &'static str,
    crew_pages: CompanyCrewPages,
}

/// A cause, which leads to the people who have it.
pub(crate) struct CauseLink {
    pub(crate) cause: Cause,
    /// How many people have it, as the screen shows it.
    pub(crate) people: String,
    /// The query that asks for these people.
    pub(crate) query: String,
    /// Whether the page `/help/failure-causes` explains it.
    pub(crate) is_explained: bool,
    /// Where an admin does what 対処 says, if that is a page of ours.
    pub(crate) remedy_page: Option<RemedyPage>,
}

impl From<Cause> for CauseLink {
    fn from(cause: Cause) -> Self {
        Self {
            query: Serializer::new(String::new())
                .append_pair("cause", &cause.text)
                .finish(),
            people: in_words(cause.people),
            remedy_page: remedy_page(&cause.text),
            is_explained: cause.outcome == Outcome::Failure.label(),
            cause,
        }
    }
}

impl People {
    /// Returns where SmartHR shows somebody who needs attention: what went wrong is often mended there.
    pub(crate) fn crew_page(&self, row: &LogRow) -> Option<String> {
        self.crew_pages
            .address(&row.crew_id)
            .filter(|_| row.outcome != self.success)
    }

    /// Returns the people of a run that the form selects.
    ///
    /// # Errors
    /// The 500 or 503 when the log cannot be read.
    pub(crate) async fn of(
        app: &App,
        connection: Option<&Connection>,
        run: &Run,
        form: &PeopleForm,
    ) -> Result<Self, Problem> {
        let mut rows = everybody(app, run).await?;
        rows.retain(LogRow::is_person);
        let held = rows
            .iter()
            .filter(|row| row.is_of(Category::Held) && row.action == Action::Delete.label())
            .cloned()
            .collect();
        let registered_for_sso = rows
            .iter()
            .filter(|row| row.is_of(Category::Registered) && !row.email.is_empty())
            .count();
        let failed = rows.iter().filter(|row| row.is_of(Category::Failed));
        let all_failed = in_words(failed.count());
        let counts = Category::ALL
            .map(|category| {
                let people = rows.iter().filter(|row| row.is_of(category));
                Count::of(category, people.count())
            })
            .into_iter()
            .filter(|count| count.people > 0)
            .collect();
        let causes = Cause::among(rows.iter().map(LogRow::cause_of_row));
        let causes = causes.into_iter().map(CauseLink::from).collect();

        let category = value_of::<Category>(&form.category);
        let (cause, q) = (form.cause.trim(), form.q.trim());
        let before = rows.len();
        if category.is_none() && cause.is_empty() && q.is_empty() {
            rows.retain(|row| !row.is_of(Category::Unchanged));
        }
        let folded = before - rows.len();
        rows.retain(|row| category.is_none_or(|category| row.is_of(category)));
        rows.retain(|row| cause.is_empty() || general_cause(&row.cause) == cause);
        let query = PeopleQuery {
            q: Some(q.to_owned()),
            page: form.page.parse().ok(),
            ..PeopleQuery::default()
        };
        let mut found = page_of(rows, &query);

        let success = match run.mode {
            Mode::Apply => Outcome::Success.label(),
            Mode::Preview => "予定",
        };
        for row in &mut found.people {
            if !row.needs_attention() {
                success.clone_into(&mut row.outcome);
            }
        }
        Ok(Self {
            rows: found.people,
            all_failed,
            found: in_words(found.total),
            page: found.page,
            pages: found.pages,
            counts,
            causes,
            category: category.map(wire_name).unwrap_or_default(),
            cause: cause.to_owned(),
            q: q.to_owned(),
            folded: if folded > 0 {
                in_words(folded)
            } else {
                String::new()
            },
            held,
            registered_for_sso: if registered_for_sso > 0 {
                in_words(registered_for_sso)
            } else {
                String::new()
            },
            success,
            crew_pages: app.crew_pages.of(connection),
        })
    }
}
