use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::{Answer, Request, Server};

/// What a browser knows about the person who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The session cookie as `name=value`; empty if nobody is signed in.
    pub cookie: String,
    /// The CSRF token that writes carry.
    pub csrf: String,
}

/// A browser: it keeps its session cookie and the CSRF token that an answer showed last, and sends what scripts and
/// forms of our pages send. A clone has the same session until one of the two gets another one. Absolute addresses are
/// those of other sites, which get neither.
#[derive(Debug)]
pub struct Browser<S> {
    /// Where requests go.
    pub server: S,
    /// The IP address that requests come from.
    pub source: String,
    session: Mutex<Session>,
    /// The cookie of a browser in which somebody signed in, as `name=value`; empty if nobody did.
    known: Mutex<String>,
}

impl<S: Clone> Clone for Browser<S> {
    fn clone(&self) -> Self {
        Self {
            server: self.server.clone(),
            source: self.source.clone(),
            session: Mutex::new(self.session()),
            known: Mutex::new(self.known.lock().unwrap().clone()),
        }
    }
}

impl<S> Browser<S> {
    /// A browser in which nobody is signed in.
    pub fn new(server: S) -> Self {
        Self::with_session(server, Session::default())
    }

    /// A browser that has a session.
    pub fn with_session(server: S, session: Session) -> Self {
        Self {
            server,
            source: Request::get("/").source,
            session: Mutex::new(session),
            known: Mutex::default(),
        }
    }

    /// Returns the present session.
    pub fn session(&self) -> Session {
        self.jar().clone()
    }

    fn jar(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap()
    }

    /// Keeps what an answer says about the session.
    fn learn(&self, answer: &Answer) {
        if let Some(known) = answer.cookie_named("__Host-known-browser") {
            known.clone_into(&mut self.known.lock().unwrap());
        }
        let mut session = self.jar();
        let cookie = answer.cookie();
        if cookie.starts_with("__Host-session=") {
            *session = Session::default();
            if !cookie.ends_with('=') {
                cookie.clone_into(&mut session.cookie);
            }
        }
        if let Some(csrf) = answer.csrf() {
            session.csrf = csrf;
        }
    }
}

impl<S: Server> Browser<S> {
    /// Opens a page, or reads from the API.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path)).await
    }

    /// `POST`s JSON to the API; `Value::Null` is no body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Request::post(path).json(&body)).await
    }

    /// `PUT`s JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Request::new("PUT", path).json(&body)).await
    }

    /// `PATCH`es with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Request::new("PATCH", path).json(&body)).await
    }

    /// `DELETE`s what is at a path.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Request::new("DELETE", path)).await
    }

    /// Submits a form of a page, with its hidden field.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Request::post(path).form(fields)).await
    }

    /// Proves again who is signed in (本人確認), for what needs a confirmation within the last 10 minutes.
    pub async fn confirm(&self, password: &str) -> Answer {
        let body = json!({ "password": password });
        self.post("/api/v1/session/confirmation", body).await
    }

    /// Opens the page that an answer redirects to.
    pub async fn follow(&self, answer: &Answer) -> Answer {
        self.get(answer.location()).await
    }

    /// Submits a form of a page, and opens the page that it leads to.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.follow(&self.form(path, fields).await).await
    }

    /// Sends a request with the session's cookie and CSRF token.
    pub async fn send(&self, request: Request) -> Answer {
        let csrf = self.session().csrf;
        let is_read = ["GET", "HEAD"].contains(&request.method.as_str());
        if is_read || csrf.is_empty() || !request.path.starts_with('/') {
            return self.send_without_csrf(request).await;
        }
        self.send_without_csrf(request.csrf(&csrf)).await
    }

    /// Sends a request with the session's cookie, as a page of another site makes a browser do.
    pub async fn send_without_csrf(&self, request: Request) -> Answer {
        let is_here = request.path.starts_with('/');
        let mut request = request.source(&self.source);
        let mut cookies = vec![self.session().cookie, self.known.lock().unwrap().clone()];
        cookies.retain(|cookie| !cookie.is_empty());
        if is_here && !cookies.is_empty() {
            request = request.header("cookie", &cookies.join("; "));
        }
        let answer = self.server.answer(request).await;
        if is_here {
            self.learn(&answer);
        }
        answer
    }
}
