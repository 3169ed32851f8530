//! The query of the list of users: whom it shows, in which order, and which page.

use accounts::{Direction, UserColumn, UserFilter};
use domain::GroupId;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::super::HERE;
use super::bulk_mail::BulkMail;
use crate::pages::wire_names::{value_of, wire_name};

/// The query of the list. An unknown name chooses as none does.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::users) struct ListQuery {
    /// A part of a name, an address or a code; empty for every user.
    pub(super) q: String,
    /// The name of a [`domain::UserState`].
    pub(super) state: String,
    /// The name of a [`domain::Role`].
    pub(super) role: String,
    /// The name of a [`domain::LoginMethod`].
    pub(super) login_method: String,
    /// `true` for those who are linked to SmartHR, `false` for the others.
    pub(super) linked: String,
    /// The id of a group.
    pub(super) group: String,
    /// The name of a [`UserColumn`].
    sort: String,
    /// The name of a [`Direction`].
    direction: String,
    /// The number of the page, from 1.
    page: String,
    /// The number of people who were just invited again, for the notice.
    pub(super) invited: Option<usize>,
    /// The number of people who were just sent a link to choose a new password, for the notice.
    pub(super) reset: Option<usize>,
    /// The number of people who were just invited for the first time, for the notice.
    pub(super) added: Option<usize>,
    /// Whether somebody was just registered by code, for the notice.
    pub(super) registered: Option<usize>,
    /// The number of people who were just issued initial passwords, for the notice.
    pub(super) issued: Option<usize>,
}

impl ListQuery {
    /// Returns the filter that the query asks for.
    pub(in crate::pages::users) fn filter(&self) -> UserFilter {
        UserFilter {
            state: value_of(&self.state),
            role: value_of(&self.role),
            login_method: value_of(&self.login_method),
            linked: self.linked.parse().ok(),
            group: (!self.group.is_empty()).then(|| GroupId::new(&self.group)),
            ..UserFilter::of_text(&self.q)
        }
    }

    pub(super) fn column(&self) -> UserColumn {
        value_of(&self.sort).unwrap_or_default()
    }

    pub(super) fn direction(&self) -> Direction {
        value_of(&self.direction).unwrap_or_default()
    }

    pub(super) fn page(&self) -> usize {
        self.page.parse().unwrap_or(1)
    }

    /// Returns the fields that have a value, for hidden inputs and addresses.
    pub(in crate::pages::users) fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = [
            ("q", &self.q),
            ("state", &self.state),
            ("role", &self.role),
            ("login_method", &self.login_method),
            ("linked", &self.linked),
            ("group", &self.group),
            ("sort", &self.sort),
            ("direction", &self.direction),
            ("page", &self.page),
        ];
        let fields = fields.map(|(name, value)| (name, value.as_str()));
        fields.into_iter().filter(|(_, value)| !value.is_empty())
    }

    /// Returns the query with another value for a field; an unknown field is ignored.
    #[must_use]
    pub(in crate::pages::users) fn with(mut self, name: &str, value: String) -> Self {
        let field = match name {
            "q" => &mut self.q,
            "state" => &mut self.state,
            "role" => &mut self.role,
            "login_method" => &mut self.login_method,
            "linked" => &mut self.linked,
            "group" => &mut self.group,
            "sort" => &mut self.sort,
            "direction" => &mut self.direction,
            "page" => &mut self.page,
            _ => return self,
        };
        *field = value;
        self
    }

    /// Returns the first page of the list of everybody, in the same order.
    pub(super) fn of_everybody(&self) -> Self {
        Self {
            sort: self.sort.clone(),
            direction: self.direction.clone(),
            ..Self::default()
        }
    }

    /// Returns the first page of the list sorted by `column`, the other way if it is sorted by it already.
    pub(super) fn sorted_by(&self, column: UserColumn) -> Self {
        let direction = if self.column() == column && self.direction() == Direction::Ascending {
            Direction::Descending
        } else {
            Direction::Ascending
        };
        let sorted = self.clone().with("page", String::new());
        let sorted = sorted.with("sort", wire_name(column));
        sorted.with("direction", wire_name(direction))
    }

    /// Returns the address of `path` with this query.
    pub(super) fn at(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        match query.extend_pairs(self.fields()).finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Returns the list's address, with the number of people who were just mailed.
    pub(in crate::pages::users) fn address(&self, mailed: Option<(BulkMail, usize)>) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.fields());
        if let Some((kind, people)) = mailed {
            query.append_pair(kind.wire_name(), &people.to_string());
        }
        format!("{HERE}?{}", query.finish())
    }
}
