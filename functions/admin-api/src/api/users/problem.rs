//! The mapping of an [`AccountError`] to an HTTP status and code. The text is the error's own.

use accounts::AccountError;
use axum::http::StatusCode;
use web::Problem;

/// Returns the problem document for an error.
pub(crate) fn problem(error: AccountError) -> Problem {
    use AccountError as E;
    let (status, code) = match error {
        E::Store(error) => return error.into(),
        E::DerivationKey(error) => {
            tracing::error!(%error, "the derivation key cannot be used");
            return Problem::internal();
        }
        E::InvalidName => (StatusCode::BAD_REQUEST, "invalid_name"),
        E::InvalidEmail => (StatusCode::BAD_REQUEST, "invalid_email"),
        E::InvalidEmployeeCode => (StatusCode::BAD_REQUEST, "invalid_employee_code"),
        E::RecipientCount | E::PasswordCount | E::AddCount => {
            (StatusCode::BAD_REQUEST, "bad_request")
        }
        E::CredentialsOfSystemAdministrator
        | E::OwnRole
        | E::RoleOfSystemAdministrator
        | E::EmergencyAccountOfSystemAdministrator
        | E::SecondFactorsOfOthers
        | E::OwnSecondFactors
        | E::DeletesSelf
        | E::DeletesSystemAdministrator => (StatusCode::FORBIDDEN, "forbidden"),
        E::LastWayIn | E::LastLastingWayIn => (StatusCode::CONFLICT, "last_way_in"),
        E::NoEmergencyAccount | E::EmergencyAccountKeepsPassword => {
            (StatusCode::CONFLICT, "emergency_account")
        }
        E::NotRegisteredYet | E::ResetBeforeRegistration => {
            (StatusCode::CONFLICT, "not_registered_yet")
        }
        E::UnknownUser | E::UnknownImport => (StatusCode::NOT_FOUND, "not_found"),
        E::TooManyAddressChanges => (StatusCode::CONFLICT, "too_many_address_changes"),
        E::AddressNotAsked => (StatusCode::GONE, "gone"),
        E::DomainNotAllowed => (StatusCode::CONFLICT, "domain_not_allowed"),
        E::NoIdentifier => (StatusCode::CONFLICT, "no_identifier"),
        E::SsoNotConfigured => (StatusCode::CONFLICT, "sso_not_configured"),
        E::SsoWithoutEmail => (StatusCode::CONFLICT, "sso_without_email"),
        E::EmailTaken => (StatusCode::CONFLICT, "email_taken"),
        E::EmployeeCodeTaken => (StatusCode::CONFLICT, "employee_code_taken"),
        E::UnknownGroup => (StatusCode::CONFLICT, "unknown_group"),
        E::LockedBySmartHr(_) => (StatusCode::CONFLICT, "locked_by_smarthr"),
        E::InvitationForSso | E::ResetForSso => (StatusCode::CONFLICT, "sso_user"),
        E::InvitationWithoutEmail | E::ResetWithoutEmail => (StatusCode::CONFLICT, "no_email"),
        E::InvitedJustNow => (StatusCode::CONFLICT, "invited_just_now"),
        E::InvitationsPaused => (StatusCode::CONFLICT, "invitations_paused"),
        E::TooManyInvitationsToday(_) => {
            return Problem::too_many_requests(3_600, error.to_string());
        }
        E::OneCodeAtATime => (StatusCode::CONFLICT, "one_code_at_a_time"),
        E::AlreadyRegistered => (StatusCode::CONFLICT, "registered"),
        E::InitialPasswordForSso
        | E::InitialPasswordDespiteEmail
        | E::InitialPasswordWithoutCode => (StatusCode::CONFLICT, "no_initial_password"),
        E::TooManyResets => (StatusCode::CONFLICT, "too_many_resets"),
        E::NoRecipient => (StatusCode::CONFLICT, "no_recipient"),
        E::NoSecondFactor => (StatusCode::CONFLICT, "no_second_factor"),
        E::NotLinked => (StatusCode::CONFLICT, "not_linked"),
    };
    Problem::new(status, code, error.to_string())
}
