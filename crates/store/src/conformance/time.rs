//! Promises about expiry, what is due, and the store's time.

use jiff::{SignedDuration, Timestamp};

use super::{Outcome, Subject, conflict, ensure, ensure_eq, key, put, seconds, timed};
use crate::{
    batch::{Batch, Expect},
    record::{Due, DueKind, TenantId},
};

pub(super) async fn an_expired_record_is_absent(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let expires_at = store.now().await? + seconds(10);
    store.commit(timed(key("a"), Expect::Absent, Some(expires_at), None)).await?;
    subject.turn_clock(seconds(10) - SignedDuration::from_micros(1)).await;
    ensure!(store.get(&key("a")).await?.is_some(), "absent one microsecond before it expires");
    ensure!(conflict(store.commit(put(key("a"), Expect::Absent, &[])).await).is_some(), "free before it expires");

    subject.turn_clock(SignedDuration::from_micros(1)).await;
    ensure_eq!(store.get(&key("a")).await?, None, "a record at its expiry");
    let scanned = store.scan(&TenantId::default(), super::THING, None, 10).await?;
    ensure!(scanned.is_empty(), "a scan gave an expired record");
    let stale = Batch::new().require(key("a"), Expect::Version(1));
    ensure!(conflict(store.commit(stale).await).is_some(), "the old version still holds after the expiry");
    store.commit(Batch::new().require(key("a"), Expect::Absent)).await?;
    ensure_eq!(store.commit(put(key("a"), Expect::Absent, b"new")).await?.versions, vec![1], "the version made anew");
    ensure!(store.due(expires_at, 10).await?.is_empty(), "the expiry of a replaced record is still due");
    Ok(())
}

pub(super) async fn a_purge_erases_only_what_has_expired(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let now = store.now().await?;
    store.commit(timed(key("soon"), Expect::Absent, Some(now + seconds(1)), Some(now + seconds(1)))).await?;
    store.commit(timed(key("later"), Expect::Absent, Some(now + seconds(9)), None)).await?;
    store.commit(put(key("never"), Expect::Absent, b"1")).await?;
    subject.turn_clock(seconds(1)).await;
    let purge = ["soon", "later", "never", "missing"].into_iter().fold(Batch::new(), |batch, id| batch.purge(key(id)));
    store.commit(purge).await?;
    ensure!(store.get(&key("later")).await?.is_some(), "a record was purged before its expiry");
    ensure!(store.get(&key("never")).await?.is_some(), "a record without an expiry was purged");
    ensure_eq!(due_ids(&store.due(now + seconds(99), 10).await?), vec![("later", DueKind::Expiry)], "what is left due");
    Ok(())
}

pub(super) async fn due_comes_in_order_of_time(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let start = store.now().await?;
    let at = |count| Some(start + seconds(count));
    store.commit(timed(key("d"), Expect::Absent, None, at(4))).await?;
    store.commit(timed(key("b"), Expect::Absent, at(2), None)).await?;
    store.commit(timed(key("c"), Expect::Absent, None, at(3))).await?;
    store.commit(timed(key("a"), Expect::Absent, at(90), at(1))).await?;
    store.commit(put(key("never"), Expect::Absent, &[])).await?;
    ensure!(store.due(start, 10).await?.is_empty(), "something is due too early");
    let due = store.due(start + seconds(3), 10).await?;
    let expected = vec![("a", DueKind::Wake), ("b", DueKind::Expiry), ("c", DueKind::Wake)];
    ensure_eq!(due_ids(&due), expected, "what is due after three seconds");
    let times: Vec<Timestamp> = due.iter().map(|due| due.at).collect();
    ensure_eq!(times, vec![start + seconds(1), start + seconds(2), start + seconds(3)], "the times");

    let expected = vec![("a", DueKind::Wake), ("b", DueKind::Expiry)];
    ensure_eq!(due_ids(&store.due(start + seconds(4), 1).await?), expected, "one of each kind");
    Ok(())
}

pub(super) async fn due_follows_the_record(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let start = store.now().await?;
    let at = |count| Some(start + seconds(count));
    store.commit(timed(key("a"), Expect::Absent, at(90), at(1))).await?;
    store.commit(timed(key("a"), Expect::Version(1), at(90), at(5))).await?;
    ensure!(store.due(start + seconds(4), 10).await?.is_empty(), "a moved wake still comes at its old time");
    ensure_eq!(due_ids(&store.due(start + seconds(5), 10).await?), vec![("a", DueKind::Wake)], "the moved wake");
    store.commit(timed(key("a"), Expect::Version(2), at(90), None)).await?;
    ensure!(store.due(start + seconds(5), 10).await?.is_empty(), "a wake that was taken away still comes");
    store.commit(Batch::new().delete(key("a"), Expect::Version(3))).await?;
    ensure!(store.due(start + seconds(99), 10).await?.is_empty(), "a deleted record is still due");
    Ok(())
}

pub(super) async fn what_has_expired_wakes_nobody(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let now = store.now().await?;
    store.commit(timed(key("a"), Expect::Absent, Some(now + seconds(2)), Some(now + seconds(1)))).await?;
    subject.turn_clock(seconds(2)).await;
    let due = store.due(now + seconds(2), 10).await?;
    ensure_eq!(due_ids(&due), vec![("a", DueKind::Expiry)], "what is due of an expired record");
    Ok(())
}

pub(super) async fn now_never_goes_back(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let start = store.now().await?;
    ensure_eq!(start.as_nanosecond() % 1000, 0, "what is finer than a microsecond");
    subject.turn_clock(seconds(5)).await;
    let committed = store.commit(put(key("a"), Expect::Absent, &[])).await?.at;
    ensure_eq!(committed, start + seconds(5), "the time of a commit");
    subject.turn_clock(seconds(-60)).await;
    ensure_eq!(store.now().await?, start + seconds(5), "the time after the clock went back");
    ensure_eq!(store.commit(put(key("b"), Expect::Absent, &[])).await?.at, start + seconds(5), "the time of a commit");
    subject.turn_clock(seconds(61)).await;
    ensure_eq!(store.now().await?, start + seconds(6), "the time after the clock caught up");
    Ok(())
}

fn due_ids(due: &[Due]) -> Vec<(&str, DueKind)> {
    due.iter().map(|due| (std::str::from_utf8(&due.key.id).unwrap_or("?"), due.kind)).collect()
}
