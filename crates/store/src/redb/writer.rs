//! Batches come in from many callers; the one writer thread commits whatever has queued in one transaction, and answers.
//!
//! There is no timer: while one transaction is being written to disk the next group gathers by itself, and a lone batch
//! goes at once. Each batch is judged alone, on the state that the batches before it left, so a conflict fails one batch.

use ::redb::{Database, Error, ReadableTable};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::{
    slot::Slot,
    tables::{self, Tables, meta, record_key},
};
use crate::{
    batch::{Append, Batch, Operation},
    clock::Time,
    error::CommitError,
    log::{self, Appended, WriterId, entry_hash},
    record::{Key, Record},
    store::Committed,
};

/// The most batches in one transaction, which bounds how long the first of them waits for the last.
const GROUP: usize = 512;

/// A batch and where its result is awaited.
pub(super) struct Job {
    pub(super) batch: Batch,
    pub(super) answer: oneshot::Sender<Result<Committed, CommitError>>,
}

/// Serves jobs until every sender is gone.
pub(super) fn serve(slot: &Slot, time: &Time, writer: WriterId, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let (mut batches, mut answers) = (vec![first.batch], vec![first.answer]);
        while let Some(job) = (batches.len() < GROUP).then(|| jobs.try_recv().ok()).flatten() {
            batches.push(job.batch);
            answers.push(job.answer);
        }
        // Nobody is told anything before the whole group is on disk: a conflict, too, may rest on a batch of the group.
        let results = slot
            .write(|database| commit(database, time.now(), writer, &batches))
            .unwrap_or_else(|error| batches.iter().map(|_| Err(CommitError::Store(error.clone()))).collect());
        for (answer, result) in answers.into_iter().zip(results) {
            // A caller that stopped waiting has no use for the answer.
            drop(answer.send(result));
        }
    }
}

/// Commits a group; an error means that none of it was acknowledged.
fn commit(
    database: &Database,
    at: Timestamp,
    writer: WriterId,
    batches: &[Batch],
) -> Result<Vec<Result<Committed, CommitError>>, Error> {
    let transaction = database.begin_write()?;
    let mut results = Vec::with_capacity(batches.len());
    {
        let mut tables = Tables::open(&transaction)?;
        for batch in batches {
            results.push(apply(&mut tables, at, writer, batch)?);
        }
        tables.meta.insert(meta::TIME, at.as_microsecond().to_be_bytes().as_slice())?;
    }
    if results.iter().any(Result::is_ok) {
        transaction.commit()?;
    } else {
        transaction.abort()?;
    }
    Ok(results)
}

/// Judges one batch and, if it holds, writes it. The outer error is the storage's and ends the whole group.
fn apply(
    tables: &mut Tables<'_>,
    at: Timestamp,
    writer: WriterId,
    batch: &Batch,
) -> Result<Result<Committed, CommitError>, Error> {
    if let Err(refused) = batch.validate() {
        return Ok(Err(CommitError::Store(refused)));
    }
    let mut found = Vec::with_capacity(batch.operations.len());
    for operation in &batch.operations {
        let record = tables::read_record(&tables.records, operation.key())?;
        if let Some(expect) = operation.expect() {
            let live = record.as_ref().filter(|record| !record.has_expired(at)).map(|record| record.version);
            if !expect.holds(live) {
                return Ok(Err(CommitError::Conflict { key: operation.key().clone() }));
            }
        }
        found.push(record);
    }
    let mut versions = Vec::new();
    for (operation, old) in batch.operations.iter().zip(&found) {
        versions.extend(write(tables, at, operation, old.as_ref())?);
    }
    let mut appended = Vec::with_capacity(batch.appends.len());
    for entry in &batch.appends {
        appended.push(append(tables, at, writer, entry)?);
    }
    Ok(Ok(Committed { at, versions, appended }))
}

/// Carries out one operation over the row that was there; gives the new version of a put.
fn write(
    tables: &mut Tables<'_>,
    at: Timestamp,
    operation: &Operation,
    old: Option<&Record>,
) -> Result<Option<u64>, Error> {
    match operation {
        Operation::Put { key, expect, value, expires_at, wake_at } => {
            unindex(tables, key, old)?;
            let (expires_at, wake_at) =
                (expires_at.map(Timestamp::as_microsecond), wake_at.map(Timestamp::as_microsecond));
            let (tenant, kind, id) = record_key(key);
            if let Some(at) = expires_at {
                tables.expiries.insert((at, tenant, kind, id), ())?;
            }
            if let Some(at) = wake_at {
                tables.wakes.insert((at, tenant, kind, id), ())?;
            }
            let version = expect.next_version();
            tables.records.insert((tenant, kind, id), (version, expires_at, wake_at, value.as_slice()))?;
            Ok(Some(version))
        }
        Operation::Delete { key, .. } => erase(tables, key, old).map(|()| None),
        Operation::Purge { key } => {
            let expired = old.filter(|record| record.has_expired(at));
            if expired.is_some() {
                erase(tables, key, expired)?;
            }
            Ok(None)
        }
        Operation::Reseal { key, version, value } => {
            let read = |record: &&Record| record.version == *version && !record.has_expired(at);
            if let Some(Record { expires_at, wake_at, .. }) = old.filter(read) {
                let (expires_at, wake_at) =
                    (expires_at.map(Timestamp::as_microsecond), wake_at.map(Timestamp::as_microsecond));
                tables.records.insert(record_key(key), (*version, expires_at, wake_at, value.as_slice()))?;
            }
            Ok(None)
        }
        Operation::Require { .. } => Ok(None),
    }
}

fn erase(tables: &mut Tables<'_>, key: &Key, old: Option<&Record>) -> Result<(), Error> {
    unindex(tables, key, old)?;
    tables.records.remove(record_key(key))?;
    Ok(())
}

/// Takes the old row's moments out of the indexes.
fn unindex(tables: &mut Tables<'_>, key: &Key, old: Option<&Record>) -> Result<(), Error> {
    let Some(old) = old else { return Ok(()) };
    let (tenant, kind, id) = record_key(key);
    if let Some(at) = old.expires_at {
        tables.expiries.remove((at.as_microsecond(), tenant, kind, id))?;
    }
    if let Some(at) = old.wake_at {
        tables.wakes.remove((at.as_microsecond(), tenant, kind, id))?;
    }
    Ok(())
}

/// Adds an entry to this writer's chain and to the tenant's log.
fn append(tables: &mut Tables<'_>, at: Timestamp, writer: WriterId, append: &Append) -> Result<Appended, Error> {
    let Append { tenant, log: name, payload } = append;
    let chain = (tenant.as_str(), *name, writer.0);
    let (last, previous) = tables.heads.get(chain)?.map_or((0, log::NO_ENTRY), |head| head.value());
    let place = |position| (tenant.as_str(), *name, position);
    let newest = tables.entries.range::<tables::EntryKey<'_>>(place(0)..=place(u64::MAX))?.next_back().transpose()?;
    let position = newest.map_or(0, |(key, _)| key.value().2) + 1;
    let sequence = last + 1;
    let hash = entry_hash(tenant, name, writer, sequence, at, &previous, payload);
    let row = (at.as_microsecond(), writer.0, sequence, previous, hash, payload.as_slice());
    tables.entries.insert(place(position), row)?;
    tables.heads.insert(chain, (sequence, hash))?;
    Ok(Appended { position, sequence, hash })
}

#[cfg(test)]
mod tests;
