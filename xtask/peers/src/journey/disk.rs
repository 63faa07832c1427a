//! Sealed records and audit entries come in and are kept together, in memory or in a file: the hand-written host's store.

mod grouped;

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::path::Path;
use std::sync::Mutex;

use aws_lc_rs::digest::{Context, SHA256};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

pub(crate) use self::grouped::Grouped;

/// A record to be put: its key, the version that it must have now (0: it is not there), and from when on it is of no use.
pub(crate) struct Put {
    pub(crate) key: Vec<u8>,
    pub(crate) version: u64,
    pub(crate) sealed: Vec<u8>,
    pub(crate) expires_at: Option<i64>,
}

/// A place for records and one chain of audit entries. A commit is all or nothing, and durable if the place is.
pub(crate) trait Disk: Send + Sync + 'static {
    fn get(&self, key: &[u8]) -> Option<(u64, Vec<u8>)>;
    fn commit(&self, puts: Vec<Put>, entries: Vec<Vec<u8>>) -> impl Future<Output = ()> + Send;
}

/// The hash that binds an entry to the one before.
fn chained(previous: &[u8], sequence: u64, entry: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(previous);
    context.update(&sequence.to_be_bytes());
    context.update(&(entry.len() as u64).to_be_bytes());
    context.update(entry);
    context.finish().as_ref().try_into().unwrap()
}

#[derive(Default)]
pub(crate) struct Memory(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    records: HashMap<Vec<u8>, (u64, Vec<u8>, Option<i64>)>,
    expiries: BTreeMap<(i64, Vec<u8>), ()>,
    entries: Vec<([u8; 32], Vec<u8>)>,
}

impl Disk for Memory {
    fn get(&self, key: &[u8]) -> Option<(u64, Vec<u8>)> {
        let tables = self.0.lock().unwrap();
        tables.records.get(key).map(|(version, sealed, _)| (*version, sealed.clone()))
    }

    async fn commit(&self, puts: Vec<Put>, entries: Vec<Vec<u8>>) {
        let mut tables = self.0.lock().unwrap();
        for put in &puts {
            assert_eq!(tables.records.get(&put.key).map_or(0, |(version, ..)| *version), put.version);
        }
        for Put { key, version, sealed, expires_at } in puts {
            if let Some((_, _, Some(before))) = tables.records.get(&key) {
                let before = (*before, key.clone());
                tables.expiries.remove(&before);
            }
            if let Some(at) = expires_at {
                tables.expiries.insert((at, key.clone()), ());
            }
            tables.records.insert(key, (version + 1, sealed, expires_at));
        }
        for entry in entries {
            let previous = tables.entries.last().map_or([0; 32], |(hash, _)| *hash);
            let hash = chained(&previous, tables.entries.len() as u64 + 1, &entry);
            tables.entries.push((hash, entry));
        }
    }
}

type Row = (u64, &'static [u8], Option<i64>);

const RECORDS: TableDefinition<'_, &[u8], Row> = TableDefinition::new("records");
const EXPIRIES: TableDefinition<'_, (i64, &[u8]), ()> = TableDefinition::new("expiries");
const ENTRIES: TableDefinition<'_, u64, ([u8; 32], &[u8])> = TableDefinition::new("entries");

pub(crate) struct Redb(Database);

impl Redb {
    pub(crate) fn new(path: &Path) -> Self {
        let database = Database::create(path).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(RECORDS).unwrap();
        transaction.open_table(EXPIRIES).unwrap();
        transaction.open_table(ENTRIES).unwrap();
        transaction.commit().unwrap();
        Self(database)
    }
}

impl Disk for Redb {
    fn get(&self, key: &[u8]) -> Option<(u64, Vec<u8>)> {
        let table = self.0.begin_read().unwrap().open_table(RECORDS).unwrap();
        let row = table.get(key).unwrap()?;
        let (version, sealed, _) = row.value();
        Some((version, sealed.to_vec()))
    }

    async fn commit(&self, puts: Vec<Put>, entries: Vec<Vec<u8>>) {
        let transaction = self.0.begin_write().unwrap();
        write(&transaction, puts, &entries);
        transaction.commit().unwrap();
    }
}

/// One commit's part of a transaction.
fn write(transaction: &WriteTransaction, puts: Vec<Put>, entries: &[Vec<u8>]) {
    let mut records = transaction.open_table(RECORDS).unwrap();
    let mut expiries = transaction.open_table(EXPIRIES).unwrap();
    for Put { key, version, sealed, expires_at } in puts {
        let key = key.as_slice();
        let before = records.get(key).unwrap().map(|row| (row.value().0, row.value().2));
        assert_eq!(before.map_or(0, |(version, _)| version), version);
        if let Some(at) = before.and_then(|(_, at)| at) {
            expiries.remove((at, key)).unwrap();
        }
        if let Some(at) = expires_at {
            expiries.insert((at, key), ()).unwrap();
        }
        records.insert(key, (version + 1, sealed.as_slice(), expires_at)).unwrap();
    }
    let mut log = transaction.open_table(ENTRIES).unwrap();
    for entry in entries {
        let last = log.last().unwrap().map(|(sequence, row)| (sequence.value(), row.value().0));
        let (sequence, previous) = last.unwrap_or((0, [0; 32]));
        let hash = chained(&previous, sequence + 1, entry);
        log.insert(sequence + 1, (hash, entry.as_slice())).unwrap();
    }
}
