//! The state of OAuth: logins that wait for a company, codes, access and refresh tokens.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::options::Options;
use crate::state::FreshIds;

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

struct Access {
    grant: Grant,
    expires_at: Timestamp,
}

struct Refresh {
    grant: Grant,
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
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
}

impl OAuth {
    /// Stores a login until a company is chosen, and returns its ticket.
    pub(crate) fn add_ticket(&mut self, ticket: Ticket, ids: &mut FreshIds) -> String {
        let id = ids.token();
        self.tickets.insert(id.clone(), ticket);
        id
    }

    pub(crate) fn ticket(&self, id: &str) -> Option<&Ticket> {
        self.tickets.get(id)
    }

    pub(crate) fn take_ticket(&mut self, id: &str) -> Option<Ticket> {
        self.tickets.remove(id)
    }

    /// Issues a code for a company to the client of the login.
    pub(crate) fn issue_code(
        &mut self,
        ticket: &Ticket,
        tenant_id: &str,
        ids: &mut FreshIds,
        now: Timestamp,
    ) -> String {
        let code = ids.token();
        let request = &ticket.request;
        let kept = Code {
            grant: Grant {
                tenant_id: tenant_id.to_owned(),
                email: ticket.email.clone(),
                scope: request.scope.clone().unwrap_or_default(),
            },
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.code_challenge.clone(),
            expires_at: now + CODE_LIFE,
        };
        self.codes.insert(code.clone(), kept);
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
        options: &Options,
        ids: &mut FreshIds,
        now: Timestamp,
    ) -> Option<Issued> {
        let code = self.codes.remove(code)?;
        let proven = code.challenge.is_none_or(|challenge| {
            let digest = verifier.map(|it| URL_SAFE_NO_PAD.encode(Sha256::digest(it)));
            digest.as_ref() == Some(&challenge)
        });
        if !proven || code.redirect_uri != redirect_uri || code.expires_at <= now {
            return None;
        }
        let refresh_token = self.issue_refresh_token(code.grant.clone(), ids, now);
        Some(self.issue_access_token(code.grant, refresh_token, options, ids, now))
    }

    /// Issues a new access token for a refresh token, and with rotation a new refresh token in its place. Returns
    /// `None` when the refresh token is unknown, used up, revoked or too old.
    pub(crate) fn refresh(
        &mut self,
        refresh_token: &str,
        options: &Options,
        ids: &mut FreshIds,
        now: Timestamp,
    ) -> Option<Issued> {
        let known = self.refresh.get_mut(refresh_token)?;
        if known.used_at + REFRESH_TOKEN_IDLE <= now {
            self.refresh.remove(refresh_token);
            return None;
        }
        known.used_at = now;
        let grant = known.grant.clone();
        let next = if options.rotate_refresh_tokens {
            self.refresh.remove(refresh_token);
            self.issue_refresh_token(grant.clone(), ids, now)
        } else {
            refresh_token.to_owned()
        };
        Some(self.issue_access_token(grant, next, options, ids, now))
    }

    /// Returns the grant of an access token; `None` when it is unknown, revoked or expired.
    pub(crate) fn bearer(&self, access_token: &str, now: Timestamp) -> Option<&Grant> {
        let access = self.access.get(access_token)?;
        (access.expires_at > now).then_some(&access.grant)
    }

    /// Revokes the access tokens of a company, and its refresh tokens too if `refresh_too`.
    pub(crate) fn revoke(&mut self, tenant_id: &str, refresh_too: bool) {
        let access_tokens = &mut self.access;
        access_tokens.retain(|_, access| access.grant.tenant_id != tenant_id);
        if refresh_too {
            let refresh_tokens = &mut self.refresh;
            refresh_tokens.retain(|_, refresh| refresh.grant.tenant_id != tenant_id);
        }
    }

    fn issue_refresh_token(&mut self, grant: Grant, ids: &mut FreshIds, now: Timestamp) -> String {
        let token = ids.token();
        let used_at = now;
        self.refresh
            .insert(token.clone(), Refresh { grant, used_at });
        token
    }

    fn issue_access_token(
        &mut self,
        grant: Grant,
        refresh_token: String,
        options: &Options,
        ids: &mut FreshIds,
        now: Timestamp,
    ) -> Issued {
        let access_token = ids.token();
        let life = SignedDuration::from_secs(options.access_token_seconds.into());
        let access = Access {
            grant: grant.clone(),
            expires_at: now + life,
        };
        self.access.insert(access_token.clone(), access);
        Issued {
            access_token,
            refresh_token,
            grant,
        }
    }
}
