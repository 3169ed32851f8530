//! The link in an invitation: `{PUBLIC_BASE_URL}/invitations/{token}`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::is_plain_id;
use domain::{UserId, WorkspaceId};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The token in the path is not one of ours. Says no more, whatever is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is not the token of an invitation")]
pub struct InvalidInvitationToken;

/// What the path token of an invitation carries: whose invitation it is, so that it can be looked
/// up by key, and the secret that proves it. Whether the secret is right, alive and unused is for
/// the stored [`crate::TokenHash`] and dates to say.
#[derive(Clone)]
pub struct InvitationUrl {
    /// The workspace that invites.
    pub workspace_id: WorkspaceId,
    /// The invited user.
    pub user_id: UserId,
    /// 256 bits in base64url, from [`crate::DerivationKey::invitation_token`].
    pub secret: SecretString,
}

impl InvitationUrl {
    /// The token for the path: the two ids in base64url and the secret, with dots between.
    pub fn token(&self) -> SecretString {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode(self.workspace_id.as_str()),
            URL_SAFE_NO_PAD.encode(self.user_id.as_str()),
            self.secret.expose_secret(),
        )
        .into()
    }

    /// The whole link. `public_base_url` has no slash at its end.
    pub fn url(&self, public_base_url: &str) -> SecretString {
        format!(
            "{public_base_url}/invitations/{}",
            self.token().expose_secret()
        )
        .into()
    }

    /// Reads a path token.
    ///
    /// # Errors
    /// When it is not shaped like one of ours.
    pub fn parse(token: &str) -> Result<Self, InvalidInvitationToken> {
        let mut parts = token.split('.');
        let (Some(workspace), Some(user), Some(secret), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidInvitationToken);
        };
        if decode(secret)?.len() != 32 {
            return Err(InvalidInvitationToken);
        }
        Ok(Self {
            workspace_id: WorkspaceId::new(decode_id(workspace)?),
            user_id: UserId::new(decode_id(user)?),
            secret: secret.into(),
        })
    }
}

/// Shows whose invitation it is, without the secret.
impl fmt::Debug for InvitationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvitationUrl")
            .field("workspace_id", &self.workspace_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

fn decode(text: &str) -> Result<Vec<u8>, InvalidInvitationToken> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| InvalidInvitationToken)
}

/// A text that cannot be an id of ours never reaches a table's key.
fn decode_id(text: &str) -> Result<String, InvalidInvitationToken> {
    let id = String::from_utf8(decode(text)?).map_err(|_| InvalidInvitationToken)?;
    if is_plain_id(&id) {
        Ok(id)
    } else {
        Err(InvalidInvitationToken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    fn link() -> InvitationUrl {
        InvitationUrl {
            workspace_id: WorkspaceId::new("ws_1"),
            user_id: UserId::new("usr_2"),
            secret: Random::seeded(1).token(),
        }
    }

    #[test]
    fn a_link_reads_back_as_it_was_written() {
        let url = link().url("https://kitera.example");
        let token = url
            .expose_secret()
            .strip_prefix("https://kitera.example/invitations/")
            .expect("prefix");
        let read = InvitationUrl::parse(token).expect("our own token");
        assert_eq!(read.workspace_id, link().workspace_id);
        assert_eq!(read.user_id, link().user_id);
        assert_eq!(read.secret.expose_secret(), link().secret.expose_secret());
    }

    #[test]
    fn a_link_needs_no_escaping_in_a_url() {
        let token = link().token();
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(token.expose_secret().chars().all(unreserved));
    }

    #[test]
    fn a_mutilated_token_is_refused() {
        let token = link().token();
        let token = token.expose_secret();
        let one_short = &token[..token.len() - 1];
        for wrong in ["", "..", "a.b.c", one_short, &format!("{token}.x")] {
            assert!(InvitationUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_that_could_be_another_key_is_refused() {
        let mut forged = link();
        forged.workspace_id = WorkspaceId::new("deleted#ws_1");
        assert!(InvitationUrl::parse(forged.token().expose_secret()).is_err());
    }

    proptest! {
        #[test]
        fn reading_anything_never_panics(token in ".*") {
            let _ = InvitationUrl::parse(&token);
        }
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let printed = format!("{:?}", link());
        assert!(printed.contains("usr_2"));
        assert!(!printed.contains(link().secret.expose_secret()));
    }
}
