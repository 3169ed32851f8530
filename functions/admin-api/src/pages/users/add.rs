//! `/users/new`: [ユーザーを招待], by e-mail or by employee code.

use std::collections::BTreeSet;

use accounts::roles::check_may_give_role;
use accounts::{AccountError, Added, MOST_ADDED, NewPeople, NewPerson, NotAdded};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::people as in_words;
use domain::{GroupId, Role, SeatsInUse, User, UserId};
use web::{Frame, ProblemPage, html_page};

use super::HERE;
use crate::api::contract::seats;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, PageAdmin, PageUser, incomplete_form};
use crate::pages::wire_names::{value_of, wire_name};

#[derive(Template)]
#[template(path = "users_new.html")]
struct Page {
    frame: Frame,
    seats: SeatsInUse,
    typed: Typed,
    roles: Vec<RoleOption>,
    groups: Vec<GroupOption>,
    /// Who could not be added, and why.
    refused: Vec<String>,
    /// How many people were added nevertheless, as the screen shows it; empty if nobody was.
    added: String,
    most: usize,
}

struct RoleOption {
    wire_name: String,
    label: &'static str,
    chosen: bool,
}

struct GroupOption {
    id: String,
    name: String,
    chosen: bool,
}

/// What was typed into one of the two forms.
struct Typed {
    /// Whether it was the form for an employee code.
    by_code: bool,
    people: String,
    name: String,
    code: String,
    role: Role,
    groups: BTreeSet<GroupId>,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            by_code: false,
            people: String::new(),
            name: String::new(),
            code: String::new(),
            role: Role::Member,
            groups: BTreeSet::new(),
        }
    }
}

impl Typed {
    fn of(fields: Vec<(String, String)>) -> Result<Self, ProblemPage> {
        let mut typed = Self::default();
        for (field, value) in fields {
            match field.as_str() {
                "by" => typed.by_code = value == "code",
                "people" => typed.people = value,
                "name" => typed.name = value,
                "employee_code" => typed.code = value,
                "role" => typed.role = value_of(&value).ok_or_else(incomplete_form)?,
                "groups" => {
                    typed.groups.insert(GroupId::new(value));
                }
                _ => {}
            }
        }
        Ok(typed)
    }

    fn people(&self) -> NewPeople {
        let people = if self.by_code {
            vec![NewPerson {
                name: self.name.clone(),
                email: None,
                employee_code: Some(self.code.clone()),
            }]
        } else {
            self.people.lines().filter_map(person_of).collect()
        };
        NewPeople {
            people,
            role: self.role,
            groups: self.groups.clone(),
        }
    }
}

/// Returns the person of a line: an address, and after a blank or a comma the name.
fn person_of(line: &str) -> Option<NewPerson> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '、');
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let (email, name) = line.split_once(is_between).unwrap_or((line, ""));
    Some(NewPerson {
        name: name.trim_matches(is_between).to_owned(),
        email: Some(email.to_owned()),
        employee_code: None,
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(HERE);
    let typed = Typed::default();
    page(&app, &admin, frame, typed, Added::default(), StatusCode::OK).await
}

/// Adds the people and leads to the list, or shows the form again with the reasons for those who were not added.
pub(super) async fn submit(
    State(app): State<App>,
    ConfirmedForm(AdminForm { admin, fields }): ConfirmedForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let typed = Typed::of(fields)?;
    let accounts = app.accounts(&admin.signed_in);
    match Box::pin(accounts.add(&admin.workspace, typed.people())).await {
        Ok(result) if result.refused.is_empty() => {
            let number = result.added.len();
            let added = if typed.by_code { "registered" } else { "added" };
            Ok(Redirect::to(&format!("{HERE}?{added}={number}")).into_response())
        }
        Ok(result) => {
            let frame = admin.frame(HERE);
            let typed = typed.without(&result);
            page(&app, &admin, frame, typed, result, StatusCode::BAD_REQUEST).await
        }
        Err(error) => {
            let problem = problem(error);
            let frame = admin.frame(HERE).with_error(&problem.detail);
            page(&app, &admin, frame, typed, Added::default(), problem.status).await
        }
    }
}

impl Typed {
    /// Takes the lines away whose people were added.
    fn without(mut self, result: &Added) -> Self {
        let is_refused = |line: &&str| {
            let person = person_of(line).and_then(|person| person.email);
            person.is_some_and(|email| result.refused.iter().any(|it| it.person == email))
        };
        let lines: Vec<&str> = self.people.lines().filter(is_refused).collect();
        self.people = lines.join("\n");
        self
    }
}

async fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    typed: Typed,
    result: Added,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let (seats, _) = seats(app, &admin.workspace).await?;
    let nobody_yet = User::new(UserId::new(""), "");
    let may_give = |role: &Role| check_may_give_role(&admin.signed_in.user, &nobody_yet, *role);
    let roles = Role::ALL.into_iter().filter(|role| may_give(role).is_ok());
    let groups = admin.workspace.groups.iter().map(|group| GroupOption {
        id: group.id.to_string(),
        name: group.name.clone(),
        chosen: typed.groups.contains(&group.id),
    });
    let page = Page {
        frame,
        seats,
        roles: roles
            .map(|role| RoleOption {
                wire_name: wire_name(role),
                label: role.label(),
                chosen: role == typed.role,
            })
            .collect(),
        groups: groups.collect(),
        refused: result.refused.into_iter().map(line_of).collect(),
        added: match result.added.len() {
            0 => String::new(),
            added => in_words(added),
        },
        most: MOST_ADDED,
        typed,
    };
    Ok(html_page(status, &page))
}

fn line_of(NotAdded { person, reason }: NotAdded) -> String {
    let reason: AccountError = reason;
    format!("{person}: {}", problem(reason).detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_address_and_a_name_if_there_is_one() {
        let person = |line: &str| {
            let person = person_of(line)?;
            Some((person.email.unwrap(), person.name))
        };
        let found = |email: &str, name: &str| Some((email.to_owned(), name.to_owned()));
        assert_eq!(person(" a@b.jp "), found("a@b.jp", ""));
        assert_eq!(person("a@b.jp,新井 一郎"), found("a@b.jp", "新井 一郎"));
        assert_eq!(
            person("a@b.jp\t、新井\u{3000}一郎"),
            found("a@b.jp", "新井\u{3000}一郎")
        );
        assert_eq!(person("  "), None);
    }
}
