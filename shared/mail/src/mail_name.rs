//! Names in mails: of people, workspaces and companies, as somebody typed them.

use std::fmt;

use domain::text::one_line;

/// The most characters of a name in a mail.
const LONGEST: usize = 40;

/// The most digits of a name in a mail; a telephone number has more.
const MOST_DIGITS: usize = 6;

/// A name as it may stand in the subject and the text of a mail: on one line, of at most 40 characters,
/// and nothing that a mail program makes a link of. A person who chooses a name could otherwise have us send
/// a message of theirs, with their address, to everybody whom they invite.
///
/// Templates take names in this type only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailName(String);

impl MailName {
    /// Makes a name fit for a mail. A longer one ends in `…`; the characters of addresses become
    /// full-width; digits after the sixth become `＊`.
    pub fn new(name: &str) -> Self {
        let line = unlinkable(name);
        let mut digits = 0;
        let name: String = line
            .trim()
            .chars()
            .map(|c| {
                digits += usize::from(c.is_numeric());
                let too_many = c.is_numeric() && digits > MOST_DIGITS;
                if too_many { '＊' } else { c }
            })
            .collect();
        Self(cut_after(&name, LONGEST))
    }
}

impl fmt::Display for MailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns `text` with at most `longest` characters; a longer one ends in `…`.
pub(crate) fn cut_after(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}

/// Returns `text` on one line, and with the characters that make addresses of web pages, mailboxes,
/// folders and services in full width, so that mail programs make no link of it.
pub(crate) fn unlinkable(text: &str) -> String {
    one_line(text)
        .chars()
        .map(|c| match c {
            '.' => '．',
            ':' => '：',
            '/' => '／',
            '\\' => '＼',
            '@' => '＠',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(name: &str) -> String {
        MailName::new(name).to_string()
    }

    #[test]
    fn an_ordinary_name_stays_as_it_is() {
        for name in [
            "田中 花子",
            "みどり商事(株)",
            "O'Neill-佐藤",
            "第3営業部 2026",
        ] {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn a_message_in_a_name_is_cut_and_links_nowhere() {
        assert_eq!(
            shown("https://evil.example/a"),
            "https：／／evil．example／a"
        );
        assert_eq!(shown("a@evil.example"), "a＠evil．example");
        assert_eq!(shown("TEL 0120-123-456"), "TEL 0120-12＊-＊＊＊");
        assert_eq!(shown(&"長".repeat(40)), "長".repeat(40));
        assert_eq!(shown(&"長".repeat(41)), format!("{}…", "長".repeat(39)));
    }

    proptest! {
        #[test]
        fn no_name_is_a_link_a_second_line_or_longer_than_forty_characters(name in "\\PC{0,60}|.{0,60}|[a-z0-9.:/@\\\\ \\-+]{0,60}") {
            let shown = shown(&name);
            prop_assert!(!shown.contains(['.', ':', '/', '\\', '@']), "{shown}");
            prop_assert_eq!(one_line(&shown), shown.clone());
            prop_assert!(shown.chars().count() <= LONGEST);
            prop_assert!(shown.chars().filter(|c| c.is_numeric()).count() <= MOST_DIGITS);
        }
    }
}
