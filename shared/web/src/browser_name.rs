//! The rough name of a browser, by which people recognise their sessions.

use axum::http::{HeaderMap, header};

/// What user agents of each browser contain. Most browsers name others as well, so the first match counts.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
];

/// What user agents on each system contain; the first match counts.
const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// Returns the browser and the system that a request's `User-Agent` names, such as `Chrome(Windows)`;
/// 「不明なブラウザー」 when it names neither. Nothing of the header itself is kept.
pub fn browser_name(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|it| it.to_str().ok()).unwrap_or_default();
    let name_in = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(part, _)| agent.contains(part));
        found.map(|(_, name)| *name)
    };
    // Every WebKit names Safari; only Safari names nothing else.
    let browser = name_in(&BROWSERS).or_else(|| agent.contains("Safari/").then_some("Safari"));
    match (browser, name_in(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}({system})"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "不明なブラウザー".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_recognise_their_browser_by_its_name_and_system() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
                "Chrome(Windows)",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
                "Edge(Windows)",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari(iPhone)",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox(Linux)",
            ),
            ("curl/8.5", "不明なブラウザー"),
            ("", "不明なブラウザー"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            assert_eq!(browser_name(&headers), name);
        }
    }
}
