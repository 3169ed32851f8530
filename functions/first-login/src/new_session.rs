//! The session that begins when somebody signed in or came by a mailed link.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::AppendHeaders;
use domain::User;
use jiff::Timestamp;
use storage::StoreError;
use web::{NextStep, SessionStart, end_previous_session, other_sign_ins};

use crate::app::App;
use crate::client::Client;
use crate::emergency_sign_in;
use crate::known_browser::KnownBrowser;
use crate::second_factor::await_step::awaited_step;

/// A session that began in a browser, which is known from then on.
pub(crate) struct NewSession {
    /// The CSRF token that every write must carry.
    pub(crate) csrf: String,
    /// What has to be done before anything else; `None` if nothing.
    pub(crate) next_step: Option<NextStep>,
    set_cookies: [HeaderValue; 2],
}

impl NewSession {
    /// Begins a session of `user`, who came by a password or a mailed link, in the browser, and ends the one that it
    /// had before, but keeps other workspaces that it was signed in to with the same address. It awaits their second
    /// factor, if they have one or must set one up.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn begin(
        app: &App,
        client: &Client,
        user: &User,
        start: SessionStart,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let awaits = awaited_step(&app.store, &start.workspace_id, user, now).await?;
        Self::go_on(app, client, user, SessionStart { awaits, ..start }, now).await
    }

    /// Begins a session that goes on for one in which `user` did what it awaited.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn go_on(
        app: &App,
        client: &Client,
        user: &User,
        start: SessionStart,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let browser = KnownBrowser::of(&client.headers, &app.random);
        let account = (&start.workspace_id, &start.user_id);
        let known = browser.remember(&app.store, account, now).await?;
        let who = (&start.workspace_id, user);
        let others = other_sign_ins(&app.store, &client.headers, who, now).await?;
        let start = SessionStart { others, ..start };
        let session = emergency_sign_in::start_session(app, user, start, client, now).await?;
        end_previous_session(&app.store, &client.headers).await?;
        Ok(Self {
            csrf: session.csrf,
            next_step: session.next_step,
            set_cookies: [session.set_cookie, known],
        })
    }

    /// Returns the headers that give the browser its cookies.
    pub(crate) fn cookies(&self) -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
        let cookies = self.set_cookies.clone();
        AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)))
    }
}
