//! Promises about logs: order, chain, pages.

use std::{collections::BTreeMap, sync::Arc};

use tokio::task::JoinSet;

use super::{Outcome, Subject, conflict, ensure, ensure_eq, key, put, seconds, tenant};
use crate::{
    batch::{Batch, Expect},
    log::{Entry, Head, NO_ENTRY, WriterId, entry_hash},
    record::TenantId,
    store::Store,
};

/// The most entries that a check writes, and more.
const ALL: usize = 10_000;

/// R118: sequences from one without gaps, each entry bound to the one before, and what a commit said is what is read.
pub(super) async fn entries_are_chained_without_gaps(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let of = TenantId::default();
    let mut appended = Vec::new();
    for round in 0..3_u8 {
        let batch = (0..3_u8).fold(Batch::new(), |batch, index| batch.append(&of, "log", vec![round, index]));
        appended.extend(store.commit(batch).await?.appended);
        subject.turn_clock(seconds(1)).await;
    }
    let entries = store.read_log(&of, "log", None, ALL).await?;
    let payloads: Vec<_> = entries.iter().map(|entry| entry.payload.clone()).collect();
    let expected: Vec<_> = (0..3_u8).flat_map(|round| (0..3_u8).map(move |index| vec![round, index])).collect();
    ensure_eq!(payloads, expected, "the payloads in the order of their appends");
    for (entry, said) in entries.iter().zip(&appended) {
        let read = (entry.position, entry.sequence, entry.hash);
        ensure_eq!(read, (said.position, said.sequence, said.hash), "an entry as its commit gave it");
    }
    let last = entries.last().ok_or("the log is empty")?;
    let first = entries.first().ok_or("the log is empty")?;
    ensure_eq!(last.at, first.at + seconds(2), "the time between the first and the last commit");
    check_chain(&*store, &of, "log").await?;
    Ok(())
}

pub(super) async fn logs_and_tenants_are_apart(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let (a, b) = (tenant("a")?, tenant("b")?);
    let batch = Batch::new()
        .append(&a, "one", b"1".to_vec())
        .append(&a, "two", b"2".to_vec())
        .append(&b, "one", b"3".to_vec())
        .append(&a, "one", b"4".to_vec());
    store.commit(batch).await?;
    for (of, log, payloads) in [(&a, "one", "14"), (&a, "two", "2"), (&b, "one", "3"), (&b, "two", "")] {
        let found: Vec<u8> =
            store.read_log(of, log, None, ALL).await?.into_iter().flat_map(|entry| entry.payload).collect();
        ensure_eq!(found, payloads.as_bytes(), "the payloads of one log");
        check_chain(&*store, of, log).await?;
    }
    Ok(())
}

pub(super) async fn a_failed_batch_appends_nothing(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let of = TenantId::default();
    store.commit(put(key("a"), Expect::Absent, &[]).append(&of, "log", b"1".to_vec())).await?;
    let failed = store.commit(put(key("a"), Expect::Absent, &[]).append(&of, "log", b"2".to_vec())).await;
    ensure!(conflict(failed).is_some(), "no conflict");
    store.commit(Batch::new().append(&of, "log", b"3".to_vec())).await?;
    let found: Vec<_> = store.read_log(&of, "log", None, ALL).await?;
    let found: Vec<_> = found.iter().map(|entry| (entry.sequence, entry.payload.as_slice())).collect();
    ensure_eq!(found, vec![(1, b"1".as_slice()), (2, b"3")], "the log after a conflict");
    check_chain(&*store, &of, "log").await
}

pub(super) async fn a_log_is_read_in_pages(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let of = TenantId::default();
    let batch = (0..7_u8).fold(Batch::new(), |batch, index| batch.append(&of, "log", vec![index]));
    store.commit(batch.append(&of, "log2", b"other".to_vec())).await?;
    for limit in [1, 3, 7, 100] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.read_log(&of, "log", after, limit).await?;
            ensure!(page.len() <= limit, "a page of {} entries for the limit {limit}", page.len());
            let Some(last) = page.last() else { break };
            ensure!(after < Some(last.position), "positions do not grow");
            after = Some(last.position);
            found.extend(page.into_iter().flat_map(|entry| entry.payload));
        }
        ensure_eq!(found, (0..7).collect::<Vec<u8>>(), "all pages of a log");
    }
    Ok(())
}

pub(super) async fn concurrent_appends_leave_no_gap(subject: &dyn Subject) -> Outcome {
    const WRITERS: u8 = 50;
    let store = subject.fresh().await?;
    let of = TenantId::default();
    let mut tasks = JoinSet::new();
    for index in 0..WRITERS {
        let (store, of) = (Arc::clone(&store), of.clone());
        tasks.spawn(async move { store.commit(Batch::new().append(&of, "log", vec![index])).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let entries = store.read_log(&of, "log", None, ALL).await?;
    let mut payloads: Vec<u8> = entries.iter().flat_map(|entry| entry.payload.iter().copied()).collect();
    payloads.sort_unstable();
    ensure_eq!(payloads, (0..WRITERS).collect::<Vec<u8>>(), "what many writers appended");
    check_chain(&*store, &of, "log").await
}

pub(super) async fn logs_are_listed_in_pages(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let names = [("a", "one"), ("a", "two"), ("ab", "one"), ("b", "one")];
    for (of, log) in names {
        store.commit(Batch::new().append(&tenant(of)?, log, vec![]).append(&tenant(of)?, log, vec![])).await?;
    }
    for limit in [1, 3, 4, 100] {
        let (mut found, mut after) = (Vec::new(), None::<(TenantId, String)>);
        loop {
            let page = store.logs(after.as_ref().map(|(of, log)| (of, log.as_str())), limit).await?;
            ensure!(page.len() <= limit, "a page of {} logs for the limit {limit}", page.len());
            let Some(last) = page.last() else { break };
            after = Some(last.clone());
            found.extend(page.into_iter().map(|(of, log)| (of.to_string(), log)));
        }
        let expected: Vec<_> = names.iter().map(|(of, log)| ((*of).to_owned(), (*log).to_owned())).collect();
        ensure_eq!(found, expected, "all pages of the list of logs");
    }
    Ok(())
}

/// Follows each writer's chain with the published hash, and compares its end with the store's heads.
pub(super) async fn check_chain(store: &dyn Store, tenant: &TenantId, log: &str) -> Outcome {
    let mut ends: BTreeMap<WriterId, Head> = BTreeMap::new();
    for entry in store.read_log(tenant, log, None, ALL).await? {
        let Entry { sequence, at, writer, previous, hash, ref payload, .. } = entry;
        let end = ends.entry(writer).or_insert(Head { writer, sequence: 0, hash: NO_ENTRY });
        ensure_eq!(sequence, end.sequence + 1, "the next sequence of a writer");
        ensure_eq!(previous, end.hash, "the hash before");
        ensure_eq!(hash, entry_hash(tenant, log, writer, sequence, at, &previous, payload), "the hash of an entry");
        *end = Head { writer, sequence, hash };
    }
    let mut heads = store.heads(tenant, log).await?;
    heads.sort_by_key(|head| head.writer);
    ensure_eq!(heads, ends.into_values().collect::<Vec<_>>(), "the heads of a log");
    Ok(())
}
