//! Where things are on this machine.

use std::path::{Path, PathBuf};

/// The repository's `target`, where pictures go and `infra/tools/install.sh browser` puts axe-core.
pub(crate) fn target() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().join("target")
}

/// A folder in it, made if it is not there.
pub(crate) fn folder(name: impl AsRef<Path>) -> PathBuf {
    let folder = target().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
