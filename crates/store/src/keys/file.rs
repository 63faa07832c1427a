//! A path comes in, a key ring goes out: JSON that only its owner can read.

#![expect(clippy::disallowed_methods, reason = "the key file is read and written here and nowhere else")]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{KeyId, KeyRing, KeySet, KeyState, Purpose, SecretKey};
use crate::{
    clock::{SystemClock, WallClock},
    error::KeyError,
};

/// The number of the file's layout.
const FORMAT: u32 = 1;
/// More than any ring needs; a larger file is none of ours.
const LARGEST: u64 = 1 << 20;

/// Reads and writes key files.
#[derive(Debug)]
pub struct KeyFile;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    format: u32,
    keys: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    purpose: Purpose,
    created_at: Timestamp,
    state: KeyState,
    secret: String,
}

impl Drop for Row {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// Only the number, so that a newer file is named as such before its content is judged.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl KeyFile {
    /// The ring in `path`; if there is no file, a new ring, written with mode 0600 before it is returned.
    ///
    /// Of several processes that start at once, one makes the file and all get its keys.
    ///
    /// # Errors
    /// [`KeyError::Exposed`] if others than the owner can read or write it, [`KeyError::Malformed`], [`KeyError::Format`],
    /// [`KeyError::Io`].
    pub fn load_or_create(path: impl AsRef<Path>) -> Result<KeyRing, KeyError> {
        let path = path.as_ref();
        match Self::load(path) {
            Err(KeyError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            loaded => return loaded,
        }
        let ring = KeyRing::generate(SystemClock.now())?;
        let draft = Draft::write(path, &ring)?;
        // A link, unlike a rename, fails if the name is taken: nobody's keys are ever replaced by accident.
        match fs::hard_link(&draft.0, path) {
            Ok(()) => {
                sync_folder(path).map_err(|source| io_error(path, source))?;
                Ok(ring)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load(path),
            Err(source) => Err(io_error(path, source)),
        }
    }

    /// The ring in `path`.
    ///
    /// # Errors
    /// As [`load_or_create`](Self::load_or_create), and [`KeyError::Io`] if there is no file.
    pub fn load(path: impl AsRef<Path>) -> Result<KeyRing, KeyError> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| io_error(path, source))?;
        // Asked of the open file, so that it is the one that is read.
        let metadata = file.metadata().map_err(|source| io_error(path, source))?;
        refuse_exposed(path, &metadata)?;
        if !metadata.is_file() {
            return Err(malformed(path, "it is not a file"));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|source| io_error(path, source))?;
        if bytes.len() as u64 > LARGEST {
            return Err(malformed(path, "it is too large"));
        }
        parse(path, &bytes)
    }

    /// Changes the ring in `path`, all or nothing. Of several processes that change it at once, one comes after the other,
    /// so that no key is lost.
    ///
    /// # Errors
    /// Those of `change`, of [`load`](Self::load) and [`replace`](Self::replace).
    pub fn change<T>(
        path: impl AsRef<Path>,
        change: impl FnOnce(&KeyRing) -> Result<(KeyRing, T), KeyError>,
    ) -> Result<(KeyRing, T), KeyError> {
        let path = path.as_ref();
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        // The key file itself is replaced, so it cannot be what is locked.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(&name).map_err(|source| io_error(path, source))?;
        lock.lock().map_err(|source| io_error(path, source))?;
        let (ring, given) = change(&Self::load(path)?)?;
        Self::replace(path, &ring)?;
        Ok((ring, given))
    }

    /// Writes `ring` in place of the file that is there, all or nothing.
    ///
    /// # Errors
    /// [`KeyError::Io`].
    pub fn replace(path: impl AsRef<Path>, ring: &KeyRing) -> Result<(), KeyError> {
        let path = path.as_ref();
        let draft = Draft::write(path, ring)?;
        fs::rename(&draft.0, path).and_then(|()| sync_folder(path)).map_err(|source| io_error(path, source))
    }
}

/// A complete key file under a name of its own beside its goal; removed when done with.
struct Draft(PathBuf);

impl Draft {
    fn write(path: &Path, ring: &KeyRing) -> Result<Self, KeyError> {
        let mut suffix = [0; 8];
        rand::fill(&mut suffix).map_err(|_| KeyError::Random)?;
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}.new", KeyId::from_bytes(suffix)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&name).map_err(|source| io_error(path, source))?;
        let draft = Self(name.into());
        let text = render(ring).map_err(|error| io_error(path, error.into()))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(|source| io_error(path, source))?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename there is nothing to remove.
        drop(fs::remove_file(&self.0));
    }
}

fn render(ring: &KeyRing) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let row = |key: &SecretKey| Row {
        id: key.id.to_string(),
        purpose: key.purpose,
        created_at: key.created_at,
        state: key.state,
        secret: BASE64.encode(&*key.secret),
    };
    let content = Content { format: FORMAT, keys: ring.iter().map(row).collect() };
    // Room from the start: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(1024 * (1 + content.keys.len())));
    serde_json::to_writer_pretty(&mut *text, &content)?;
    text.push(b'\n');
    Ok(text)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<KeyRing, KeyError> {
    // Of serde's words only the place is passed on: the rest may quote the content.
    let place = |error: serde_json::Error| {
        malformed(path, &format!("line {}, column {} does not fit", error.line(), error.column()))
    };
    let Format { format } = serde_json::from_slice(bytes).map_err(place)?;
    if format != FORMAT {
        return Err(KeyError::Format { path: path.to_owned(), found: format, known: FORMAT });
    }
    let content: Content = serde_json::from_slice(bytes).map_err(place)?;
    let mut keys = content.keys.iter().map(|row| key(path, row)).collect::<Result<Vec<_>, _>>()?;
    for (index, key) in keys.iter().enumerate() {
        if keys.iter().skip(index + 1).any(|other| other.id == key.id) {
            return Err(malformed(path, "two keys have the same id"));
        }
    }
    KeyRing::from_sets(|purpose| {
        let (mine, others): (Vec<_>, Vec<_>) = keys.drain(..).partition(|key| key.purpose == purpose);
        keys = others;
        let (mut active, mut older): (Vec<_>, Vec<_>) = mine.into_iter().partition(|key| key.state == KeyState::Active);
        older.sort_by_key(|key| std::cmp::Reverse(key.created_at));
        match (active.pop(), active.is_empty()) {
            (Some(active), true) => Ok(KeySet { active, older }),
            _ => Err(malformed(path, &format!("it needs one active {purpose} key"))),
        }
    })
}

fn key(path: &Path, row: &Row) -> Result<SecretKey, KeyError> {
    let id = KeyId::parse(&row.id).ok_or_else(|| malformed(path, "a key's id is not 16 hexadecimal digits"))?;
    let secret = BASE64.decode(&row.secret).map(Zeroizing::new).ok();
    let secret = secret.filter(|secret| SecretKey::fits(row.purpose, secret));
    let secret = secret.ok_or_else(|| malformed(path, &format!("the {} key {id} is not usable", row.purpose)))?;
    Ok(SecretKey { id, purpose: row.purpose, created_at: row.created_at, state: row.state, secret })
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Exposed { path: path.to_owned(), mode }) }
}

/// Where files have no mode, the folder's access list has to do.
#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), KeyError> {
    Ok(())
}

/// Makes the name of a new file durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn malformed(path: &Path, reason: &str) -> KeyError {
    KeyError::Malformed { path: path.to_owned(), reason: reason.to_owned() }
}

fn io_error(path: &Path, source: io::Error) -> KeyError {
    KeyError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
