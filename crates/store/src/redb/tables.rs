//! How records, their times and logs are laid out in the file's tables, and how rows become values again.

use ::redb::{Error, ReadableTable, Table, TableDefinition, WriteTransaction};
use jiff::Timestamp;

use crate::{
    log::{Entry, Head, WriterId},
    record::{Due, DueKind, Key, Kind, Record, TenantId},
};

/// The number that stands for this layout; another layout gets another number.
pub(super) const FORMAT: u32 = 1;

/// Tenant, kind, id.
pub(super) type RecordKey<'a> = (&'a str, &'a str, &'a [u8]);
/// Version, expiry, wake (microseconds since 1970), value.
pub(super) type RecordRow<'a> = (u64, Option<i64>, Option<i64>, &'a [u8]);
/// Time, then the record's key.
pub(super) type DueKey<'a> = (i64, &'a str, &'a str, &'a [u8]);
/// Tenant, log, position.
pub(super) type EntryKey<'a> = (&'a str, &'a str, u64);
/// Time, writer, sequence, previous hash, hash, payload.
pub(super) type EntryRow<'a> = (i64, [u8; 16], u64, [u8; 32], [u8; 32], &'a [u8]);
/// Tenant, log, writer.
pub(super) type HeadKey<'a> = (&'a str, &'a str, [u8; 16]);
/// Sequence, hash.
pub(super) type HeadRow = (u64, [u8; 32]);

pub(super) const META: TableDefinition<'_, &'static str, &'static [u8]> = TableDefinition::new("meta");
pub(super) const RECORDS: TableDefinition<'_, RecordKey<'static>, RecordRow<'static>> = TableDefinition::new("records");
pub(super) const EXPIRIES: TableDefinition<'_, DueKey<'static>, ()> = TableDefinition::new("expiries");
pub(super) const WAKES: TableDefinition<'_, DueKey<'static>, ()> = TableDefinition::new("wakes");
pub(super) const ENTRIES: TableDefinition<'_, EntryKey<'static>, EntryRow<'static>> = TableDefinition::new("entries");
pub(super) const HEADS: TableDefinition<'_, HeadKey<'static>, HeadRow> = TableDefinition::new("heads");

/// Names in [`META`].
pub(super) mod meta {
    /// The [`FORMAT`](super::FORMAT), four big-endian bytes.
    pub(crate) const FORMAT: &str = "format";
    /// The file's writer id.
    pub(crate) const WRITER: &str = "writer";
    /// The latest time stored, eight big-endian bytes.
    pub(crate) const TIME: &str = "time";
}

/// All tables, open for one write transaction.
pub(super) struct Tables<'t> {
    pub(super) meta: Table<'t, &'static str, &'static [u8]>,
    pub(super) records: Table<'t, RecordKey<'static>, RecordRow<'static>>,
    pub(super) expiries: Table<'t, DueKey<'static>, ()>,
    pub(super) wakes: Table<'t, DueKey<'static>, ()>,
    pub(super) entries: Table<'t, EntryKey<'static>, EntryRow<'static>>,
    pub(super) heads: Table<'t, HeadKey<'static>, HeadRow>,
}

impl<'t> Tables<'t> {
    /// Opens all tables; makes those that are not there.
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self, Error> {
        Ok(Self {
            meta: transaction.open_table(META)?,
            records: transaction.open_table(RECORDS)?,
            expiries: transaction.open_table(EXPIRIES)?,
            wakes: transaction.open_table(WAKES)?,
            entries: transaction.open_table(ENTRIES)?,
            heads: transaction.open_table(HEADS)?,
        })
    }
}

/// A record's key as the tables take it.
pub(super) fn record_key(key: &Key) -> RecordKey<'_> {
    (key.tenant.as_str(), key.kind.as_str(), &key.id)
}

/// The record under `key`, expired or not.
pub(super) fn read_record(
    records: &impl ReadableTable<RecordKey<'static>, RecordRow<'static>>,
    key: &Key,
) -> Result<Option<Record>, Error> {
    records.get(record_key(key))?.map(|row| record(row.value())).transpose()
}

/// A row as a record.
pub(super) fn record((version, expires_at, wake_at, value): RecordRow<'_>) -> Result<Record, Error> {
    let expires_at = expires_at.map(time).transpose()?;
    let wake_at = wake_at.map(time).transpose()?;
    Ok(Record { version, value: value.to_vec(), expires_at, wake_at })
}

/// An index row as what is due.
pub(super) fn due(kind: DueKind, (at, tenant, of, id): DueKey<'_>) -> Result<Due, Error> {
    let of = Kind::stored(of).ok_or_else(|| damaged("a kind has no valid name"))?;
    Ok(Due { key: Key::new(&TenantId::stored(tenant), of, id), kind, at: time(at)? })
}

/// A row as a log entry.
pub(super) fn entry(position: u64, row: EntryRow<'_>) -> Result<Entry, Error> {
    let (at, writer, sequence, previous, hash, payload) = row;
    let at = time(at)?;
    Ok(Entry { position, sequence, at, writer: WriterId(writer), previous, hash, payload: payload.to_vec() })
}

/// A row as a chain's head.
pub(super) fn head(writer: [u8; 16], (sequence, hash): HeadRow) -> Head {
    Head { writer: WriterId(writer), sequence, hash }
}

/// Stored microseconds as a time.
pub(super) fn time(microseconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(microseconds).map_err(|_| damaged("a time is out of range"))
}

/// Rows that contradict each other.
pub(super) fn damaged(what: &str) -> Error {
    Error::Corrupted(what.to_owned())
}
