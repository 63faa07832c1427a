//! redb as it comes: each commit is a transaction of its own.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::{RECORDS, SIZE, changed, records_of};

/// Version and bytes of each record.
const TABLE: TableDefinition<'_, &[u8], (u64, &[u8])> = TableDefinition::new("records");

pub(super) struct Bare(Database);

impl Bare {
    pub(super) fn new(path: &Path) -> Self {
        let database = Database::create(path).unwrap();
        let transaction = database.begin_write().unwrap();
        for record in 0..RECORDS {
            let mut table = transaction.open_table(TABLE).unwrap();
            table.insert(key(record).as_slice(), (1, vec![0; SIZE].as_slice())).unwrap();
        }
        transaction.commit().unwrap();
        Self(database)
    }

    pub(super) fn commit(&self, writers: usize, rounds: u64) -> Duration {
        let started = Instant::now();
        thread::scope(|scope| {
            for writer in 0..writers {
                scope.spawn(move || records_of(writer, rounds).for_each(|record| self.write(record)));
            }
        });
        started.elapsed()
    }

    /// Reads on a snapshot, as everybody does who answers a request; the version is looked at again in the transaction.
    fn write(&self, record: usize) {
        let key = key(record);
        let snapshot = self.0.begin_read().unwrap().open_table(TABLE).unwrap();
        let (version, value) = {
            let found = snapshot.get(key.as_slice()).unwrap().unwrap();
            let (version, value) = found.value();
            (version, changed(value.to_vec()))
        };
        let transaction = self.0.begin_write().unwrap();
        {
            let mut table = transaction.open_table(TABLE).unwrap();
            assert_eq!(table.get(key.as_slice()).unwrap().unwrap().value().0, version);
            table.insert(key.as_slice(), (version + 1, value.as_slice())).unwrap();
        }
        transaction.commit().unwrap();
    }
}

fn key(record: usize) -> [u8; 8] {
    (record as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()
}
