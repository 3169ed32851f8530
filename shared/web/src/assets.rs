//! The stylesheet and the scripts that the pages load. Every page works without the scripts, but passkeys need theirs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const STYLES: &str = concat!(
    include_str!("../assets/frame.css"),
    include_str!("../assets/texts.css"),
    include_str!("../assets/forms.css"),
    include_str!("../assets/tables.css"),
    include_str!("../assets/lists.css"),
    include_str!("../assets/cards.css"),
);

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The name, the media type and the text of each file.
const FILES: [(&str, &str, &str); 6] = [
    ("console.css", CSS, STYLES),
    // Adds buttons that copy a text.
    ("copy.js", SCRIPT, include_str!("../assets/copy.js")),
    // Shows a run's progress without reloading the page.
    ("live.js", SCRIPT, include_str!("../assets/live.js")),
    // Registers and uses passkeys. Without it the pages say that there are none.
    ("passkey.js", SCRIPT, include_str!("../assets/passkey.js")),
    // Adds a button that prints the page.
    ("print.js", SCRIPT, include_str!("../assets/print.js")),
    // Lets people see the password that they type.
    (
        "show-password.js",
        SCRIPT,
        include_str!("../assets/show-password.js"),
    ),
];

/// The query of the files' addresses, which changes with any of them.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = DefaultHasher::new();
    FILES.hash(&mut hash);
    format!("v={:016x}", hash.finish())
});

/// Returns the address of a file, such as `console.css`, for a page.
pub fn asset(name: &str) -> String {
    format!("/assets/{name}?{}", *VERSION)
}

/// `GET /assets/{file}`. Browsers keep a file for a year under the address that the pages of this version have for it.
/// While a deployment is rolled out, pages of another version ask for it too: what they get is kept for five minutes.
pub async fn asset_file(Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    let found = FILES.into_iter().find(|(file, ..)| *file == name);
    let Some((_, media_type, text)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cache_control = if query.as_ref() == Some(&*VERSION) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, cache_control),
    ];
    (headers, text).into_response()
}
