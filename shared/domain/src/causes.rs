//! Every cause that the history can name, in general words, for the help that explains them.

use crate::plan::Failure;
use crate::{CrewAttribute, RunFailure, SmartHrField};

/// A cause without what is one person's own, and what an admin can do about it, in Japanese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedCause {
    /// 原因: the cause, as [`general_cause`] returns it.
    pub cause: String,
    /// 対処: what an admin can do about it.
    pub remedy: &'static str,
}

/// Returns a cause without what is one person's own, which stands in brackets at its end.
pub fn general_cause(cause: &str) -> &str {
    cause.split_once('(').map_or(cause, |(general, _)| general)
}

/// Returns why a person can fail, each cause once.
pub fn causes_of_people() -> Vec<ExplainedCause> {
    let failures = failures_of_people();
    let explained = failures
        .iter()
        .map(|it| explained(&it.cause(), it.remedy()));
    explained.collect()
}

fn failures_of_people() -> Vec<Failure> {
    let nothing = String::new;
    vec![
        Failure::NoName,
        Failure::InvalidEmail { email: nothing() },
        Failure::DomainNotAllowed { domain: nothing() },
        Failure::InvalidCode { code: nothing() },
        Failure::CodeTooLong,
        Failure::SeatsExceeded { seats: 0 },
        Failure::NeitherEmailNorCode,
        Failure::SsoWithoutEmail,
        Failure::SsoNotConfigured,
        Failure::DuplicateEmail {
            email: nothing(),
            others: Vec::new(),
        },
        Failure::DuplicateCode {
            code: nothing(),
            others: Vec::new(),
        },
        Failure::EmailTaken { by: nothing() },
        Failure::CodeTaken { by: nothing() },
        Failure::IdentifiersDisagree { user: nothing() },
        Failure::CircleTooLarge { people: 0 },
        Failure::FieldInQuestion {
            field: SmartHrField::Email,
        },
        Failure::FieldInQuestion {
            field: SmartHrField::Code,
        },
        Failure::UnreadableInSmartHr {
            attribute: CrewAttribute::Name,
        },
        Failure::Internal,
        Failure::LastSystemAdministrator,
        Failure::LastWayIn,
    ]
}

/// Returns why a whole run can fail, each cause once.
pub fn causes_of_runs() -> Vec<ExplainedCause> {
    let failures = [
        RunFailure::NotConnected,
        RunFailure::TokenRefused,
        RunFailure::ClientRefused,
        RunFailure::SmartHrDown,
        RunFailure::SmartHrMaintenance,
        RunFailure::AnswerUnreadable,
        RunFailure::SmartHrForbidden,
        RunFailure::ReadNotWhole {
            expected: 0,
            got: 0,
        },
        RunFailure::PermissionLost {
            field: SmartHrField::Email,
        },
        RunFailure::PermissionLost {
            field: SmartHrField::Code,
        },
        RunFailure::ReadUnsteady,
        RunFailure::ItemsHidden,
        RunFailure::ItemsMadeAgain,
        RunFailure::UnknownData,
        RunFailure::Stopped,
        RunFailure::RowsUnreadable,
        RunFailure::LogNotKept,
        RunFailure::Internal,
    ];
    let explained = failures
        .iter()
        .map(|it| explained(&it.cause(), it.remedy()));
    explained.collect()
}

fn explained(cause: &str, remedy: &'static str) -> ExplainedCause {
    ExplainedCause {
        cause: general_cause(cause).to_owned(),
        remedy,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The number of variants of [`Failure`].
    const FAILURES: usize = 20;

    /// Returns the place of a failure among all. A new one does not compile before it has a place here, below
    /// [`FAILURES`].
    fn place_of(failure: &Failure) -> usize {
        match failure {
            Failure::NoName => 0,
            Failure::InvalidEmail { .. } => 1,
            Failure::DomainNotAllowed { .. } => 2,
            Failure::InvalidCode { .. } => 3,
            Failure::CodeTooLong => 4,
            Failure::SeatsExceeded { .. } => 5,
            Failure::NeitherEmailNorCode => 6,
            Failure::SsoWithoutEmail => 7,
            Failure::SsoNotConfigured => 8,
            Failure::DuplicateEmail { .. } => 9,
            Failure::DuplicateCode { .. } => 10,
            Failure::EmailTaken { .. } => 11,
            Failure::CodeTaken { .. } => 12,
            Failure::IdentifiersDisagree { .. } => 13,
            Failure::CircleTooLarge { .. } => 14,
            Failure::FieldInQuestion { .. } => 15,
            Failure::UnreadableInSmartHr { .. } => 16,
            Failure::Internal => 17,
            Failure::LastSystemAdministrator => 18,
            Failure::LastWayIn => 19,
        }
    }

    #[test]
    fn every_failure_of_people_is_explained() {
        let listed: BTreeSet<usize> = failures_of_people().iter().map(place_of).collect();
        assert_eq!(listed, (0..FAILURES).collect());
    }

    #[test]
    fn every_cause_is_listed_once_and_says_what_to_do() {
        for causes in [causes_of_people(), causes_of_runs()] {
            for (index, cause) in causes.iter().enumerate() {
                assert!(!cause.remedy.is_empty() && !cause.cause.is_empty());
                let twice = causes[..index].iter().any(|it| it.cause == cause.cause);
                assert!(!twice, "{}", cause.cause);
            }
        }
    }

    #[test]
    fn a_general_cause_names_nobody() {
        let failure = Failure::EmailTaken {
            by: "田中 花子".into(),
        };
        assert_eq!(
            general_cause(&failure.cause()),
            "メールアドレスを別のユーザーが使用しています"
        );
    }
}
