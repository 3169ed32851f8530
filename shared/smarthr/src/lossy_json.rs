//! JSON of programs that cut texts between the halves of a character: made valid without the byte order mark, and with
//! U+FFFD for what is no character.

/// Returns a body that is no JSON with what is no character replaced; nothing else is changed.
pub(crate) fn valid_json_lossy(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut valid = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        valid.push_str(before);
        let length = match half(escape) {
            None => escape
                .char_indices()
                .nth(2)
                .map_or(escape.len(), |(end, _)| end),
            Some(Half::High) if half(&escape[6..]) == Some(Half::Low) => 12,
            Some(_) => {
                valid.push('\u{FFFD}');
                rest = &escape[6..];
                continue;
            }
        };
        valid.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    valid.push_str(rest);
    valid
}

/// One half of a character that UTF-16 writes with two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// Returns which half of a character the escape at the beginning of a text stands for, if any.
fn half(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Half::High),
        0xDC00..=0xDFFF => Some(Half::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_of_characters_are_replaced() {
        for (text, expected) in [
            (r#"["\ud842"]"#, "[\"\u{FFFD}\"]"),
            (r#"["\udfb7\ud842x"]"#, "[\"\u{FFFD}\u{FFFD}x\"]"),
            (r#"["\uD842\uDFB7"]"#, r#"["\uD842\uDFB7"]"#),
            (r#"["\\ud842 \" \u00e9"]"#, r#"["\\ud842 \" \u00e9"]"#),
            ("\u{FEFF}[1]", "[1]"),
            ("\\", "\\"),
            ("\\ud84", "\\ud84"),
        ] {
            assert_eq!(valid_json_lossy(text.as_bytes()), expected);
        }
        assert_eq!(valid_json_lossy(b"[\"\xFF\"]"), "[\"\u{FFFD}\"]");
    }
}
