//! The Python environment of ministack and of the deployment, in `target/venv`.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{Error, folders};

/// Creates `target/venv` from `infra/local/requirements.txt` unless it is up to date, and returns its
/// Python. The first time this takes some seconds and needs the network.
///
/// # Errors
/// Python with `venv` is missing, or a package cannot be installed.
pub(crate) fn python() -> Result<PathBuf, Error> {
    let root = folders::root();
    let venv = root.join("target/venv");
    let python = venv.join("bin/python");
    let required = fs::read_to_string(root.join("infra/local/requirements.txt"))
        .map_err(Error::io("reading infra/local/requirements.txt"))?;
    let stamp = venv.join("requirements.txt");

    // Test processes start at the same time: one creates it, the others wait.
    fs::create_dir_all(root.join("target")).map_err(Error::io("making target"))?;
    let lock =
        File::create(root.join("target/venv.lock")).map_err(Error::io("locking target/venv"))?;
    lock.lock().map_err(Error::io("locking target/venv"))?;

    if fs::read_to_string(&stamp).is_ok_and(|present| present == required) {
        return Ok(python);
    }
    run(
        "making target/venv",
        Command::new("python3").args(["-m", "venv"]).arg(&venv),
    )?;
    run(
        "installing ministack",
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(root.join("infra/local/requirements.txt")),
    )?;
    fs::write(stamp, required).map_err(Error::io("writing target/venv"))?;
    Ok(python)
}

fn run(what: &'static str, command: &mut Command) -> Result<(), Error> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(Error::io(what))?;
    if output.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Err(Error::Command { what, output })
}
