//! Promises about conditions, all-or-nothing, and callers at the same time.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Outcome, Subject, conflict, ensure, ensure_eq, key, put};
use crate::{
    batch::{Batch, Expect},
    error::{CommitError, StoreError},
    record::TenantId,
};

pub(super) async fn a_condition_that_does_not_hold_names_its_key(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    store.commit(put(key("there"), Expect::Absent, b"1")).await?;
    let wrong = [
        ("there", Expect::Absent),
        ("there", Expect::Version(0)),
        ("there", Expect::Version(2)),
        ("gone", Expect::Version(0)),
        ("gone", Expect::Version(1)),
    ];
    for (id, expect) in wrong {
        let batches = [
            put(key(id), expect, b"2"),
            Batch::new().delete(key(id), expect),
            Batch::new().require(key(id), expect),
            Batch::new().require(key("other"), Expect::Absent).require(key(id), expect),
        ];
        for batch in batches {
            let shown = format!("{batch:?}");
            ensure!(conflict(store.commit(batch).await) == Some(key(id)), "no conflict for {shown}");
        }
    }
    let right = [("there", Expect::Version(1)), ("gone", Expect::Absent)];
    for (id, expect) in right {
        store.commit(Batch::new().require(key(id), expect)).await?;
    }
    ensure_eq!(store.get(&key("there")).await?.map(|record| record.value), Some(b"1".to_vec()), "after conflicts");
    Ok(())
}

pub(super) async fn a_batch_is_all_or_nothing(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let of = TenantId::default();
    store.commit(put(key("old"), Expect::Absent, b"1")).await?;
    let writes = || {
        put(key("new"), Expect::Absent, b"2").and(put(key("old"), Expect::Version(1), b"3")).append(
            &of,
            "log",
            b"entry".to_vec(),
        )
    };
    let failing = writes().require(key("missing"), Expect::Version(1));
    ensure!(conflict(store.commit(failing).await).is_some(), "no conflict for a missing record");
    ensure_eq!(store.get(&key("new")).await?, None, "a put of a failed batch");
    ensure_eq!(store.get(&key("old")).await?.map(|record| record.version), Some(1), "a version after a failed batch");
    ensure!(store.read_log(&of, "log", None, 10).await?.is_empty(), "a failed batch appended");
    let committed = store.commit(writes()).await?;
    ensure_eq!(committed.versions, vec![1, 2], "the versions, in the order of the puts");
    ensure_eq!(committed.appended.len(), 1, "the appends of a batch");
    Ok(())
}

pub(super) async fn conditions_see_the_state_before_the_batch(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    store.commit(put(key("a"), Expect::Absent, b"1")).await?;
    let batch = Batch::new()
        .require(key("a"), Expect::Version(1))
        .delete(key("a"), Expect::Version(1))
        .require(key("a"), Expect::Version(1))
        .and(put(key("b"), Expect::Absent, b"2"))
        .require(key("b"), Expect::Absent);
    store.commit(batch).await?;
    ensure_eq!(store.get(&key("a")).await?, None, "the deleted record");
    ensure_eq!(store.get(&key("b")).await?.map(|record| record.version), Some(1), "the new record");
    Ok(())
}

pub(super) async fn a_contradictory_batch_is_refused(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let twice = put(key("a"), Expect::Absent, b"1").delete(key("a"), Expect::Absent);
    let refused = matches!(store.commit(twice).await, Err(CommitError::Store(StoreError::Refused { .. })));
    ensure!(refused, "a batch that writes a key twice was not refused");
    ensure_eq!(store.get(&key("a")).await?, None, "a put of a refused batch");
    Ok(())
}

/// Many batches at once, every third of them stale: exactly those fail.
pub(super) async fn a_conflict_fails_alone(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    store.commit(put(key("taken"), Expect::Absent, b"1")).await?;
    let mut tasks = JoinSet::new();
    for index in 0..90_u32 {
        let store = Arc::clone(&store);
        let stale = index % 3 == 0;
        let own = put(key(index.to_be_bytes()), Expect::Absent, &[]);
        let batch = if stale { own.and(put(key("taken"), Expect::Absent, b"2")) } else { own };
        tasks.spawn(async move { (index, stale, store.commit(batch).await) });
    }
    while let Some(done) = tasks.join_next().await {
        let (index, stale, result) = done?;
        let there = store.get(&key(index.to_be_bytes())).await?.is_some();
        if stale {
            ensure_eq!(conflict(result), Some(key("taken")), "the conflict of a stale batch");
            ensure!(!there, "a stale batch left a record");
        } else {
            result?;
            ensure!(there, "a batch beside stale ones left no record");
        }
    }
    Ok(())
}

/// Many writers add to one number, each on the version that it read; each starts again on a conflict.
pub(super) async fn no_update_is_lost(subject: &dyn Subject) -> Outcome {
    const WRITERS: u64 = 8;
    const ROUNDS: u64 = 12;
    let store = subject.fresh().await?;
    store.commit(put(key("sum"), Expect::Absent, &0_u64.to_be_bytes())).await?;
    let mut tasks = JoinSet::new();
    for _ in 0..WRITERS {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            for _ in 0..ROUNDS {
                loop {
                    let record = store.get(&key("sum")).await?.ok_or(StoreError::Closed)?;
                    let sum = record.value.try_into().map_or(0, u64::from_be_bytes) + 1;
                    match store.commit(put(key("sum"), Expect::Version(record.version), &sum.to_be_bytes())).await {
                        Ok(_) => break,
                        Err(CommitError::Conflict { .. }) => {}
                        Err(CommitError::Store(error)) => return Err(error),
                    }
                }
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let record = store.get(&key("sum")).await?.ok_or("the number is gone")?;
    ensure_eq!(record.value, (WRITERS * ROUNDS).to_be_bytes().to_vec(), "the sum of all writers");
    ensure_eq!(record.version, WRITERS * ROUNDS + 1, "one version for each update");
    Ok(())
}
