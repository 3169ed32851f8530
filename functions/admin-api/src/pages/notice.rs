//! What was done, on the page that one is led to afterwards: `?done=…`. Only these words can be shown,
//! whatever somebody puts into a link.

use axum::response::Redirect;
use connection::{Disconnect, SAVED};
use serde::Deserialize;

use crate::{disconnect, link};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Saved,
    Disconnected(Disconnect),
    OtherCompany { accepted: bool },
    HeldDeletions { allowed: bool },
}

const ALL: [Done; 7] = [
    Done::Saved,
    Done::Disconnected(Disconnect::Done),
    Done::Disconnected(Disconnect::CleanUpLater),
    Done::OtherCompany { accepted: true },
    Done::OtherCompany { accepted: false },
    Done::HeldDeletions { allowed: true },
    Done::HeldDeletions { allowed: false },
];

impl Done {
    /// Leads to a page that says so.
    pub(crate) fn at(self, path: &str) -> Redirect {
        Redirect::to(&format!("{path}?done={}", self.word()))
    }

    fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Disconnected(Disconnect::Done) => "disconnected",
            Self::Disconnected(Disconnect::CleanUpLater) => "disconnecting",
            Self::OtherCompany { accepted: true } => "switched",
            Self::OtherCompany { accepted: false } => "not-switched",
            Self::HeldDeletions { allowed: true } => "allowed",
            Self::HeldDeletions { allowed: false } => "refused",
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Saved => SAVED,
            Self::Disconnected(how) => disconnect::said(how),
            Self::OtherCompany { accepted: true } => link::ACCEPTED,
            Self::OtherCompany { accepted: false } => link::REFUSED,
            Self::HeldDeletions { allowed: true } => {
                "削除を許可しました。次回の同期で削除されます。"
            }
            Self::HeldDeletions { allowed: false } => {
                "削除を拒否しました。ユーザーは削除されません。"
            }
        }
    }
}

/// The query of a page that one may be led to.
#[derive(Default, Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    done: String,
}

impl After {
    /// What to say on the page, if anything was done.
    pub(crate) fn notice(&self) -> Option<&'static str> {
        ALL.into_iter()
            .find(|done| done.word() == self.done)
            .map(Done::said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_to_its_own_message_and_others_to_none() {
        for done in ALL {
            let after = After {
                done: done.word().into(),
            };
            assert_eq!(after.notice(), Some(done.said()));
        }
        let after = After {
            done: "you have won".into(),
        };
        assert_eq!(after.notice(), None);
    }
}
