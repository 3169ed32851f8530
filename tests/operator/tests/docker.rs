//! Where there can be no Docker engine, `docker.sh` says so and runs nothing, so that no test counts as passed.

#![expect(clippy::unwrap_used, reason = "what cannot be made fails the test")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use operator::root;

/// The programs that `docker.sh` needs until it notices, except `id`, which each test replaces.
const ON_ANY_MACHINE: [&str; 8] = [
    "bash", "dirname", "flock", "grep", "mkdir", "sleep", "tail", "uname",
];

/// Makes a `PATH` with these programs and the scripts `replaced`, and no others.
fn machine(name: &str, replaced: &[(&str, &str)]) -> PathBuf {
    let folder = root().join("target/tmp/docker").join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for program in ON_ANY_MACHINE {
        let places = ["/usr/bin", "/bin"].map(|place| Path::new(place).join(program));
        let place = places.iter().find(|place| place.exists()).unwrap();
        symlink(place, folder.join(program)).unwrap();
    }
    for (program, script) in replaced {
        let file = folder.join(program);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// Runs `docker.sh` on that machine with a command that would leave a trace. Returns whether the command ran, too.
fn run_docker_sh(machine: &Path) -> (Output, bool) {
    let trace = machine.join("trace");
    let output = Command::new("bash")
        .arg(root().join("tests/operator/docker.sh"))
        .args(["bash", "-c", "echo ran > \"$0\"; echo 'test result: ok'"])
        .arg(&trace)
        .env("PATH", machine)
        .output()
        .unwrap();
    (output, trace.exists())
}

fn assert_skipped(machine: &Path, because: &str) {
    let (output, ran) = run_docker_sh(machine);
    assert!(output.status.success(), "a skipped test is no failure");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(!ran, "{printed}");
    assert!(printed.starts_with("sam local: skipped, "), "{printed}");
    assert!(printed.contains(because), "{printed}");
    let lines = printed.lines().count();
    assert_eq!(lines, 1, "nothing that looks passed: {printed}");
}

#[test]
fn without_root_and_sudo_it_is_skipped() {
    let nobody = [("id", "echo 1000"), ("sudo", "exit 1")];
    let machine = machine("nobody", &nobody);
    assert_skipped(&machine, "takes root or sudo without a password");
}

#[test]
fn where_no_engine_can_be_installed_it_is_skipped() {
    let apt_get = "echo 'E: Unable to locate package' >&2; exit 100";
    let machine = machine("offline", &[("id", "echo 0"), ("apt-get", apt_get)]);
    assert_skipped(&machine, "cannot be installed: E: Unable to locate package");
}
