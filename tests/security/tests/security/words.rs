//! Screens, mails and files say one word for one thing: the list in docs/glossary.md.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const HEADING: &str = "## Words on screens";

/// A word, and how it is not written.
struct Word {
    right: String,
    wrong: Vec<String>,
}

/// Returns the list of the glossary.
fn words() -> Vec<Word> {
    let glossary = fs::read_to_string(Path::new(ROOT).join("docs/glossary.md")).unwrap();
    let (_, list) = glossary.split_once(HEADING).unwrap();
    let rows = list.lines().filter(|line| line.starts_with("| "));
    let words = rows.skip(1).map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        Word {
            right: cells[0].to_owned(),
            wrong: cells[1].split('、').map(str::to_owned).collect(),
        }
    });
    words.collect()
}

/// Returns the files that have texts for people.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "rs" || kind == "html" || kind == "txt")
        {
            found.push(path);
        }
    }
}

/// Returns whether `line` has the `wrong` word where it is not the beginning of the right one. A number before the
/// word stands for every number, in Rust and in templates.
fn is_miswritten(line: &str, right: &str, wrong: &str) -> bool {
    let unit = wrong.strip_prefix('2').unwrap_or(wrong);
    line.match_indices(unit).any(|(at, _)| {
        let (before, rest) = line.split_at(at);
        let counts = before.ends_with(|c: char| c.is_ascii_digit() || c == '}')
            || before.ends_with("</b>")
            || before.ends_with("</strong>");
        let is_right = right.starts_with(wrong) && rest.starts_with(right);
        !is_right && (unit == wrong || counts)
    })
}

#[test]
fn texts_for_people_use_the_words_of_the_glossary() {
    let words = words();
    assert!(words.len() > 4, "{}", words.len());
    let mut paths = Vec::new();
    for folder in ["functions", "shared"] {
        files(&Path::new(ROOT).join(folder), &mut paths);
    }
    let mut found = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().enumerate();
        for (number, line) in lines.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for Word { right, wrong } in &words {
                for wrong in wrong.iter().filter(|it| is_miswritten(line, right, it)) {
                    found.push(format!("{}:{}: {wrong}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_miswritten_word_is_found_and_the_right_one_is_not() {
    assert!(is_miswritten("\"ユーザの\"", "ユーザー", "ユーザ"));
    assert!(!is_miswritten("\"ユーザーの\"", "ユーザー", "ユーザ"));
    assert!(is_miswritten("{people}人を", "2名", "2人"));
    assert!(is_miswritten("<b>{{ people }}</b>人を", "2名", "2人"));
    assert!(!is_miswritten("{people}名、ご本人", "2名", "2人"));
}
