//! Text that people typed, here or in SmartHR: what may stay of it where others read it, and when two texts
//! are the same.
//!
//! A text is kept as it is shown, and folded where it is compared: [`folded`] for codes and addresses that
//! somebody types, [`search_key`] for looking people up, [`is_same_text`] for names on both sides of the sync.
//!
//! The sync changes nobody because of composed or decomposed letters, the kind of a blank, what nobody sees, or the
//! case of an address. A name that is only written in other characters (half-width, another variant of an ideograph,
//! no blank) is taken over and ends nobody's invitation. Codes and addresses of SmartHR lose their invisible
//! characters, and a domain in other letters becomes ASCII; full-width codes stay malformed, as the manual says.

mod folded;
mod numbers;
mod same_text;

pub use folded::{folded, search_key};
pub use numbers::{number, people};
pub use same_text::is_same_text;

/// Returns `text` on one line and without characters that nobody can see: line breaks and other
/// control characters become blanks, invisible characters are removed. No text can then begin a line of
/// a mail or a row of a file, look like another text, or change the reading direction of what follows.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            line.push(' ');
        } else if is_variant_selector(c) {
            // Part of a name: it selects how the ideograph before it is written.
            if line.chars().next_back().is_some_and(is_ideograph) {
                line.push(c);
            }
        } else if !is_invisible(c) {
            line.push(c);
        }
    }
    line
}

/// Returns the name that `text` shows, on one line; `None` when nothing of it can be seen.
pub fn visible_name(text: &str) -> Option<String> {
    let line = one_line(text);
    let name = line.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns what can be seen of a code or an address, without blanks around it; `None` when nothing can be. They
/// come with invisible characters where somebody copied them from a page or a file.
pub fn visible(text: &str) -> Option<String> {
    let seen = |c: &char| !is_invisible(*c) && !is_variant_selector(*c);
    let text: String = text.chars().filter(seen).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns whether nothing is shown for `c`, or a blank although Unicode calls it no white space.
///
/// These are the Default_Ignorable_Code_Points of Unicode 16 (DerivedCoreProperties.txt), among them the
/// characters that change the reading direction (UAX #9), besides the variation selectors of
/// ideographs; the interlinear annotation characters; and the Braille blank.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

fn is_variant_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_ideograph(c: char) -> bool {
    matches!(
        c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_any_kind_become_blanks() {
        let line = one_line("田中\r\n花子\u{2028}\t\u{0}\u{85}");
        assert_eq!(line, "田中  花子    ");
    }

    #[test]
    fn a_text_cannot_hide_anything_or_turn_what_follows_around() {
        assert_eq!(
            one_line("株\u{202E}式\u{200D}会\u{E0041}社\u{FE0F}"),
            "株式会社\u{FE0F}"
        );
        assert_eq!(one_line("a\u{FE0F}\u{E0100}"), "a");
    }

    #[test]
    fn the_way_an_ideograph_of_a_name_is_written_stays() {
        for name in ["葛\u{E0100}城", "辻\u{E0101}", "神\u{FE00}"] {
            assert_eq!(visible_name(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_name_of_which_nothing_can_be_seen_is_none() {
        for blank in [
            "",
            " \u{3000}",
            "\u{200B}\u{FEFF}",
            "\u{3164}\u{2800}",
            "\r\n",
        ] {
            assert_eq!(visible_name(blank), None, "{}", blank.escape_unicode());
        }
        assert_eq!(visible_name(" 田\u{AD}中\n").as_deref(), Some("田中"));
    }
}
