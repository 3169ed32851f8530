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
    let nothing = String::new;
    let failures = [
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
    ];
    let explained = failures
        .iter()
        .map(|it| explained(&it.cause(), it.remedy()));
    explained.collect()
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
    use super::*;

    /// Fails to compile when a cause is added, so that nobody forgets the lists above.
    fn is_listed(failure: &Failure) -> bool {
        match failure {
            Failure::NoName
            | Failure::InvalidEmail { .. }
            | Failure::DomainNotAllowed { .. }
            | Failure::InvalidCode { .. }
            | Failure::CodeTooLong
            | Failure::SeatsExceeded { .. }
            | Failure::NeitherEmailNorCode
            | Failure::SsoWithoutEmail
            | Failure::SsoNotConfigured
            | Failure::DuplicateEmail { .. }
            | Failure::DuplicateCode { .. }
            | Failure::EmailTaken { .. }
            | Failure::CodeTaken { .. }
            | Failure::IdentifiersDisagree { .. }
            | Failure::CircleTooLarge { .. }
            | Failure::FieldInQuestion { .. }
            | Failure::UnreadableInSmartHr { .. }
            | Failure::Internal
            | Failure::LastSystemAdministrator
            | Failure::LastWayIn => true,
        }
    }

    #[test]
    fn every_cause_is_listed_once_and_says_what_to_do() {
        assert!(is_listed(&Failure::NoName));
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
