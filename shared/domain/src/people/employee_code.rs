//! 従業員コード (SmartHR: 社員番号), checked when it is parsed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::visible;

/// The most characters that a code may have.
pub(crate) const MAX_CODE_LENGTH: usize = 64;

/// A well-formed employee code: half-width letters, digits and hyphens, at most 64 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmployeeCode(Box<str>);

impl EmployeeCode {
    /// Parses a code, of which invisible characters are left out; `None` if it is malformed.
    ///
    /// Manual: 「従業員コードの形式が不正(半角英数字・ハイフン以外の文字が含まれている)」.
    pub fn parse(text: &str) -> Option<Self> {
        let text = visible(text)?;
        Self::well_formed(&text).map(|text| Self(text.into()))
    }

    /// As [`EmployeeCode::parse`], but returns the part of `text` that is the code.
    pub(crate) fn well_formed(text: &str) -> Option<&str> {
        let text = text.trim();
        let well_formed = (1..=MAX_CODE_LENGTH).contains(&text.len()) && has_allowed_letters(text);
        well_formed.then_some(text)
    }

    /// Returns whether a code is malformed because of its length only.
    pub(crate) fn is_only_too_long(text: &str) -> bool {
        let text = text.trim();
        text.len() > MAX_CODE_LENGTH && has_allowed_letters(text)
    }

    /// Returns the code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn has_allowed_letters(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl fmt::Display for EmployeeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_half_width_letters_digits_and_hyphens_are_well_formed() {
        for code in ["00123", "A-7", "-9", "x"] {
            assert!(EmployeeCode::parse(code).is_some(), "{code}");
        }
        for code in ["", "１２３", "A_7", "A 7", "営業1", "A.7", "A–7"] {
            assert!(EmployeeCode::parse(code).is_none(), "{code}");
        }
    }
}
