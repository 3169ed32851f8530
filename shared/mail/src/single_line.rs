//! Fits texts that others typed into places that hold one line.

/// Returns `text` as one line: control characters such as line breaks and tabs become spaces, and the
/// characters that change the reading direction are removed. No name can then begin a header, a line
/// of a mail or a row of a CSV file.
pub(crate) fn single_line(text: &str) -> String {
    text.chars()
        .filter(|c| !changes_direction(*c))
        .map(|c| if breaks_line(c) { ' ' } else { c })
        .collect()
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns whether `c` is an explicit directional character of Unicode's bidirectional algorithm
/// (UAX #9).
fn changes_direction(c: char) -> bool {
    matches!(
        c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_any_kind_become_blanks() {
        assert_eq!(
            single_line("田中\r\n花子\u{2028}\t\u{0}\u{85}"),
            "田中  花子    "
        );
    }

    #[test]
    fn a_text_cannot_turn_what_follows_around() {
        assert_eq!(single_line("株\u{202E}式会社"), "株式会社");
    }
}
