//! A vault whose keys were rotated comes in; its records are sealed anew with the newest key, and what still bears which key
//! goes out (R108).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{MutexGuard, PoisonError},
};

use crate::{
    batch::Batch,
    error::{CommitError, StoreError},
    keys::{KeyId, Purpose},
    record::{Key, TenantId},
    seal, segment,
    vault::Vault,
};

/// How far the records have been looked through since the newest sealing key came.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    newest: Option<KeyId>,
    after: Option<Key>,
    done: bool,
}

/// How many records are read at once.
const PAGE: usize = 256;

/// Goes on where the last call stopped: looks at `limit` records or a few more, and seals anew what an older key has sealed.
/// Versions stay, so that nobody who is at work on a record notices. Gives how many were sealed.
pub(crate) async fn some(vault: &Vault, limit: usize) -> Result<usize, StoreError> {
    let newest = vault.keys().of(Purpose::Seal).active().id();
    let mut resealed = 0;
    for _ in 0..limit.div_ceil(PAGE) {
        let after = {
            let mut progress = progress(vault);
            if progress.newest != Some(newest) {
                // A ring of one key has nothing to do.
                let alone = vault.keys().of(Purpose::Seal).iter().count() == 1;
                *progress = Progress { newest: Some(newest), after: None, done: alone };
            }
            if progress.done {
                return Ok(resealed);
            }
            progress.after.clone()
        };
        let (sealed, last) = page(vault, newest, after.as_ref()).await?;
        resealed += sealed;
        let mut progress = progress(vault);
        if progress.newest == Some(newest) && progress.after == after {
            progress.done = last.is_none();
            progress.after = last;
        }
    }
    Ok(resealed)
}

/// Seals every record anew that an older key has sealed. Gives how many there were.
///
/// # Errors
/// Those of the store.
pub async fn reseal_all(vault: &Vault) -> Result<usize, StoreError> {
    let newest = vault.keys().of(Purpose::Seal).active().id();
    let (mut resealed, mut after) = (0, None);
    loop {
        let (sealed, last) = page(vault, newest, after.as_ref()).await?;
        resealed += sealed;
        match last {
            Some(last) => after = Some(last),
            None => return Ok(resealed),
        }
    }
}

fn progress(vault: &Vault) -> MutexGuard<'_, Progress> {
    vault.resealing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One page: how many were sealed anew, and the last record of it; none behind the end.
async fn page(vault: &Vault, newest: KeyId, after: Option<&Key>) -> Result<(usize, Option<Key>), StoreError> {
    let rows = vault.store().walk(after, PAGE).await?;
    let last = rows.last().map(|(key, _)| key.clone());
    let mut batch = Batch::new();
    for (key, record) in rows {
        if seal::key_id(&record.value) == Some(newest) {
            continue;
        }
        match vault.sealed_anew(&key, &record) {
            Ok(value) => batch = batch.reseal(key, record.version, value),
            // Whoever reads it is told; the others need not wait for it.
            Err(StoreError::Sealed { what, .. }) => tracing::error!(kind = what, "a record does not open"),
            Err(error) => return Err(error),
        }
    }
    let sealed = batch.operations.len();
    if sealed > 0 {
        match vault.watch.tell(vault.store().commit(batch).await) {
            Ok(_) => {}
            Err(CommitError::Store(error)) => return Err(error),
            Err(CommitError::Conflict { .. }) => {
                return Err(StoreError::damaged("a batch without conditions conflicts"));
            }
        }
    }
    Ok((sealed, last))
}

/// What bears which key.
#[derive(Debug, Default)]
pub struct Census {
    /// Records, by the key that sealed them.
    pub records: BTreeMap<KeyId, u64>,
    /// Entries of logs, by the key that sealed them. They are never sealed anew: their hashes are in the chain.
    pub entries: BTreeMap<KeyId, u64>,
    /// Segments of logs, by the audit key that sealed them.
    pub segments: BTreeMap<KeyId, u64>,
    /// Whose records there are.
    pub tenants: BTreeSet<TenantId>,
}

/// Counts what bears each key, in the whole store.
///
/// # Errors
/// Those of the store.
pub async fn census(vault: &Vault) -> Result<Census, StoreError> {
    let mut census = Census::default();
    let mut after = None;
    loop {
        let rows = vault.store().walk(after.as_ref(), PAGE).await?;
        for (key, record) in &rows {
            if let Some(id) = seal::key_id(&record.value) {
                *census.records.entry(id).or_default() += 1;
            }
            if let Some(id) = segment::key_of(vault, key, record) {
                *census.segments.entry(id).or_default() += 1;
            }
            if !key.tenant.is_system() && !census.tenants.contains(&key.tenant) {
                census.tenants.insert(key.tenant.clone());
            }
        }
        match rows.into_iter().next_back() {
            Some((key, _)) => after = Some(key),
            None => break,
        }
    }
    let mut after: Option<(TenantId, String)> = None;
    loop {
        let from = after.as_ref().map(|(tenant, log)| (tenant, log.as_str()));
        let logs = vault.store().logs(from, PAGE).await?;
        for (tenant, log) in &logs {
            count_entries(vault, tenant, log, &mut census.entries).await?;
        }
        after = logs.into_iter().next_back();
        if after.is_none() {
            return Ok(census);
        }
    }
}

async fn count_entries(
    vault: &Vault,
    tenant: &TenantId,
    log: &str,
    counts: &mut BTreeMap<KeyId, u64>,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let entries = vault.store().read_log(tenant, log, after, PAGE).await?;
        for id in entries.iter().filter_map(|entry| seal::key_id(&entry.payload)) {
            *counts.entry(id).or_default() += 1;
        }
        match entries.last() {
            Some(entry) => after = Some(entry.position),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
