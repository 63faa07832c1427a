//! Questions come in, rows of one consistent snapshot go out.

use std::ops::Bound;

use ::redb::{Database, Error, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition};
use jiff::Timestamp;

use super::tables::{self, DueKey, ENTRIES, EXPIRIES, EntryKey, HEADS, HeadKey, RECORDS, RecordKey, WAKES};
use crate::{
    log::{Entry, Head},
    record::{Due, DueKind, Key, Kind, Record, TenantId},
};

pub(super) fn get(database: &Database, now: Timestamp, key: &Key) -> Result<Option<Record>, Error> {
    let records = database.begin_read()?.open_table(RECORDS)?;
    Ok(tables::read_record(&records, key)?.filter(|record| !record.has_expired(now)))
}

pub(super) fn scan(
    database: &Database,
    now: Timestamp,
    tenant: &TenantId,
    kind: Kind,
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<(Vec<u8>, Record)>, Error> {
    let records = database.begin_read()?.open_table(RECORDS)?;
    let from = (tenant.as_str(), kind.as_str(), after.unwrap_or_default());
    let from = if after.is_some() { Bound::Excluded(from) } else { Bound::Included(from) };
    let mut found = Vec::new();
    for row in records.range::<RecordKey<'_>>((from, Bound::Unbounded))? {
        let (key, value) = row?;
        let (of_tenant, of_kind, id) = key.value();
        if found.len() >= limit || of_tenant != tenant.as_str() || of_kind != kind.as_str() {
            break;
        }
        let record = tables::record(value.value())?;
        if !record.has_expired(now) {
            found.push((id.to_vec(), record));
        }
    }
    Ok(found)
}

pub(super) fn walk(
    database: &Database,
    now: Timestamp,
    after: Option<&Key>,
    limit: usize,
) -> Result<Vec<(Key, Record)>, Error> {
    let records = database.begin_read()?.open_table(RECORDS)?;
    let from = after.map_or(Bound::Unbounded, |key| Bound::Excluded(tables::record_key(key)));
    let mut found = Vec::new();
    for row in records.range::<RecordKey<'_>>((from, Bound::Unbounded))? {
        if found.len() >= limit {
            break;
        }
        let (key, value) = row?;
        let record = tables::record(value.value())?;
        if !record.has_expired(now) {
            let (tenant, kind, id) = key.value();
            let kind = Kind::stored(kind).ok_or_else(|| tables::damaged("a kind has no valid name"))?;
            found.push((Key::new(&TenantId::stored(tenant), kind, id), record));
        }
    }
    Ok(found)
}

pub(super) fn due(database: &Database, now: Timestamp, limit: usize) -> Result<Vec<Due>, Error> {
    let transaction = database.begin_read()?;
    let mut found = due_in(&transaction, EXPIRIES, DueKind::Expiry, now, limit)?;
    let records = transaction.open_table(RECORDS)?;
    for wake in due_in(&transaction, WAKES, DueKind::Wake, now, limit)? {
        // What has expired wakes nobody; its expiry erases it.
        if tables::read_record(&records, &wake.key)?.is_some_and(|record| !record.has_expired(now)) {
            found.push(wake);
        }
    }
    found.sort_by_key(|due| due.at);
    Ok(found)
}

fn due_in(
    transaction: &ReadTransaction,
    index: TableDefinition<'_, DueKey<'static>, ()>,
    kind: DueKind,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Due>, Error> {
    let index = transaction.open_table(index)?;
    let mut found = Vec::new();
    for row in index.iter()? {
        let (key, ()) = row.map(|(key, _)| (key, ()))?;
        let (at, ..) = key.value();
        if found.len() >= limit || at > now.as_microsecond() {
            break;
        }
        found.push(tables::due(kind, key.value())?);
    }
    Ok(found)
}

pub(super) fn entries(
    database: &Database,
    tenant: &TenantId,
    log: &str,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<Entry>, Error> {
    let entries = database.begin_read()?.open_table(ENTRIES)?;
    let place = |position| (tenant.as_str(), log, position);
    let from = after.map_or_else(|| Bound::Included(place(0)), |after| Bound::Excluded(place(after)));
    entries
        .range::<EntryKey<'_>>((from, Bound::Included(place(u64::MAX))))?
        .take(limit)
        .map(|row| {
            let (key, value) = row?;
            let (_, _, position) = key.value();
            tables::entry(position, value.value())
        })
        .collect()
}

pub(super) fn heads(database: &Database, tenant: &TenantId, log: &str) -> Result<Vec<Head>, Error> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    let place = |writer| (tenant.as_str(), log, writer);
    heads
        .range::<HeadKey<'_>>(place([0; 16])..=place([u8::MAX; 16]))?
        .map(|row| {
            let (key, value) = row?;
            let (_, _, writer) = key.value();
            Ok(tables::head(writer, value.value()))
        })
        .collect()
}

pub(super) fn logs(
    database: &Database,
    after: Option<(&TenantId, &str)>,
    limit: usize,
) -> Result<Vec<(TenantId, String)>, Error> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    let from = match after {
        Some((tenant, log)) => Bound::Excluded((tenant.as_str(), log, [u8::MAX; 16])),
        None => Bound::Unbounded,
    };
    let mut found: Vec<(TenantId, String)> = Vec::new();
    for row in heads.range::<HeadKey<'_>>((from, Bound::Unbounded))? {
        let (key, _) = row?;
        let (tenant, log, _) = key.value();
        // A log has a row for each writer; they stand side by side.
        if found.last().is_some_and(|(of, name)| of.as_str() == tenant && name == log) {
            continue;
        }
        if found.len() >= limit {
            break;
        }
        found.push((TenantId::stored(tenant), log.to_owned()));
    }
    Ok(found)
}
