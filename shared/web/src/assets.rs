//! The stylesheet and the scripts that the pages load.

use axum::http::header;
use axum::response::IntoResponse;

const CACHE_CONTROL: &str = "public, max-age=300";

const STYLES: &str = concat!(
    include_str!("../assets/frame.css"),
    include_str!("../assets/texts.css"),
    include_str!("../assets/forms.css"),
    include_str!("../assets/tables.css"),
    include_str!("../assets/lists.css"),
    include_str!("../assets/cards.css"),
);

/// `GET /assets/console.css`: the stylesheet of every page.
pub async fn stylesheet() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ];
    (headers, STYLES)
}

/// `GET /assets/live.js`: shows a run's progress without reloading the page. Every page works
/// without it.
pub async fn live_script() -> impl IntoResponse {
    script(include_str!("../assets/live.js"))
}

/// `GET /assets/show-password.js`: lets people see the password that they type. Every page works without
/// it.
pub async fn show_password_script() -> impl IntoResponse {
    script(include_str!("../assets/show-password.js"))
}

/// `GET /assets/copy.js`: adds buttons that copy a text. Every page works without it.
pub async fn copy_script() -> impl IntoResponse {
    script(include_str!("../assets/copy.js"))
}

/// `GET /assets/print.js`: adds a button that prints the page. Browsers print every page without it.
pub async fn print_script() -> impl IntoResponse {
    script(include_str!("../assets/print.js"))
}

/// `GET /assets/passkey.js`: registers and uses passkeys. Without it the pages say that there are none.
pub async fn passkey_script() -> impl IntoResponse {
    script(include_str!("../assets/passkey.js"))
}

fn script(text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ];
    (headers, text)
}
