//! The choices of the filter, each with the number of people whom it would show.

use accounts::UserCounts;
use domain::text::number;

use super::query::ListQuery;
use crate::pages::users::HERE;
use crate::pages::wire_names::wire_name;

/// The choices for one field of the filter, of which at most one is chosen.
pub(super) struct ChipGroup {
    pub(super) label: &'static str,
    pub(super) chips: Vec<Chip>,
}

/// A choice, as a link that chooses it, or takes the choice back.
pub(super) struct Chip {
    pub(super) label: &'static str,
    pub(super) people: String,
    pub(super) address: String,
    pub(super) chosen: bool,
    /// Whether somebody should look at these people.
    pub(super) is_trouble: bool,
}

impl ChipGroup {
    fn new(label: &'static str, chips: impl Iterator<Item = Chip>) -> Self {
        let chips = chips.filter(|chip| chip.chosen || chip.people != "0");
        Self {
            label,
            chips: chips.collect(),
        }
    }

    /// Returns all groups, with the choices that would show anybody.
    pub(super) fn all(query: &ListQuery, counts: &UserCounts) -> [Self; 4] {
        let filter = query.filter();
        let chip = |field, value: String, label, people, chosen| {
            let value = if chosen { String::new() } else { value };
            let query = query.clone().with(field, value);
            Chip {
                label,
                people: number(people),
                address: query.with("page", String::new()).at(HERE),
                chosen,
                is_trouble: false,
            }
        };
        let states = counts.states.iter().map(|&(state, people)| Chip {
            is_trouble: state.is_trouble(),
            ..chip(
                "state",
                wire_name(state),
                state.label(),
                people,
                filter.state == Some(state),
            )
        });
        let roles = counts.roles.iter().map(|&(role, people)| {
            chip(
                "role",
                wire_name(role),
                role.label(),
                people,
                filter.role == Some(role),
            )
        });
        let methods = counts.login_methods.iter().map(|&(method, people)| {
            let chosen = filter.login_method == Some(method);
            chip(
                "login_method",
                wire_name(method),
                method.label(),
                people,
                chosen,
            )
        });
        let linked = counts.linked.iter().map(|&(linked, people)| {
            let label = if linked { "連携中" } else { "連携なし" };
            chip(
                "linked",
                linked.to_string(),
                label,
                people,
                filter.linked == Some(linked),
            )
        });
        [
            Self::new("状態", states),
            Self::new("役割", roles),
            Self::new("認証方法", methods),
            Self::new("SmartHR連携", linked),
        ]
    }
}
