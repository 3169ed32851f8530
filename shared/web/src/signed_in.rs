//! The signed-in user behind a request, and the CSRF check of their writes.

use axum::http::{HeaderMap, StatusCode};
use credentials::session::csrf_token_matches;
use credentials::{SessionTimes, TokenHash};
use domain::{Author, User, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use storage::sessions::Session;
use storage::{Store, StoreError};

use crate::cookies::session_token;
use crate::next_step::NextStep;
use crate::problem::Problem;
use crate::related_company_access::RelatedCompanyAccess;
use crate::request_source::RequestSource;

/// The precision of [`Session::last_seen_at`]. A write for every request would cost too much.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A signed-in user, as the tables have them at the moment of the request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The workspace that the user signed in to, or entered from its parent company's.
    pub workspace_id: WorkspaceId,
    /// The user as stored now, so that a role revoked since the sign-in no longer counts. Somebody who entered from the
    /// parent company has the role that the workspace gives them.
    pub user: User,
    /// The session as stored in the table.
    pub session: Session,
    /// The hash of the session token, under which the session is stored.
    pub token_hash: String,
    /// Where the request comes from; unknown until [`SignedIn::coming_from`] says it.
    pub source: RequestSource,
}

/// Returns the hash of the session token that a request carries, whether or not there is such a
/// session.
pub fn token_hash_of(headers: &HeaderMap) -> Option<String> {
    session_token(headers).map(|token| TokenHash::of(&token).as_str().to_owned())
}

/// Returns the times that determine when a session ends.
pub fn session_times(session: &Session) -> SessionTimes {
    SessionTimes {
        signed_in_at: session.created_at,
        last_used_at: session.last_seen_at,
        ends_by: session.ends_by,
    }
}

impl SignedIn {
    /// Finds the signed-in user behind a request. Returns `None` when the request carries no cookie, the session ended
    /// or was idle for too long, the user was deleted, all sessions of the user were ended, or the user entered from
    /// the parent company and may not any more.
    ///
    /// A user whose session has a next step is signed in as well, but may do nothing else; see
    /// [`SignedIn::require`].
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn find(
        store: &Store,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some(at_home) = Self::find_at_home(store, headers, now).await? else {
            return Ok(None);
        };
        if at_home.session.entered_from.is_none() {
            return Ok(Some(at_home));
        }
        let entered = at_home.session.workspace_id.clone();
        match RelatedCompanyAccess::of(store, &at_home, &entered).await? {
            RelatedCompanyAccess::Allowed { user, .. } => Ok(Some(Self {
                workspace_id: entered,
                user: *user,
                ..at_home
            })),
            RelatedCompanyAccess::NeedsSecondFactor { .. } | RelatedCompanyAccess::Refused => {
                Ok(None)
            }
        }
    }

    /// Finds the signed-in user as [`SignedIn::find`] does, in the workspace whose user they are: for what they do with
    /// their own account while they are in another workspace.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn find_at_home(
        store: &Store,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some(token_hash) = token_hash_of(headers) else {
            return Ok(None);
        };
        let Some(mut session) = store.session(&token_hash).await? else {
            return Ok(None);
        };
        let mut times = session_times(&session);
        if !times.is_alive(now) {
            return Ok(None);
        }
        let found = store
            .user_with_hashes(session.home(), &session.user_id)
            .await?;
        let Some((user, hashes)) = found else {
            return Ok(None);
        };
        if hashes.session_epoch != session.epoch {
            return Ok(None);
        }
        if now.duration_since(session.last_seen_at) >= TOUCH_EVERY {
            session.last_seen_at = now;
            times.last_used_at = now;
            store
                .touch_session(&token_hash, now, times.ends_at())
                .await?;
        }
        Ok(Some(Self {
            workspace_id: session.home().clone(),
            user,
            session,
            token_hash,
            source: RequestSource::default(),
        }))
    }

    /// Sets where the request comes from, which every request that changes something needs.
    #[must_use]
    pub fn coming_from(mut self, source: RequestSource) -> Self {
        self.source = source;
        self
    }

    /// Returns who makes the request, for the audit trail.
    pub fn author(&self) -> Author {
        let home = self.session.home();
        Author {
            home: Some(home)
                .filter(|home| **home != self.workspace_id)
                .cloned(),
            ..self.source.author(&self.user.user_id)
        }
    }

    /// Returns whether the user acts in another workspace than that whose user they are.
    pub fn has_entered(&self) -> bool {
        *self.session.home() != self.workspace_id
    }

    /// Returns the signed-in user, who must have done every step of signing in.
    ///
    /// # Errors
    /// The 401 when nobody is signed in, the 403 of the next step ([`NextStep::problem`]), the 503 when
    /// DynamoDB does not answer.
    pub async fn require(
        store: &Store,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        Self::with_all_steps(Self::find(store, headers, now).await?)
    }

    /// Returns the signed-in user as [`SignedIn::require`] does, in the workspace whose user they are.
    ///
    /// # Errors
    /// As [`SignedIn::require`].
    pub async fn require_at_home(
        store: &Store,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        Self::with_all_steps(Self::find_at_home(store, headers, now).await?)
    }

    fn with_all_steps(signed_in: Option<Self>) -> Result<Self, Problem> {
        let Some(signed_in) = signed_in else {
            return Err(Problem::not_signed_in());
        };
        match signed_in.next_step() {
            None => Ok(signed_in),
            Some(step) => Err(step.problem()),
        }
    }

    /// Checks that the user acts in the workspace whose user they are, where their account and its secrets are.
    ///
    /// # Errors
    /// The 403 `entered_from_parent` for others.
    pub fn check_own_account(&self) -> Result<(), Problem> {
        if !self.has_entered() {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "entered_from_parent",
            "親会社からアクセスしているため、アカウントの設定は変更できません。親会社のワークスペースに切り替えて、[アカウント]で変更してください。",
        ))
    }

    /// Returns what the user has to do before anything else; `None` if nothing.
    pub fn next_step(&self) -> Option<NextStep> {
        NextStep::of(&self.session)
    }

    /// Returns whether the user may do more than the next step of signing in.
    pub fn has_full_access(&self) -> bool {
        self.next_step().is_none()
    }

    /// Checks that a write carries the session's CSRF token in `X-CSRF-Token`.
    ///
    /// # Errors
    /// The 403 `csrf` when the header is missing or has another session's token.
    pub fn check_csrf(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let token = headers
            .get("x-csrf-token")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        self.check_csrf_field(token)
    }

    /// Checks the CSRF token in the hidden field `csrf` of a form.
    ///
    /// # Errors
    /// The 403 `csrf` when the field is empty or has another session's token.
    pub fn check_csrf_field(&self, token: &str) -> Result<(), Problem> {
        let expected = self.session.csrf.clone().into();
        if !token.is_empty() && csrf_token_matches(&expected, token) {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "csrf",
            "画面の有効期限が切れました。画面を更新して、もう一度お試しください。",
        ))
    }
}
