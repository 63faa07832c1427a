//! A path comes in, a store in one file goes out: redb below, one writer thread, reads on snapshots.
//!
//! A commit is one fsync. redb's one-phase commit trusts a checksum that only bytes of an attacker's choice could fool;
//! what stands in our rows is sealed, so nobody outside chooses it.

mod read;
mod tables;
mod writer;

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::Arc,
    thread,
};

use ::redb::{
    Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError, TableError, WriteTransaction,
    backends::{FileBackend, InMemoryBackend},
};
use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use self::{
    tables::{META, Tables, meta},
    writer::Job,
};
use crate::{
    batch::Batch,
    clock::{Time, WallClock},
    error::{CommitError, StoreError},
    log::{Entry, Head, WriterId},
    record::{Due, Key, Kind, Record, TenantId},
    store::{Committed, Store},
};

/// How many batches may queue before callers wait for a place.
const QUEUE: usize = 1024;

/// A store in one file, held by one process at a time.
///
/// Dropping it finishes what has queued and lets go of the file.
pub struct RedbStore {
    database: Arc<Database>,
    time: Arc<Time>,
    // Both are there until the drop.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl RedbStore {
    /// Opens the store in `path`; makes it, readable by its owner alone, if there is no file or an empty one.
    ///
    /// # Errors
    /// [`StoreError::Held`] while another handle has it open, [`StoreError::Foreign`] for a file that is no store,
    /// [`StoreError::Format`] for one of another version, [`StoreError::Io`] and [`StoreError::Damaged`] for one that
    /// cannot be read.
    pub fn open(path: impl AsRef<Path>, clock: impl WallClock) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let file = open_file(path).map_err(|source| io_error(path, source))?;
        let backend = FileBackend::new(file).map_err(|error| opening(path, error))?;
        Self::on(backend, path, clock)
    }

    /// An empty store that is gone when it is dropped.
    pub(crate) fn in_memory(clock: impl WallClock) -> Result<Self, StoreError> {
        Self::on(InMemoryBackend::new(), Path::new("(memory)"), clock)
    }

    fn on(backend: impl StorageBackend, path: &Path, clock: impl WallClock) -> Result<Self, StoreError> {
        let database = Database::builder().create_with_backend(backend).map_err(|error| opening(path, error))?;
        let (writer, latest) = read_meta(&database, path)?;
        let (database, time) = (Arc::new(database), Arc::new(Time::new(Arc::new(clock), latest)));
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = {
            let (database, time) = (Arc::clone(&database), Arc::clone(&time));
            let serve = move || writer::serve(&database, &time, writer, queue);
            thread::Builder::new().name("wayfarer-store".to_owned()).spawn(serve)
        };
        let thread = Some(thread.map_err(|source| io_error(path, source))?);
        Ok(Self { database, time, jobs: Some(jobs), thread })
    }
}

/// Lets the writer finish its queue, so that the file is free when the drop returns.
impl Drop for RedbStore {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // If it panicked, its callers have been told that the store is closed.
            drop(thread.join());
        }
    }
}

#[async_trait]
impl Store for RedbStore {
    async fn now(&self) -> Result<Timestamp, StoreError> {
        Ok(self.time.now())
    }

    async fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        read::get(&self.database, self.time.now(), key).map_err(lift)
    }

    async fn scan(
        &self,
        tenant: &TenantId,
        kind: Kind,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Record)>, StoreError> {
        read::scan(&self.database, self.time.now(), tenant, kind, after, limit).map_err(lift)
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        let (answer, result) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(Job { batch, answer }).await.map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        read::due(&self.database, now, limit).map_err(lift)
    }

    async fn read_log(
        &self,
        tenant: &TenantId,
        log: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        read::entries(&self.database, tenant, log, after, limit).map_err(lift)
    }

    async fn heads(&self, tenant: &TenantId, log: &str) -> Result<Vec<Head>, StoreError> {
        read::heads(&self.database, tenant, log).map_err(lift)
    }

    async fn logs(
        &self,
        after: Option<(&TenantId, &str)>,
        limit: usize,
    ) -> Result<Vec<(TenantId, String)>, StoreError> {
        read::logs(&self.database, after, limit).map_err(lift)
    }
}

/// Opens the file for its owner alone, and makes its name durable if it is new.
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
    let mut id = [0; 16];
    aws_lc_rs::rand::fill(&mut id).map_err(|_| StoreError::Seal)?;
    let (writer, latest) = (WriterId(id), Timestamp::UNIX_EPOCH);
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

/// An error of redb as one of ours.
fn lift(error: ::redb::Error) -> StoreError {
    match error {
        ::redb::Error::Corrupted(what) => StoreError::Damaged { what },
        other => StoreError::backend(other),
    }
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

fn io_error(path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { path: path.to_owned(), source: Arc::new(source) }
}

#[cfg(test)]
mod tests;
