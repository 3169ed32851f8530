//! Folders below `target`.

use std::path::{Path, PathBuf};

/// Returns the repository's `target`, with the screenshots and the axe-core of `infra/tools/install.sh browser`.
pub(crate) fn target() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().join("target")
}

/// Returns a folder in `target`, which is created if it is missing.
pub(crate) fn folder(name: impl AsRef<Path>) -> PathBuf {
    let folder = target().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
