//! Nothing comes in; a folder on the disk that the project is built on goes out, gone when it is dropped.

use std::env::current_exe;

use tempfile::TempDir;

/// Not the system's folder for such things: that one may lie in memory, where a sync costs nothing.
pub(crate) fn folder() -> TempDir {
    let program = current_exe().unwrap();
    tempfile::tempdir_in(program.parent().unwrap()).unwrap()
}
