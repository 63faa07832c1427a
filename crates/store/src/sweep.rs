//! The time comes in; what has expired is erased, logs are sealed, and the records that asked to be woken go out.

use jiff::Timestamp;

use crate::{
    batch::Batch,
    error::{CommitError, StoreError},
    record::{Due, DueKind, TenantId},
    reseal, segment,
    vault::Vault,
    verify::Finding,
};

/// What one pass did.
#[derive(Debug, Default)]
pub struct Swept {
    /// How many expired records were erased (R113). As many as the limit: there may be more.
    pub erased: usize,
    /// The records whose wake has come, the longest due first. They come again until they are put with another wake.
    pub wakes: Vec<Due>,
    /// How many segments of logs were sealed.
    pub segments: usize,
    /// How many records were sealed anew with the newest key.
    pub resealed: usize,
    /// Why a stretch of a log was not sealed: it does not follow. Whose log, which, and what is wrong.
    pub findings: Vec<(TenantId, String, Finding)>,
}

/// How many records are erased, or logs listed, at once.
const STRETCH: usize = 256;

/// One pass: erases and wakes at most `limit` records each, and seals what is new in each log.
///
/// Several nodes may sweep one store at the same time.
///
/// # Errors
/// Those of the store.
pub async fn sweep(vault: &Vault, now: Timestamp, limit: usize) -> Result<Swept, StoreError> {
    let mut swept = Swept::default();
    let (expired, wakes) =
        vault.due(now, limit).await?.into_iter().partition::<Vec<_>, _>(|due| due.kind == DueKind::Expiry);
    swept.wakes = wakes;
    swept.erased = expired.len();
    for stretch in expired.chunks(STRETCH) {
        let batch = stretch.iter().fold(Batch::new(), |batch, due| batch.purge(due.key.clone()));
        vault.commit(batch).await.map_err(storage)?;
    }
    seal_logs(vault, &mut swept).await?;
    swept.resealed = reseal::some(vault, limit).await?;
    Ok(swept)
}

async fn seal_logs(vault: &Vault, swept: &mut Swept) -> Result<(), StoreError> {
    let mut after: Option<(TenantId, String)> = None;
    loop {
        let from = after.as_ref().map(|(tenant, log)| (tenant, log.as_str()));
        let logs = vault.store().logs(from, STRETCH).await?;
        for (tenant, log) in &logs {
            let sealed = segment::seal(vault, tenant, log).await.map_err(storage)?;
            swept.segments += sealed.segments;
            swept.findings.extend(sealed.findings.into_iter().map(|finding| (tenant.clone(), log.clone(), finding)));
        }
        after = logs.into_iter().next_back();
        if after.is_none() {
            return Ok(());
        }
    }
}

/// A batch without conditions has no conflict.
fn storage(error: CommitError) -> StoreError {
    match error {
        CommitError::Store(error) => error,
        CommitError::Conflict { .. } => StoreError::damaged("a batch without conditions conflicts"),
    }
}

#[cfg(test)]
mod tests;
