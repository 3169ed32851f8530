//! What docs/ says is there, is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Where the project's own Rust is.
const FOLDERS: [&str; 4] = ["functions", "shared", "infra", "tests"];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The names of all functions.
fn functions() -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        rust_files(&Path::new(ROOT).join(folder), &mut files);
    }
    let mut names = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        names.extend(text.split("fn ").skip(1).map(|rest| {
            let is_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
            rest.chars().take_while(is_name).collect()
        }));
    }
    names
}

/// What stands between backticks.
fn quoted(document: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(ROOT).join("docs").join(document)).unwrap();
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
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
fn every_file_that_the_security_document_names_exists() {
    let mut files = quoted("security.md");
    files.retain(|word| {
        word.contains('/') && !word.starts_with('/') && !word.contains([' ', '{', '*'])
    });
    assert!(files.len() > 10, "{}", files.len());
    files.retain(|file| !Path::new(ROOT).join(file).exists());
    assert!(files.is_empty(), "there is no {files:?}");
}
