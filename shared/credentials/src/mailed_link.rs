//! A mailed link that lets one user in: an invitation, `{PUBLIC_BASE_URL}/invitations/{token}`, or a password reset,
//! `{PUBLIC_BASE_URL}/password-resets/{token}`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::is_plain_id;
use domain::{UserId, WorkspaceId};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The error for a path token that no mailed link has. It does not reveal what is wrong with the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is not the token of a mailed link")]
pub struct InvalidLinkToken;

/// The content of a link's path token: the keys to find the user by, and the secret that proves that the
/// link was mailed. Whether the secret is right, unexpired and unused depends on the stored
/// [`crate::TokenHash`] and dates.
#[derive(Clone)]
pub struct MailedLink {
    /// The workspace of the user.
    pub workspace_id: WorkspaceId,
    /// The id of the user to whom the link was mailed.
    pub user_id: UserId,
    /// The secret: 256 bits in base64url, from [`crate::DerivationKey::invitation_token`] or
    /// [`crate::DerivationKey::password_reset_token`].
    pub secret: SecretString,
}

impl MailedLink {
    /// Returns the path token: both ids in base64url and the secret, separated by dots.
    pub fn token(&self) -> SecretString {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode(self.workspace_id.as_str()),
            URL_SAFE_NO_PAD.encode(self.user_id.as_str()),
            self.secret.expose_secret(),
        )
        .into()
    }

    /// Returns the whole URL of an invitation. `public_base_url` has no trailing slash.
    pub fn invitation_url(&self, public_base_url: &str) -> SecretString {
        format!(
            "{public_base_url}/invitations/{}",
            self.token().expose_secret()
        )
        .into()
    }

    /// Returns the whole URL of a password reset. `public_base_url` has no trailing slash.
    pub fn password_reset_url(&self, public_base_url: &str) -> SecretString {
        format!(
            "{public_base_url}/password-resets/{}",
            self.token().expose_secret()
        )
        .into()
    }

    /// Parses a path token.
    ///
    /// # Errors
    /// When the token does not have the format of [`MailedLink::token`].
    pub fn parse(token: &str) -> Result<Self, InvalidLinkToken> {
        let mut parts = token.split('.');
        let (Some(workspace), Some(user), Some(secret), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidLinkToken);
        };
        if decode(secret)?.len() != 32 {
            return Err(InvalidLinkToken);
        }
        Ok(Self {
            workspace_id: WorkspaceId::new(decode_id(workspace)?),
            user_id: UserId::new(decode_id(user)?),
            secret: secret.into(),
        })
    }
}

/// Shows the ids, but not the secret.
impl fmt::Debug for MailedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailedLink")
            .field("workspace_id", &self.workspace_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

fn decode(text: &str) -> Result<Vec<u8>, InvalidLinkToken> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidLinkToken)
}

/// Decodes an id, and rejects characters that no id has, so that they never become part of a table's
/// key.
fn decode_id(text: &str) -> Result<String, InvalidLinkToken> {
    let id = String::from_utf8(decode(text)?).map_err(|_| InvalidLinkToken)?;
    if is_plain_id(&id) {
        Ok(id)
    } else {
        Err(InvalidLinkToken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    fn invitation() -> MailedLink {
        MailedLink {
            workspace_id: WorkspaceId::new("ws_1"),
            user_id: UserId::new("usr_2"),
            secret: Random::seeded(1).token(),
        }
    }

    #[test]
    fn a_url_reads_back_as_it_was_written() {
        let url = invitation().invitation_url("https://kitera.example");
        let prefix = "https://kitera.example/invitations/";
        let token = url.expose_secret().strip_prefix(prefix).unwrap();
        let read = MailedLink::parse(token).unwrap();
        let (secret, expected) = (read.secret, invitation().secret);
        assert_eq!(read.workspace_id, invitation().workspace_id);
        assert_eq!(read.user_id, invitation().user_id);
        assert_eq!(secret.expose_secret(), expected.expose_secret());
    }

    #[test]
    fn a_token_needs_no_escaping_in_a_url() {
        let token = invitation().token();
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(token.expose_secret().chars().all(unreserved));
    }

    #[test]
    fn a_mutilated_token_is_refused() {
        let token = invitation().token();
        let token = token.expose_secret();
        let one_short = &token[..token.len() - 1];
        for wrong in ["", "..", "a.b.c", one_short, &format!("{token}.x")] {
            assert!(MailedLink::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_that_could_be_another_key_is_refused() {
        let mut forged = invitation();
        forged.workspace_id = WorkspaceId::new("deleted#ws_1");
        assert!(MailedLink::parse(forged.token().expose_secret()).is_err());
    }

    proptest! {
        #[test]
        fn a_link_is_read_and_one_that_was_changed_is_refused_or_is_another_whole_link(
            (workspace, user) in ("ws_[a-z0-9]{1,8}", "usr_[a-z0-9]{1,8}"),
            (at, other) in (any::<prop::sample::Index>(), ".?"),
            anything in ".*",
        ) {
            let link = MailedLink {
                workspace_id: WorkspaceId::new(workspace),
                user_id: UserId::new(user),
                secret: Random::seeded(1).token(),
            };
            let token = link.token().expose_secret().to_owned();
            prop_assert!(MailedLink::parse(&token).is_ok());
            let at = at.index(token.len());
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            for token in [token, changed, anything] {
                if let Ok(read) = MailedLink::parse(&token) {
                    let written = read.token();
                    prop_assert_eq!(written.expose_secret(), &*token);
                }
            }
        }
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let printed = format!("{:?}", invitation());
        assert!(printed.contains("usr_2"));
        assert!(!printed.contains(invitation().secret.expose_secret()));
    }
}
