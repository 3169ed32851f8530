//! The nights that are played.

use crate::time::{DAY, HOUR, Time};

/// Companies of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Companies {
    /// How many there are.
    pub count: usize,
    /// People in each.
    pub people: u64,
    /// People of each who are invited in this night.
    pub invited: u64,
}

/// SES's limits of an account, which AWS sets for each and raises when it is asked (Amazon SES Developer Guide,
/// "Service quotas in Amazon SES", <https://docs.aws.amazon.com/ses/latest/dg/quotas.html>).
#[derive(Clone, Copy, Debug)]
pub struct Ses {
    /// Mails a second.
    pub a_second: u64,
    /// Mails in any 24 hours.
    pub a_day: u64,
    /// The template's parameter `MailsAtOnce`, where the account needs more than its default.
    pub mails_at_once: Option<u64>,
}

/// A night.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// Its companies.
    pub companies: Vec<Companies>,
    /// Of so many companies one has somebody who fails, which its admins are mailed about.
    pub one_fails_of: usize,
    /// The account's limits.
    pub ses: Ses,
    /// The time over which SmartHR reports changed people of these companies, evenly from 09:00 on, a batch of each
    /// (即時反映); `None` for a night, which begins at 02:00 for all.
    pub reported_over: Option<Time>,
    /// SmartHR answers nobody before this time; 0 if it does.
    pub smarthr_is_back: Time,
    /// Of a thousand invocations so many die.
    pub dying: u64,
    /// The alarms that ought to ring.
    pub rings: Vec<&'static str>,
    /// The seed of its random numbers.
    pub seed: u64,
    /// When the simulation is given up.
    pub end: Time,
}

/// An account as AWS gave them out for years. Nobody promises it: ask for what the rows below name.
pub const SMALL: Ses = Ses {
    a_second: 14,
    a_day: 50_000,
    mails_at_once: None,
};
/// One that AWS raised as a whole company was invited, or many grew.
pub const MIDDLE: Ses = Ses {
    a_second: 50,
    a_day: 250_000,
    mails_at_once: None,
};
/// One for a hundred million people, a million of whom are invited in one night.
pub const LARGE: Ses = Ses {
    a_second: 500,
    a_day: 2_500_000,
    mails_at_once: Some(100),
};

impl Scenario {
    /// Returns a night of such companies, in which nothing goes wrong.
    pub fn of(name: &'static str, companies: Vec<Companies>, ses: Ses) -> Self {
        Self {
            name,
            companies,
            one_fails_of: 10,
            ses,
            reported_over: None,
            smarthr_is_back: 0,
            dying: 0,
            rings: Vec::new(),
            seed: 20_261_130,
            end: 4 * DAY,
        }
    }

    /// Returns a night in which one in a hundred people is invited.
    fn usual(name: &'static str, count: usize, people: u64, ses: Ses) -> Self {
        let companies = Companies {
            count,
            people,
            invited: people / 100,
        };
        Self::of(name, vec![companies], ses)
    }
}

/// Returns the nights of docs/performance.md.
pub fn all() -> Vec<Scenario> {
    let first = |count, people| Companies {
        count,
        people,
        invited: people,
    };
    let usual = |count, people| Companies {
        count,
        people,
        invited: people / 100,
    };
    let mut down = Scenario::usual("SmartHR down until 07:00", 10_000, 100, SMALL);
    down.smarthr_is_back = 5 * HOUR;
    down.rings = vec!["runs-fail"];
    let quota = vec![usual(1_000, 100), first(1, 60_000)];
    let mut quota = Scenario::of("SES at 50,000 a day, 61,000 mails", quota, SMALL);
    quota.rings = vec!["ses-quota-nearly-used"];
    // Three batches of each of 10,000 companies within an hour.
    let batch = Companies {
        count: 30_000,
        people: 1_000,
        invited: 1,
    };
    let mut day = Scenario::of("1 April, 30,000 batches from 09:00", vec![batch], MIDDLE);
    day.reported_over = Some(HOUR);
    vec![
        Scenario::usual("1,000 x 100", 1_000, 100, SMALL),
        Scenario::usual("1,000 x 1,000", 1_000, 1_000, SMALL),
        Scenario::usual("1,000 x 10,000", 1_000, 10_000, MIDDLE),
        Scenario::usual("10,000 x 100", 10_000, 100, SMALL),
        Scenario::usual("10,000 x 1,000", 10_000, 1_000, MIDDLE),
        Scenario::usual("10,000 x 10,000", 10_000, 10_000, LARGE),
        Scenario::of("one company of 100,000", vec![first(1, 100_000)], MIDDLE),
        Scenario::of(
            "onboarding, 20 first nights of 1,000",
            vec![usual(1_000, 100), first(20, 1_000)],
            SMALL,
        ),
        quota,
        down,
        day,
    ]
}
