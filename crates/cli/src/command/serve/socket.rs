//! The folder of the store comes in; the socket goes out on which its operator administers the running server.
#![expect(clippy::disallowed_methods, reason = "the socket is a file of the operator's: this is the rim")]

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};

use anyhow::Result;
use tokio::net::UnixListener;

use crate::failure::Failure;
use crate::output::text::safe;

/// A socket's file, which is removed at the end.
pub(super) struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        // One that stays behind is found to be dead by the next server.
        drop(fs::remove_file(&self.0));
    }
}

/// What an operator is told where the system takes no socket of this path; nothing where it does.
pub(super) fn misfit(path: &Path) -> Option<String> {
    let error = SocketAddr::from_pathname(path).err()?;
    let (path, length) = (safe(&path.display().to_string()), path.as_os_str().len());
    Some(format!(
        "nothing listens on `{path}`, whose {length} bytes are too many for a socket ({error}): name a shorter `--data`, or \
         administer by `--server`"
    ))
}

/// Listens there. The caller holds the store, so who left a socket beside it has ended, unless somebody answers on it.
pub(super) fn listen(path: PathBuf) -> Result<(Socket, UnixListener)> {
    let bound = clear(&path).and_then(|()| bind(&path));
    let failed = |error| Failure::new("cannot_listen", format!("cannot listen on `{}`", path.display())).because(error);
    let listener = bound.map_err(failed)?;
    Ok((Socket(path), listener))
}

/// The socket gets its mode in a folder that nobody else can enter, and only then its place: the folder of the store may be
/// open to others, and there is no moment at which one of them could connect.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let closed = tempfile::Builder::new().prefix(".").rand_bytes(4).tempdir_in(folder)?;
    // As the folder is named here: its whole path may be longer than that of a socket can be.
    let made = folder.join(closed.path().file_name().ok_or(io::ErrorKind::InvalidInput)?).join("s");
    let listener = UnixListener::bind(&made)?;
    fs::set_permissions(&made, Permissions::from_mode(0o600))?;
    fs::rename(&made, path)?;
    Ok(listener)
}

/// Removes the socket of a server that is dead, and nothing else.
fn clear(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(found) if !found.file_type().is_socket() => return Err(io::ErrorKind::AlreadyExists.into()),
        Ok(_) => {}
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(error) => Err(error),
    }
}
