//! Where there can be no Docker engine, `engine.sh` says so in plain words and runs nothing: no test then
//! counts as passed.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare a machine has failed"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use operator::root;

/// The programs of any machine that `engine.sh` needs until it finds out, besides `id`, which each test
/// makes up.
const ON_ANY_MACHINE: [&str; 8] = [
    "bash", "dirname", "flock", "grep", "mkdir", "sleep", "tail", "uname",
];

/// A machine that has these programs and no others but `made_up`, which are scripts.
fn machine(name: &str, made_up: &[(&str, &str)]) -> PathBuf {
    let folder = root().join("target/tmp/engine").join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for program in ON_ANY_MACHINE {
        let places = ["/usr/bin", "/bin"].map(|place| Path::new(place).join(program));
        let place = places.iter().find(|place| place.exists()).unwrap();
        symlink(place, folder.join(program)).unwrap();
    }
    for (program, script) in made_up {
        let file = folder.join(program);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// `engine.sh` on that machine, with a command that would leave a trace.
fn engine(machine: &Path) -> (Output, bool) {
    let trace = machine.join("trace");
    let output = Command::new("bash")
        .arg(root().join("tests/operator/engine.sh"))
        .args(["bash", "-c", "echo ran > \"$0\"; echo 'test result: ok'"])
        .arg(&trace)
        .env("PATH", machine)
        .output()
        .unwrap();
    (output, trace.exists())
}

fn assert_skipped(machine: &Path, because: &str) {
    let (output, ran) = engine(machine);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!ran, "{said}");
    assert!(said.starts_with("sam local: skipped, "), "{said}");
    assert!(said.contains(because), "{said}");
    assert_eq!(said.lines().count(), 1, "nothing that looks passed: {said}");
    assert!(output.status.success(), "a skipped test is no failure");
}

#[test]
fn without_root_and_sudo_it_is_skipped() {
    let nobody = [("id", "echo 1000"), ("sudo", "exit 1")];
    let machine = machine("nobody", &nobody);
    assert_skipped(&machine, "takes root or sudo without a password");
}

#[test]
fn where_no_engine_can_be_installed_it_is_skipped() {
    let apt = [
        ("id", "echo 0"),
        (
            "apt-get",
            "echo 'E: Unable to locate package' >&2; exit 100",
        ),
    ];
    let machine = machine("offline", &apt);
    assert_skipped(&machine, "cannot be installed: E: Unable to locate package");
}
