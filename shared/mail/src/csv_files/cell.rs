//! Cells of CSV files that people open in Excel or LibreOffice.
//!
//! Excel reads a cell that begins with `=`, `+`, `-` or `@` as a formula, whether or not it is quoted,
//! and the Japanese Excel does the same for the full-width signs. It also rewrites what looks like a
//! number or a date: `0012` becomes 12, `1-2` the 2nd of January, `1E5` 100000. A name must not run as
//! a formula, and an employee code must arrive unchanged.
//!
//! Such a cell therefore starts with a no-break space and an en space ([`GUARD`]). Excel trims ordinary
//! spaces but not the no-break space, LibreOffice trims both but not the en space, and either reads the
//! rest as text. The rest is exactly what was stored, also after it was copied into a form that trims
//! white space, as ours do.
//!
//! The alternatives are worse. An apostrophe stays visible in an opened CSV file, so that people would
//! read a wrong code, and may get lost when the file is saved. `="0012"` is itself a formula. A tab
//! splits the cell when it is pasted, which leaves the formula behind it unguarded, and OWASP lists it
//! among the dangerous beginnings. Quoting has no effect.

use domain::text::one_line;

/// The blanks before a cell that Excel or LibreOffice would otherwise read as a formula, a number or a
/// date.
pub const GUARD: &str = "\u{A0}\u{2002}";

/// The guard of files that were written before LibreOffice was thought of. Sync logs are kept for 400 days.
const OLD_GUARD: char = '\u{A0}';

/// Returns what a cell of one of our files says: without the guard.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix(GUARD)
        .or_else(|| cell.strip_prefix(OLD_GUARD))
        .unwrap_or(cell)
}

/// Returns a cell of free text, such as a name: one line, and no formula.
pub(crate) fn text_cell(text: &str) -> String {
    let text = one_line(text);
    if starts_like_a_formula(&text) || text.starts_with(OLD_GUARD) {
        return guarded(&text);
    }
    text
}

/// Returns a cell with an employee code, which Excel shows unchanged.
pub(crate) fn code_cell(code: &str) -> String {
    let code = one_line(code);
    if starts_like_a_formula(&code) || would_be_rewritten(&code) || code.starts_with(OLD_GUARD) {
        return guarded(&code);
    }
    code
}

/// Returns `text` with the guard before it. A text that begins with a guard of its own gets another
/// one, so that removing one always yields the text.
fn guarded(text: &str) -> String {
    format!("{GUARD}{text}")
}

/// Returns whether a cell begins like a formula after spaces, which some programs remove first.
fn starts_like_a_formula(text: &str) -> bool {
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Returns whether Excel might show something other than the code. A needless guard does no harm.
fn would_be_rewritten(code: &str) -> bool {
    match code.chars().next() {
        Some(first) if first.is_ascii_digit() => !is_plain_number(code),
        Some(first) if first.is_ascii_alphabetic() => is_word_for_excel(code),
        _ => false,
    }
}

/// Returns whether Excel shows the digits unchanged: no leading zero, and at most 11 digits. It shows
/// more of them as 1.23E+11.
fn is_plain_number(code: &str) -> bool {
    code.len() <= 11 && !code.starts_with('0') && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether Excel reads a word as a truth value or the beginning of a date: `MAR10`,
/// `dec-1`, and in Japan `R8-4-1` (令和8年).
fn is_word_for_excel(code: &str) -> bool {
    let lower = code.to_ascii_lowercase();
    if lower == "true" || lower == "false" {
        return true;
    }
    let letters_end = lower
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(lower.len());
    let (letters, rest) = lower.split_at(letters_end);
    let digits_follow = !rest.is_empty()
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let is_month = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    .iter()
    .any(|month| letters.starts_with(month));
    let is_era = ["m", "t", "s", "h", "r"].contains(&letters) && rest.contains('-');
    digits_follow && (is_month || is_era)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_guarded(cell: fn(&str) -> String, texts: &[&str]) {
        for text in texts {
            assert_eq!(cell(text), format!("{GUARD}{text}"));
        }
    }

    #[track_caller]
    fn assert_unchanged(cell: fn(&str) -> String, texts: &[&str]) {
        for text in texts {
            assert_eq!(cell(text), *text);
        }
    }

    #[test]
    fn a_text_that_starts_like_a_formula_gets_the_guard() {
        assert_guarded(text_cell, &["=HYPERLINK(\"http://example.com\")"]);
        assert_guarded(
            text_cell,
            &["+81", "-1", "@SUM(A1)", "＝1+1", "－１", " =1"],
        );
        assert_guarded(text_cell, &["\u{3000}=1"]);
        assert_eq!(text_cell("\u{200B}=1"), format!("{GUARD}=1"));
        assert_eq!(text_cell("\t=1"), format!("{GUARD} =1"));
        assert_eq!(text_cell("\r=1"), format!("{GUARD} =1"));
    }

    #[test]
    fn an_ordinary_text_is_left_alone() {
        assert_unchanged(text_cell, &["", "田中 花子", "a=b", "Jean-Luc", "0"]);
        assert_unchanged(text_cell, &["hanako@example.com"]);
    }

    #[test]
    fn a_text_that_begins_with_a_no_break_space_keeps_it_when_the_guard_is_taken_away() {
        for text in ["\u{A0}*81", "\u{A0}\u{2002}*81"] {
            assert_guarded(text_cell, &[text]);
            assert_guarded(code_cell, &[text]);
            assert_eq!(unguarded(&text_cell(text)), text);
        }
    }

    #[test]
    fn a_cell_of_an_older_file_is_read_without_its_guard() {
        assert_eq!(unguarded("\u{A0}0012"), "0012");
        assert_eq!(unguarded("0012"), "0012");
    }

    #[test]
    fn codes_that_excel_would_rewrite_arrive_behind_the_guard_as_they_are() {
        assert_guarded(code_cell, &["-12", "-A12", "0", "00123", "-", "0-1"]);
        assert_guarded(code_cell, &["1E5", "1-2", "12A", "MAR10", "dec-1", "TRUE"]);
        assert_guarded(code_cell, &["2026-4-1", "R8-4-1", "123456789012"]);
    }

    #[test]
    fn codes_that_excel_shows_as_they_are_need_no_guard() {
        assert_unchanged(code_cell, &["1", "1024", "10000000001", "A-0001"]);
        assert_unchanged(code_cell, &["EMP001", "S1001", "marketing", "H-a"]);
    }
}
