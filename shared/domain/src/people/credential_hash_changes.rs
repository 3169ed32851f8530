//! The changes of the hashes that a user signs in with.

/// The changes of the hashes that a user signs in with. `None` leaves a hash as it is.
#[derive(Clone, Debug, Default)]
pub struct CredentialHashChanges {
    /// The argon2id hash of a new password, which replaces initial password and invitation.
    pub password_hash: Option<String>,
    /// The hash of a new initial password.
    pub initial_password_hash: Option<String>,
    /// The hash of a new invitation's secret.
    pub invitation_hash: Option<String>,
    /// The address at which the user opened a mailed link: it is theirs.
    pub proven_email: Option<String>,
    /// Whether all sessions of the user end.
    pub end_sessions: bool,
}
