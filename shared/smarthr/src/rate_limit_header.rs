//! The single header `RateLimit` of proxies in front of SmartHR, as the IETF's draft has it
//! (draft-ietf-httpapi-ratelimit-headers). Up to revision 7 it is a dictionary of one limit,
//! `limit=100, remaining=50, reset=5`; since then a list of limits, `"default";r=50;t=30`.

use reqwest::header::HeaderMap;

use crate::rate_limit_windows::Reading;

/// Returns the limits in their order. What is malformed, or says neither how much remains nor until when, is ignored.
pub(crate) fn limits(headers: &HeaderMap) -> Vec<Reading> {
    let lines = headers.get_all("ratelimit").iter();
    let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    let members = lines.iter().flat_map(|line| split(line, ','));
    let members: Vec<Vec<&str>> = members.map(|member| split(member, ';')).collect();
    let listed = members.iter().filter_map(|member| {
        let parameters = || member.iter().skip(1).copied();
        Reading::parse(None, value(parameters(), "r")?, value(parameters(), "t")?)
    });
    let dictionary = || members.iter().filter_map(|member| member.first().copied());
    let single = || {
        let (remaining, reset) = (
            value(dictionary(), "remaining"),
            value(dictionary(), "reset"),
        );
        Reading::parse(value(dictionary(), "limit"), remaining?, reset?)
    };
    listed.chain(single()).collect()
}

/// Returns the value of the pair `name=value` among these.
fn value<'a>(pairs: impl IntoIterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    let pairs = pairs.into_iter().filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(it, _)| it.trim() == name);
    found.next().map(|(_, value)| value)
}

/// Splits a text at a separator, except within quotes: the name of a limit may be any text.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|letter: char| {
        is_quoted ^= letter == '"';
        letter == separator && !is_quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Vec<Reading> {
        let lines = lines.iter();
        let headers = lines.map(|line| ("ratelimit".parse().unwrap(), line.parse().unwrap()));
        limits(&headers.collect())
    }

    fn limit(limit: Option<&str>, remaining: &str, reset: &str) -> Reading {
        Reading::parse(limit, remaining, reset).unwrap()
    }

    #[test]
    fn both_forms_of_the_draft_are_read() {
        let dictionary = read(&["limit=100, remaining=50, reset=5"]);
        assert_eq!(dictionary, [limit(Some("100"), "50", "5")]);
        assert_eq!(read(&["remaining=50,reset=5"]), [limit(None, "50", "5")]);
        assert_eq!(read(&[r#""default";r=50;t=30"#]), [limit(None, "50", "30")]);
        let two = [limit(None, "9", "1"), limit(None, "100", "3600")];
        let burst_and_day = [r#""burst"; r=9; t=1"#, r#""day";t=3600;r=100"#];
        assert_eq!(read(&burst_and_day), two);
        assert_eq!(read(&[&burst_and_day.join(", ")]), two);
        assert_eq!(read(&[r#""a,b;r=1;t=1";r=7;t=2"#]), [limit(None, "7", "2")]);
    }

    #[test]
    fn what_is_malformed_is_ignored_and_the_rest_obeyed() {
        for malformed in [
            "",
            "limit=100",
            "limit=100, remaining=-1, reset=5",
            "limit=100, remaining=50, reset=1800000000",
            r#""default";r=50"#,
            r#""default";r=?1;t=30"#,
            r#""default";r=50;t=soon"#,
            r#""default;r=50;t=30"#,
            ";;;,,,===",
        ] {
            assert_eq!(read(&[malformed]), [], "{malformed}");
        }
        let one = read(&[r#""broken";r=;t=1, "day";r=0;t=60"#]);
        assert_eq!(one, [limit(None, "0", "60")]);
    }
}
