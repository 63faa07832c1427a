//! Promises about what outlives a store's handle.

use super::{Outcome, Subject, conflict, ensure, ensure_eq, key, logs::check_chain, put, seconds};
use crate::{
    batch::{Batch, Expect},
    record::{DueKind, Record, TenantId},
};

pub(super) async fn everything_is_kept(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let of = TenantId::default();
    subject.turn_clock(seconds(30)).await;
    let start = store.now().await?;
    let (wake, end) = (Some(start + seconds(1)), Some(start + seconds(9)));
    let batch = Batch::new().put(key("a"), Expect::Absent, b"1".to_vec(), end, wake);
    store.commit(batch.append(&of, "log", b"1".to_vec())).await?;
    store.commit(put(key("b"), Expect::Absent, b"1")).await?;
    store.commit(put(key("b"), Expect::Version(1), b"2")).await?;
    store.commit(put(key("c"), Expect::Absent, b"1")).await?;
    store.commit(Batch::new().delete(key("c"), Expect::Version(1))).await?;

    subject.turn_clock(seconds(-60)).await;
    let Some(store) = subject.reopen(store).await? else { return Ok(()) };
    ensure!(store.now().await? >= start, "time went back over a restart");
    let expected = Record { version: 1, value: b"1".to_vec(), expires_at: end, wake_at: wake };
    ensure_eq!(store.get(&key("a")).await?, Some(expected), "a record after a restart");
    ensure_eq!(store.get(&key("b")).await?.map(|record| record.version), Some(2), "a version after a restart");
    ensure_eq!(store.get(&key("c")).await?, None, "a deleted record after a restart");
    ensure!(
        conflict(store.commit(put(key("b"), Expect::Version(1), b"3")).await).is_some(),
        "an old version holds again"
    );
    let due: Vec<_> = store.due(start + seconds(1), 10).await?.into_iter().map(|due| (due.key, due.kind)).collect();
    ensure_eq!(due, vec![(key("a"), DueKind::Wake)], "what is due after a restart");

    store.commit(Batch::new().append(&of, "log", b"2".to_vec())).await?;
    let entries = store.read_log(&of, "log", None, 10).await?;
    let payloads: Vec<_> = entries.iter().map(|entry| entry.payload.as_slice()).collect();
    ensure_eq!(payloads, vec![b"1".as_slice(), b"2"], "the log over a restart");
    ensure!(entries.iter().all(|entry| entry.at >= start), "an entry is older than the one before");
    check_chain(&*store, &of, "log").await
}
