//! How many of the seats that the plan allows are taken.

use std::fmt;

use crate::Workspace;
use crate::text::people;

/// プランのユーザー数: the seats that are taken, and those that the plan allows. `Display` is what the screen shows:
/// `2,946名 / 5,000名`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatsInUse {
    /// The number of users; invited people count.
    pub used: u32,
    /// The number of users that the plan allows.
    pub contracted: u32,
}

impl SeatsInUse {
    /// Returns the seats of a workspace that has `used` users.
    pub fn of(workspace: &Workspace, used: u32) -> Self {
        Self {
            used,
            contracted: workspace.seats,
        }
    }

    /// Returns how many people can still be added.
    pub fn free(self) -> u32 {
        self.contracted.saturating_sub(self.used)
    }

    /// Returns whether nobody can be added. A workspace whose record cannot be read has no number of seats, and is not
    /// full.
    pub fn is_full(self) -> bool {
        self.contracted > 0 && self.free() == 0
    }

    /// Returns whether at least 90 % of the seats are taken (product rule).
    pub fn is_nearly_full(self) -> bool {
        self.contracted > 0 && u64::from(self.used) * 10 >= u64::from(self.contracted) * 9
    }
}

impl fmt::Display for SeatsInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [used, contracted] = [self.used, self.contracted].map(|it| people(it as usize));
        write!(f, "{used} / {contracted}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_ninety_percent_on_the_seats_are_nearly_full() {
        let seats = |used, contracted| SeatsInUse { used, contracted };
        for (seats, nearly, full) in [
            (seats(17, 20), false, false),
            (seats(18, 20), true, false),
            (seats(20, 20), true, true),
            (seats(21, 20), true, true),
            (seats(89, 99), false, false),
            (seats(90, 99), true, false),
            (seats(0, 1), false, false),
            (seats(5, 0), false, false),
        ] {
            let is = (seats.is_nearly_full(), seats.is_full());
            assert_eq!(is, (nearly, full), "{seats}");
        }
        assert_eq!(seats(2_946, 5_000).to_string(), "2,946名 / 5,000名");
    }
}
