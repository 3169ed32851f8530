use serde_json::Value;
use url::form_urlencoded::Serializer;

const FORM: &str = "application/x-www-form-urlencoded";
const UPLOAD: &str = "multipart/form-data";
/// What stands between the parts of an upload, and in none of them.
const BOUNDARY: &str = "----a-part-of-a-form";

/// A request, put together part by part.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path with its query, or an absolute address elsewhere.
    pub path: String,
    /// The headers; each name stands once.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The IP address that the request comes from.
    pub source: String,
}

impl Request {
    /// A request with nothing but a method and a path.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            source: "203.0.113.7".into(),
        }
    }

    /// `GET` of a path.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// `POST` to a path, without a body yet.
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the IP address that the request comes from.
    #[must_use]
    pub fn source(mut self, address: &str) -> Self {
        address.clone_into(&mut self.source);
        self
    }

    /// Sets a JSON body; `Value::Null` is none.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        let text = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.json_text(text)
    }

    /// Sets a body that is declared to be JSON, whatever it is.
    #[must_use]
    pub fn json_text(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    /// Sets the fields of a form as the body.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = form.into_bytes();
        self.header("content-type", FORM)
    }

    /// Sets a form with one file as the body, as browsers send it (RFC 7578).
    #[must_use]
    pub fn upload(mut self, field: &str, file: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"file.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        let end = format!("\r\n--{BOUNDARY}--\r\n");
        self.body = [head.as_bytes(), file, end.as_bytes()].concat();
        self.header("content-type", &format!("{UPLOAD}; boundary={BOUNDARY}"))
    }

    /// Sets the CSRF token: in the header that scripts send, and in the field of a form.
    #[must_use]
    pub fn csrf(mut self, token: &str) -> Self {
        if self.headers.iter().any(|(_, value)| value == FORM) {
            let form = String::from_utf8(self.body).unwrap();
            let start = if form.is_empty() { "" } else { "&" };
            let field = Serializer::new(String::new())
                .append_pair("csrf", token)
                .finish();
            self.body = format!("{form}{start}{field}").into_bytes();
            return self;
        }
        if self
            .headers
            .iter()
            .any(|(_, value)| value.starts_with(UPLOAD))
        {
            let field = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n"
            );
            self.body.splice(0..0, field.into_bytes());
            return self;
        }
        self.header("x-csrf-token", token)
    }
}
