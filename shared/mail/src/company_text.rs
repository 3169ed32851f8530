//! Texts that a company adds to its invitation mails.

use std::fmt;

use domain::InvitationTexts;

use crate::mail_name::{cut_after, unlinkable};

/// A text that an admin typed, as it may stand in a mail: on one line, and nothing that a mail program makes a link of,
/// so that nobody can have us send their links to people whom they invite. Unlike a name it may have a telephone
/// number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyText(String);

impl CompanyText {
    /// Makes a text fit for a mail. The characters of addresses become full-width.
    pub fn new(text: &str) -> Self {
        Self(cut_after(unlinkable(text).trim(), InvitationTexts::LONGEST))
    }
}

impl fmt::Display for CompanyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_telephone_numbers_and_links_nowhere() {
        let shown = |text: &str| CompanyText::new(text).to_string();
        assert_eq!(shown("人事部 03-1234-5678"), "人事部 03-1234-5678");
        assert_eq!(shown("jinji@example.jp"), "jinji＠example．jp");
        assert_eq!(
            shown("https://evil.example\nへ"),
            "https：／／evil．example へ"
        );
        assert_eq!(shown(&"長".repeat(101)), format!("{}…", "長".repeat(99)));
    }
}
