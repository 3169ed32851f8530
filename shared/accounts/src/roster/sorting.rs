//! Sorting of the list of users.

use std::cmp::Ordering;

use domain::UserState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::RosterEntry;

/// A column that the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserColumn {
    /// 従業員コード; who has none comes last.
    #[default]
    Code,
    /// 氏名, by its characters.
    Name,
    /// 状態, in the order of [`UserState::ALL`].
    State,
    /// 最終ログイン; who never signed in comes first.
    LastSignIn,
}

/// Which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The smallest first.
    #[default]
    Ascending,
    /// The largest first.
    Descending,
}

impl UserColumn {
    /// Sorts users by this column, and users who are equal by code, name and id.
    pub fn sort(self, users: &mut [&RosterEntry], direction: Direction, now: Timestamp) {
        users.sort_by(|a, b| by_code(a, b));
        let state = |it: &&RosterEntry| {
            let first = UserState::first_of(&it.user, it.last_sign_in, now);
            UserState::ALL.iter().position(|state| *state == first)
        };
        match self {
            Self::Code => {}
            Self::Name => users.sort_by(|a, b| a.user.name.cmp(&b.user.name)),
            Self::State => users.sort_by_cached_key(state),
            Self::LastSignIn => users.sort_by_key(|it| it.last_sign_in),
        }
        if direction == Direction::Descending {
            users.reverse();
        }
    }
}

fn by_code(a: &RosterEntry, b: &RosterEntry) -> Ordering {
    let codes = match (&a.user.code, &b.user.code) {
        (Some(a), Some(b)) => compare_codes(a.as_str(), b.as_str()),
        (a, b) => a.is_none().cmp(&b.is_none()),
    };
    let names = || a.user.name.cmp(&b.user.name);
    let ids = || a.user.user_id.cmp(&b.user.user_id);
    codes.then_with(names).then_with(ids)
}

/// Compares codes as people count: digits as numbers, so that 9 comes before 10.
fn compare_codes(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let ((a_digits, a_rest), (b_digits, b_rest)) = (digits(a), digits(b));
        let ordering = if a_digits.is_empty() || b_digits.is_empty() {
            let (mut a_chars, mut b_chars) = (a.chars(), b.chars());
            let ordering = a_chars.next().cmp(&b_chars.next());
            if a.is_empty() {
                return ordering;
            }
            (a, b) = (a_chars.as_str(), b_chars.as_str());
            ordering
        } else {
            let a_number = a_digits.trim_start_matches('0');
            let b_number = b_digits.trim_start_matches('0');
            (a, b) = (a_rest, b_rest);
            (a_number.len(), a_number).cmp(&(b_number.len(), b_number))
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

/// Splits a text after the digits that it begins with.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_the_order_in_which_people_count() {
        let ordered = [
            "", "1", "0002", "9", "10", "A-2", "A-10", "A-10-1", "B-1", "a-1",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare_codes(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare_codes(pair[1], pair[0]), Ordering::Greater);
        }
        assert_eq!(compare_codes("A-01", "A-1"), Ordering::Equal);
    }
}
