//! Tables for a terminal.

/// The first character that takes two columns of a terminal, with all after it: close enough for names of companies.
const FIRST_WIDE: char = '\u{1100}';

/// Returns rows under their headings, in columns of equal width. There may be no headings.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let headings: Vec<String> = headings.iter().map(ToString::to_string).collect();
    let mut lines: Vec<&Vec<String>> = Vec::new();
    if !headings.is_empty() {
        lines.push(&headings);
    }
    lines.extend(rows);
    let columns = lines
        .iter()
        .map(|line| line.len())
        .max()
        .unwrap_or_default();
    let width_of = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| width(cell)).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width_of).collect();
    let mut text = String::new();
    for line in lines {
        let mut padded = String::new();
        for (cell, wanted) in line.iter().zip(&widths) {
            padded.push_str(cell);
            padded.extend(std::iter::repeat_n(' ', wanted + 2 - width(cell)));
        }
        text.push_str(padded.trim_end());
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    let columns = |letter: char| if letter < FIRST_WIDE { 1 } else { 2 };
    text.chars().map(columns).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_letters_take_two_columns() {
        let rows = [["青空", "ws_1"], ["AOZORA", "ws_2"]].map(|row| row.map(String::from).to_vec());
        let text = table(&["name", "id"], &rows);
        assert_eq!(text, "name    id\n青空    ws_1\nAOZORA  ws_2\n");
    }
}
