//! `cargo build` and `cargo test` compile the same dependencies: see `Cargo.toml`.

use std::collections::BTreeSet;
use std::process::Command;

/// Returns each package that the workspace depends on by these kinds of dependencies, with its features.
fn packages(kinds: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--offline", "--prefix", "none"])
        .args(["--edges", kinds, "--format", "{p} {f}"])
        .output()
        .unwrap();
    assert!(tree.status.success(), "{tree:?}");
    let lines = String::from_utf8(tree.stdout).unwrap();
    let lines = lines.lines().map(|line| line.trim_end_matches(" (*)"));
    lines.map(str::to_owned).collect()
}

#[test]
fn dependencies_have_the_same_features_with_and_without_tests() {
    let with_tests = packages("normal,build,dev");
    let without = packages("normal,build");
    let compiled_twice: Vec<_> = without.difference(&with_tests).collect();
    assert!(
        compiled_twice.is_empty(),
        "a dev-dependency adds features; add it to tests/fuzz/Cargo.toml: {compiled_twice:#?}"
    );
}
