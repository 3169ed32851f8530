//! The folders that a stack uses on this machine.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Error;

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Returns Cargo's output folder of this program, which contains the functions' binaries, too.
///
/// # Errors
/// The path of this program is unknown.
pub(crate) fn binaries() -> Result<PathBuf, Error> {
    let program = std::env::current_exe().map_err(Error::io("finding this program"))?;
    let folder = program.parent().unwrap_or(Path::new("."));
    // Test programs are one folder deeper.
    let folder = if folder.ends_with("deps") {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    };
    Ok(folder.to_path_buf())
}

/// A stack's own folder below `target/local`, for logs, the clock and unpacked functions. It is locked until it is
/// dropped.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Locks and empties `target/local/NAME`, or `NAME-2`, `NAME-3`, … if that is locked.
    ///
    /// # Errors
    /// The folder cannot be created, emptied or locked.
    pub(crate) fn take(name: &str) -> Result<Self, Error> {
        let parent = root().join("target/local");
        fs::create_dir_all(&parent).map_err(Error::io("making target/local"))?;
        let mut number = 1;
        loop {
            let name = if number == 1 {
                name.to_owned()
            } else {
                format!("{name}-{number}")
            };
            let lock = File::create(parent.join(format!("{name}.lock")))
                .map_err(Error::io("locking a folder in target/local"))?;
            if lock.try_lock().is_ok() {
                let path = parent.join(name);
                if path.exists() {
                    fs::remove_dir_all(&path).map_err(Error::io("emptying target/local"))?;
                }
                fs::create_dir_all(path.join("tmp")).map_err(Error::io("making a folder"))?;
                return Ok(Self { path, _lock: lock });
            }
            number += 1;
        }
    }

    /// Returns the path of `name` in the folder.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Creates a file in the folder for a program's output.
    ///
    /// # Errors
    /// The file cannot be created.
    pub(crate) fn log(&self, name: &str) -> Result<File, Error> {
        File::create(self.join(name)).map_err(Error::io(format!("making {name}")))
    }
}
