//! Promises about reading single records and ranges of them.

use super::{Outcome, Subject, THING, ensure, ensure_eq, key, put, seconds, tenant, timed};
use crate::{
    batch::{Batch, Expect},
    record::{Key, Kind, Record},
};

pub(super) async fn what_is_put_is_read(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    ensure_eq!(store.get(&key("none")).await?, None, "a record that nobody put");
    let now = store.now().await?;
    let (later, last) = (now + super::seconds(10), now + super::seconds(20));
    let values: [(&[u8], Vec<u8>); 4] = [
        (b"empty", Vec::new()),
        (b"zeros", vec![0; 3]),
        (b"\x00\xff\x00", (0..=255).collect()),
        (&[b'k'; Key::LONGEST], vec![7; 1 << 20]),
    ];
    for (id, value) in values {
        let batch = Batch::new().put(key(id), Expect::Absent, value.clone(), Some(last), Some(later));
        ensure_eq!(store.commit(batch).await?.versions, vec![1], "the version of a new record");
        let expected = Record { version: 1, value, expires_at: Some(last), wake_at: Some(later) };
        ensure!(
            store.get(&key(id)).await?.as_ref() == Some(&expected),
            "the record `{}` is another one",
            id.escape_ascii()
        );
    }
    Ok(())
}

pub(super) async fn versions_count_from_one(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    store.commit(put(key("a"), Expect::Absent, b"1")).await?;
    for version in 1..5_u64 {
        let committed = store.commit(put(key("a"), Expect::Version(version), b"n")).await?;
        ensure_eq!(committed.versions, vec![version + 1], "the version after a put");
        ensure_eq!(store.get(&key("a")).await?.map(|record| record.version), Some(version + 1), "the version read");
    }
    store.commit(Batch::new().delete(key("a"), Expect::Version(5))).await?;
    ensure_eq!(store.get(&key("a")).await?, None, "a deleted record");
    let committed = store.commit(put(key("a"), Expect::Absent, b"new")).await?;
    ensure_eq!(committed.versions, vec![1], "the version of a record made anew");
    Ok(())
}

/// R111, R112: the same id under another tenant or kind is another record, and no names run together.
pub(super) async fn tenants_and_kinds_are_apart(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let names = [("a", "b", "c"), ("ab", "c", ""), ("a", "bc", ""), ("a", "b-c", "c"), ("b", "a", "c"), ("a", "b", "")];
    for (of, kind, id) in names {
        let kind = Kind::stored(kind).ok_or("the suite has a bad kind")?;
        let key = Key::new(&tenant(of)?, kind, id);
        ensure_eq!(store.get(&key).await?, None, "a record under another name");
        store.commit(put(key, Expect::Absent, format!("{of}/{kind}/{id}").as_bytes())).await?;
    }
    for (of, kind, id) in names {
        let kind = Kind::stored(kind).ok_or("the suite has a bad kind")?;
        let found = store.get(&Key::new(&tenant(of)?, kind, id)).await?.map(|record| record.value);
        ensure_eq!(found, Some(format!("{of}/{kind}/{id}").into_bytes()), "the record under its own name");
    }
    let scanned = store.scan(&tenant("a")?, Kind::new("b"), None, 10).await?;
    let ids: Vec<_> = scanned.iter().map(|(id, _)| id.as_slice()).collect();
    ensure_eq!(ids, vec![b"".as_slice(), b"c"], "a scan of one tenant and kind");
    Ok(())
}

pub(super) async fn a_scan_is_ordered_and_paged(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let mut ids: Vec<Vec<u8>> =
        vec![b"b".to_vec(), b"a".to_vec(), vec![0xff, 0], vec![0], vec![0xff], b"aa".to_vec(), b"a\0".to_vec()];
    for id in &ids {
        store.commit(put(key(id.as_slice()), Expect::Absent, id)).await?;
    }
    ids.sort();
    let of = tenant("default")?;
    for limit in [1, 2, 3, 100] {
        let (mut found, mut after) = (Vec::new(), None::<Vec<u8>>);
        loop {
            let page = store.scan(&of, super::THING, after.as_deref(), limit).await?;
            ensure!(page.len() <= limit, "a page of {} records for the limit {limit}", page.len());
            ensure!(page.iter().all(|(id, record)| *id == record.value), "a scan gave a record under another's id");
            found.extend(page.into_iter().map(|(id, _)| id));
            if found.last() == after.as_ref() {
                break;
            }
            after = found.last().cloned();
        }
        ensure_eq!(found, ids, "all pages of a scan");
    }
    ensure!(store.scan(&of, super::THING, None, 0).await?.is_empty(), "a scan with the limit 0 gave a record");
    Ok(())
}

/// A walk gives the records of all tenants and kinds, page by page.
pub(super) async fn a_walk_sees_every_record_once(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let other = Kind::new("other");
    let mut batch = Batch::new();
    for of in ["default", "acme"] {
        for id in [b"a", b"b"] {
            for kind in [THING, other] {
                batch = batch.put(Key::new(&tenant(of)?, kind, id), Expect::Absent, id.to_vec(), None, None);
            }
        }
    }
    store.commit(batch).await?;
    let soon = store.now().await? + seconds(1);
    store.commit(timed(key("gone"), Expect::Absent, Some(soon), None)).await?;
    subject.turn_clock(seconds(2)).await;
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), None);
    loop {
        let page = store.walk(after.as_ref(), 3).await?;
        ensure!(page.len() <= 3, "a page is longer than its limit");
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        for (key, record) in page {
            ensure_eq!(record.value, key.id, "the value");
            ensure!(seen.insert(key.clone()), "{key:?} came twice");
        }
    }
    ensure_eq!(seen.len(), 8, "the records that were seen");
    Ok(())
}

/// A reseal puts other bytes under the same version, and nothing if the record has gone on or is gone.
pub(super) async fn a_reseal_changes_the_bytes_alone(subject: &dyn Subject) -> Outcome {
    let store = subject.fresh().await?;
    let wake = store.now().await? + seconds(5);
    let expiry = wake + seconds(5);
    store.commit(timed(key("a"), Expect::Absent, Some(expiry), Some(wake))).await?;
    let before = store.get(&key("a")).await?.ok_or("it was put")?;
    let batch = Batch::new().reseal(key("a"), 1, b"anew".to_vec()).reseal(key("none"), 1, b"x".to_vec());
    let committed = store.commit(batch).await?;
    ensure!(committed.versions.is_empty(), "a reseal gives no version");
    let after = store.get(&key("a")).await?.ok_or("it is gone")?;
    ensure_eq!(after.value, b"anew".to_vec(), "the bytes");
    ensure_eq!((after.version, after.expires_at, after.wake_at), (1, before.expires_at, before.wake_at), "the rest");
    ensure!(store.get(&key("none")).await?.is_none(), "a reseal makes no record");
    // Whoever has read the record before writes it as if nothing had been.
    store.commit(put(key("a"), Expect::Version(1), b"next")).await?;
    store.commit(Batch::new().reseal(key("a"), 1, b"late".to_vec())).await?;
    ensure_eq!(
        store.get(&key("a")).await?.map(|record| record.value),
        Some(b"next".to_vec()),
        "what was written since"
    );
    store.commit(timed(key("b"), Expect::Absent, Some(expiry), Some(wake))).await?;
    store.commit(Batch::new().reseal(key("b"), 1, b"anew".to_vec())).await?;
    subject.turn_clock(seconds(6)).await;
    let now = store.now().await?;
    ensure_eq!(store.due(now, 9).await?.len(), 1, "its moments stay in the index");
    Ok(())
}
