//! What docs/ says is there, is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Where the project's own Rust is.
const FOLDERS: [&str; 5] = ["functions", "kitera", "shared", "infra", "tests"];
/// What docs/manual-coverage.md names besides crates: the stories of the deployed stack.
const GROUPS: [&str; 1] = ["night"];

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn add_files(folder: &Path, kind: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_files(&path, kind, found);
        } else if path.extension().is_some_and(|it| it == kind) {
            found.push(path);
        }
    }
}

/// Returns the project's own files of a kind, such as "rs".
fn files(kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        add_files(&Path::new(ROOT).join(folder), kind, &mut found);
    }
    found
}

fn is_part_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The names of all functions.
fn functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in files("rs") {
        let text = read(file);
        let rests = text.split("fn ").skip(1);
        names.extend(rests.map(|rest| rest.chars().take_while(|c| is_part_of_name(*c)).collect()));
    }
    names
}

/// The names of all crates.
fn crates() -> BTreeSet<String> {
    let manifests = files("toml").into_iter().map(read);
    let names = manifests.filter_map(|text| {
        let package = text.strip_prefix("[package]\nname = \"")?;
        Some(package.split('"').next()?.to_owned())
    });
    names.collect()
}

/// What stands between backticks.
fn quoted(document: &str) -> Vec<String> {
    let text = read(Path::new("docs").join(document));
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// The test targets and filters of the `cargo test` commands of a text.
fn filters(text: &str) -> Vec<&str> {
    let mut filters = Vec::new();
    for command in text.split("cargo test").skip(1) {
        let command = command.split(['`', '#']).next().unwrap();
        let mut words = command.split_whitespace();
        while let Some(word) = words.next() {
            if word == "-p" {
                words.next();
            } else if !word.starts_with('-') {
                filters.push(word);
            }
        }
    }
    filters
}

/// Tests are named as sentences: words with at least two underscores between them.
fn is_test_name(word: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    word.bytes().all(plain) && word.matches('_').count() > 1
}

#[test]
fn every_test_that_a_document_names_exists() {
    let functions = functions();
    for document in ["security.md", "manual-coverage.md"] {
        let mut named = quoted(document);
        named.retain(|word| is_test_name(word));
        assert!(named.len() > 20, "{document} names {}", named.len());
        named.retain(|name| !functions.contains(name));
        assert!(named.is_empty(), "docs/{document}: there is no {named:?}");
    }
}

#[test]
fn every_name_of_the_code_in_the_security_document_is_in_the_code() {
    let mut named = quoted("security.md");
    named.retain(|word| word.contains('_') && !word.contains(|c| !is_part_of_name(c)));
    assert!(named.len() > 100, "{}", named.len());
    for file in files("rs") {
        let text = read(file);
        let words: BTreeSet<&str> = text.split(|c| !is_part_of_name(c)).collect();
        named.retain(|name| !words.contains(&**name));
    }
    assert!(named.is_empty(), "docs/security.md: there is no {named:?}");
}

#[test]
fn every_crate_that_the_coverage_of_the_manual_names_exists() {
    let crates = crates();
    let text = read("docs/manual-coverage.md");
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let tests = rows.filter_map(|row| row.trim_end_matches([' ', '|']).rsplit('|').next());
    let prefixes = tests.flat_map(|cell| cell.split("; "));
    let mut named: Vec<&str> = prefixes
        .filter_map(|part| part.trim().split_once(':'))
        .map(|it| it.0)
        .collect();
    named.retain(|name| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    });
    assert!(named.len() > 50, "{named:?}");
    named.retain(|name| !crates.contains(*name) && !GROUPS.contains(name));
    assert!(named.is_empty(), "there is no crate {named:?}");
}

#[test]
fn every_command_that_a_guide_names_finds_tests() {
    let mut names = functions();
    for file in files("rs") {
        let folder = file.parent().and_then(Path::file_name);
        let names_of_file = [file.file_stem(), folder].into_iter().flatten();
        names.extend(names_of_file.map(|name| name.to_string_lossy().into_owned()));
    }
    for guide in ["README.md", "CONTRIBUTING.md", "tests/README.md"] {
        let text = read(guide);
        let mut filters = filters(&text);
        assert!(filters.len() > 3, "{guide}: {filters:?}");
        filters.retain(|filter| !names.iter().any(|name| name.contains(filter)));
        assert!(filters.is_empty(), "{guide}: nothing is called {filters:?}");
    }
}

#[test]
fn every_file_that_the_security_document_names_exists() {
    let mut files = quoted("security.md");
    files.retain(|word| {
        word.contains('/') && !word.starts_with('/') && !word.contains([' ', '{', '*'])
    });
    assert!(files.len() > 10, "{}", files.len());
    files.retain(|file| !Path::new(ROOT).join(file).exists());
    assert!(files.is_empty(), "there is no {files:?}");
}
