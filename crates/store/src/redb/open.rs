//! A path comes in, an open store's database goes out: or, in the operator's terms, why not.

#![expect(clippy::disallowed_methods, reason = "a store is what turns files and dice into the ports' answers")]

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::Arc,
};

use ::redb::{
    Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError, TableError, WriteTransaction,
    backends::FileBackend,
};
use jiff::Timestamp;

use super::{
    lift,
    slot::{discard, guard},
    tables::{self, META, Tables, meta},
};
use crate::{error::StoreError, log::WriterId};

/// The file at `path`, made for its owner alone if there is none.
pub(super) fn file(path: &Path) -> Result<FileBackend, StoreError> {
    let file = open_file(path).map_err(|source| io_error(path, source))?;
    FileBackend::new(file).map_err(|error| opening(path, error))
}

/// The store on these bytes, its writer id, and the latest time that it has stored.
pub(super) fn database(
    backend: impl StorageBackend,
    path: &Path,
) -> Result<(Database, WriterId, Timestamp), StoreError> {
    let create = || Database::builder().create_with_backend(backend).map_err(|error| opening(path, error));
    let database = guard(create)?;
    // Judged and let go in turns, because a panic while another unwinds would end the process.
    match guard(|| read_meta(&database, path)) {
        Ok((writer, latest)) => Ok((database, writer, latest)),
        Err(error) => {
            discard(database);
            Err(error)
        }
    }
}

/// Opens the file, and makes its name durable if it is new.
fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let new = !path.try_exists()?;
    let file = options.open(path)?;
    if new {
        crate::keys::sync_folder(path)?;
    }
    Ok(file)
}

/// The writer id and the latest time of an open file; a file without any table becomes a store.
fn read_meta(database: &Database, path: &Path) -> Result<(WriterId, Timestamp), StoreError> {
    let transaction = database.begin_read().map_err(|error| lift(error.into()))?;
    let table = match transaction.open_table(META) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => {
            drop(transaction);
            return initialize(database, path);
        }
        // A database of somebody else, with a table of this name but another shape.
        Err(TableError::Storage(error)) => return Err(lift(error.into())),
        Err(_) => return Err(StoreError::Foreign { path: path.to_owned() }),
    };
    let read =
        |name| table.get(name).map(|row| row.map(|row| row.value().to_vec())).map_err(|error| lift(error.into()));
    let found = read(meta::FORMAT)?.and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    match found {
        Some(tables::FORMAT) => {}
        Some(found) => return Err(StoreError::Format { path: path.to_owned(), found, known: tables::FORMAT }),
        None => return Err(StoreError::Foreign { path: path.to_owned() }),
    }
    let writer = read(meta::WRITER)?.and_then(|bytes| bytes.try_into().ok()).map(WriterId);
    let latest = read(meta::TIME)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
    match (writer, latest.and_then(|latest| Timestamp::from_microsecond(latest).ok())) {
        (Some(writer), Some(latest)) => Ok((writer, latest)),
        _ => Err(StoreError::damaged("its meta table is incomplete")),
    }
}

/// Makes a store of an empty database, in one transaction: a crash leaves an empty database or a whole store.
fn initialize(database: &Database, path: &Path) -> Result<(WriterId, Timestamp), StoreError> {
    let (writer, latest) = (WriterId::random()?, Timestamp::UNIX_EPOCH);
    let write = |transaction: &WriteTransaction| -> Result<(), ::redb::Error> {
        let mut meta = Tables::open(transaction)?.meta;
        meta.insert(meta::FORMAT, tables::FORMAT.to_be_bytes().as_slice())?;
        meta.insert(meta::WRITER, writer.0.as_slice())?;
        meta.insert(meta::TIME, latest.as_microsecond().to_be_bytes().as_slice())?;
        Ok(())
    };
    let transaction = database.begin_write().map_err(|error| lift(error.into()))?;
    let foreign = transaction.list_tables().map_err(|error| lift(error.into()))?.next().is_some()
        || transaction.list_multimap_tables().map_err(|error| lift(error.into()))?.next().is_some();
    if foreign {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    write(&transaction).map_err(lift)?;
    transaction.commit().map_err(|error| lift(error.into()))?;
    Ok((writer, latest))
}

/// Why a file could not be opened, in the operator's terms.
fn opening(path: &Path, error: DatabaseError) -> StoreError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::Held { path },
        DatabaseError::UpgradeRequired(_) => StoreError::Foreign { path },
        DatabaseError::Storage(StorageError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
            StoreError::Foreign { path }
        }
        DatabaseError::Storage(StorageError::Io(error)) => io_error(&path, error),
        other => lift(other.into()),
    }
}

pub(super) fn io_error(path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { path: path.to_owned(), source: Arc::new(source) }
}
