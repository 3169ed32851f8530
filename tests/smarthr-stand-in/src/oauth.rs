//! The state of OAuth: logins that wait for a company, codes, access and refresh tokens.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::state::SmartHrState;

/// The life of a code: ten minutes at most (RFC 6749, 4.1.2).
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A refresh token seems to expire when it is not used for about this long (not documented by SmartHR).
const REFRESH_TOKEN_IDLE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The query of an authorization request (RFC 6749, 4.1.1; RFC 7636, 4.3).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    #[serde(default)]
    pub(crate) response_type: String,
    pub(crate) state: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) code_challenge_method: Option<String>,
}

/// The admin and the company that a token was issued for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) tenant_id: String,
    pub(crate) email: String,
    pub(crate) scope: String,
}

/// A login that waits for the choice of a company.
#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) request: AuthorizationRequest,
    pub(crate) email: String,
}

struct Code {
    grant: Grant,
    redirect_uri: String,
    challenge: Option<String>,
    expires_at: Timestamp,
}

struct Token {
    grant: Grant,
    /// When it was issued, or used last to refresh.
    used_at: Timestamp,
}

/// A pair of tokens that was just issued, with its grant.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) grant: Grant,
}

/// Everything that was issued and is still valid.
#[derive(Default)]
pub(crate) struct OAuth {
    tickets: HashMap<String, Ticket>,
    codes: HashMap<String, Code>,
    access: HashMap<String, Token>,
    refresh: HashMap<String, Token>,
}

impl SmartHrState {
    /// Stores a login until a company is chosen, and returns its ticket.
    pub(crate) fn add_ticket(&mut self, ticket: Ticket) -> String {
        let id = self.ids.token();
        self.oauth.tickets.insert(id.clone(), ticket);
        id
    }

    pub(crate) fn ticket(&self, id: &str) -> Option<&Ticket> {
        self.oauth.tickets.get(id)
    }

    pub(crate) fn take_ticket(&mut self, id: &str) -> Option<Ticket> {
        self.oauth.tickets.remove(id)
    }

    /// Issues a code for a company to the client of the login.
    pub(crate) fn issue_code(&mut self, ticket: &Ticket, tenant_id: String) -> String {
        let code = self.ids.token();
        let request = &ticket.request;
        let kept = Code {
            grant: Grant {
                tenant_id,
                email: ticket.email.clone(),
                scope: request.scope.clone().unwrap_or_default(),
            },
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.code_challenge.clone(),
            expires_at: self.now + CODE_LIFE,
        };
        self.oauth.codes.insert(code.clone(), kept);
        code
    }

    /// Exchanges a code for tokens. The code is used up in any case. Returns `None` when it is unknown, used or
    /// expired, was issued for another redirect URI, or when the verifier does not match the challenge (RFC 7636,
    /// 4.6).
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Option<Issued> {
        let code = self.oauth.codes.remove(code)?;
        let proven = code.challenge.is_none_or(|challenge| {
            let digest = verifier.map(|it| URL_SAFE_NO_PAD.encode(Sha256::digest(it)));
            digest.as_ref() == Some(&challenge)
        });
        if !proven || code.redirect_uri != redirect_uri || code.expires_at <= self.now {
            return None;
        }
        let refresh_token = self.issue_refresh_token(code.grant.clone());
        Some(self.issue_access_token(code.grant, refresh_token))
    }

    /// Issues a new access token for a refresh token, and with rotation a new refresh token in its place. Returns
    /// `None` when the refresh token is unknown, used up, revoked or too old.
    pub(crate) fn refresh(&mut self, refresh_token: &str) -> Option<Issued> {
        let known = self.oauth.refresh.get_mut(refresh_token)?;
        if known.used_at + REFRESH_TOKEN_IDLE <= self.now {
            self.oauth.refresh.remove(refresh_token);
            return None;
        }
        known.used_at = self.now;
        let grant = known.grant.clone();
        let next = if self.options.rotate_refresh_tokens {
            self.oauth.refresh.remove(refresh_token);
            self.issue_refresh_token(grant.clone())
        } else {
            refresh_token.to_owned()
        };
        Some(self.issue_access_token(grant, next))
    }

    /// Returns the grant of an access token; `None` when it is unknown, revoked or expired.
    pub(crate) fn bearer(&self, access_token: &str) -> Option<&Grant> {
        let access = self.oauth.access.get(access_token)?;
        let life = SignedDuration::from_secs(self.options.access_token_seconds.into());
        (access.used_at + life > self.now).then_some(&access.grant)
    }

    /// Revokes the access tokens of a company, and its refresh tokens too if `refresh_too`.
    pub(crate) fn revoke(&mut self, tenant_id: &str, refresh_too: bool) {
        let OAuth {
            access, refresh, ..
        } = &mut self.oauth;
        access.retain(|_, access| access.grant.tenant_id != tenant_id);
        if refresh_too {
            refresh.retain(|_, refresh| refresh.grant.tenant_id != tenant_id);
        }
    }

    fn issue_refresh_token(&mut self, grant: Grant) -> String {
        let (token, used_at) = (self.ids.token(), self.now);
        let refresh = Token { grant, used_at };
        self.oauth.refresh.insert(token.clone(), refresh);
        token
    }

    fn issue_access_token(&mut self, grant: Grant, refresh_token: String) -> Issued {
        let (access_token, used_at) = (self.ids.token(), self.now);
        let access = Token {
            grant: grant.clone(),
            used_at,
        };
        self.oauth.access.insert(access_token.clone(), access);
        Issued {
            access_token,
            refresh_token,
            grant,
        }
    }
}
