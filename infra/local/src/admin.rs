use std::time::{Duration, Instant};

use local::Error;
use reqwest::{
    Method, Response,
    header::{COOKIE, HeaderName, LOCATION, ORIGIN, SET_COOKIE},
};
use serde_json::{Value, json};

use crate::company::Company;

/// The first システム管理者, who gets the password CSVs: e-mail and password.
pub(crate) const ADMIN: [&str; 2] = ["kanri@aozora-shoji.example", "hashiru-neko-2026"];

/// How long a preview may take, and how often to look.
const PREVIEW: (Duration, Duration) = (Duration::from_mins(2), Duration::from_millis(100));

/// The first システム管理者 at the browser.
pub(crate) struct Admin {
    http: reqwest::Client,
    base_url: String,
    /// `name=value` of the session's cookie.
    cookie: String,
    csrf_token: String,
}

impl Admin {
    /// Signs in at the product's address with e-mail and password.
    ///
    /// # Errors
    /// It was refused.
    pub(crate) async fn sign_in(
        base_url: &str,
        [email, password]: [&str; 2],
    ) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let mut admin = Self {
            http,
            base_url: base_url.to_owned(),
            cookie: String::new(),
            csrf_token: String::new(),
        };
        let credentials = json!({ "email": email, "password": password });
        let answer = admin
            .call(Method::POST, "/api/v1/sign-in", Some(credentials))
            .await?;
        let cookie = header(&answer, &SET_COOKIE);
        cookie
            .split(';')
            .next()
            .unwrap_or_default()
            .clone_into(&mut admin.cookie);
        let session = admin.read("/api/v1/session").await?;
        admin.csrf_token = text(&session["csrf_token"]);
        Ok(admin)
    }

    /// [連携する]: goes to SmartHR, lets KiteRa in there, comes back. Gives whether it came back: a
    /// SmartHR that is not the stand-in may want a person.
    ///
    /// # Errors
    /// It was refused.
    pub(crate) async fn link(&self, company: Option<&Company>) -> Result<bool, Error> {
        let begun = self
            .call(Method::POST, "/api/v1/integration/connect", Some(json!({})))
            .await?;
        let begun: Value = begun.json().await?;
        let authorize_url = text(&begun["authorize_url"]);
        let back = match company {
            Some(company) => company.let_in(&authorize_url).await?,
            None => self.http.get(&authorize_url).send().await?,
        };
        let callback = header(&back, &LOCATION);
        let Some(path) = callback.strip_prefix(&self.base_url) else {
            println!("SmartHR wants you to log in. Sign in to the console, then link there.");
            return Ok(false);
        };
        self.call(Method::GET, path, None).await?;
        let integration = self.read("/api/v1/integration").await?;
        println!("{}", text(&integration["message"]));
        Ok(true)
    }

    /// [設定を保存]: everybody, those with only an employee code too, by password, from tonight on.
    ///
    /// # Errors
    /// It was refused.
    pub(crate) async fn save_settings(&self) -> Result<(), Error> {
        let integration = self.read("/api/v1/integration").await?;
        let readers = integration["groups"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|group| group["name"] == "閲覧権限グループ");
        let settings = json!({
            "enabled": true,
            "target": "everyone_and_code_only",
            "login_method": "password",
            "default_group": readers.map(|group| &group["id"]),
        });
        let saved = self
            .call(Method::PUT, "/api/v1/integration/settings", Some(settings))
            .await?;
        let saved: Value = saved.json().await?;
        println!("{}\n", text(&saved["message"]));
        Ok(())
    }

    /// [プレビュー]: gives the address of the page that shows it.
    ///
    /// # Errors
    /// It was refused, or never came.
    pub(crate) async fn preview(&self) -> Result<String, Error> {
        let asked = self.call(Method::POST, "/api/v1/previews", None).await?;
        let asked: Value = asked.json().await?;
        let run_id = text(&asked["run_id"]);
        let started = Instant::now();
        let (patience, pause) = PREVIEW;
        while started.elapsed() < patience {
            // It is not known until it begins.
            let shown = self.read(&format!("/api/v1/previews/{run_id}")).await;
            if shown.is_ok_and(|preview| preview["outcome"] != "running") {
                return Ok(format!("/settings/smarthr/previews/{run_id}"));
            }
            tokio::time::sleep(pause).await;
        }
        Err(Error::Timeout {
            what: format!("the preview {run_id}"),
            seconds: patience.as_secs(),
        })
    }

    /// Who failed in the newest run, and why, from the downloaded log.
    ///
    /// # Errors
    /// It was refused.
    pub(crate) async fn print_failures(&self) -> Result<(), Error> {
        let runs = self.read("/api/v1/runs?limit=1").await?;
        let run_id = text(&runs["runs"][0]["run_id"]);
        let people = format!("/api/v1/runs/{run_id}/people?outcome=failure");
        for person in self.read(&people).await?["people"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let column = |name: &str| text(&person[name]);
            println!("  失敗  {}: {}", column("name"), column("cause"));
        }
        Ok(())
    }

    async fn read(&self, path: &str) -> Result<Value, Error> {
        Ok(self.call(Method::GET, path, None).await?.json().await?)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Error> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base_url))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, &self.base_url)
            .header("x-csrf-token", &self.csrf_token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        succeeded(path, request.send().await?).await
    }
}

/// The answer, if it is not an error.
///
/// # Errors
/// The status is 400 or more.
pub(crate) async fn succeeded(what: &str, answer: Response) -> Result<Response, Error> {
    let status = answer.status();
    if status.is_client_error() || status.is_server_error() {
        return Err(Error::Answer {
            what: what.to_owned(),
            status: status.as_u16(),
            body: answer.text().await?,
        });
    }
    Ok(answer)
}

fn header(answer: &Response, name: &HeaderName) -> String {
    let value = answer
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
