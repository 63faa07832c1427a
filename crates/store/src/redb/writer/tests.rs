#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;

use ::redb::{Database, ReadableDatabase, backends::InMemoryBackend};
use jiff::{SignedDuration, Timestamp};

use super::{GROUP, Job, commit, serve};
use crate::{
    batch::{Batch, Expect},
    clock::{ManualClock, Time, WallClock},
    error::CommitError,
    log::WriterId,
    record::{Key, Kind, TenantId},
    redb::{open, slot::Slot, tables::META},
};

const WRITER: WriterId = WriterId([7; 16]);

fn database() -> Database {
    open::database(InMemoryBackend::new(), Path::new("test")).unwrap().0
}

fn key(id: &str) -> Key {
    Key::new(&TenantId::default(), Kind::new("thing"), id)
}

fn put(id: &str, expect: Expect) -> Batch {
    Batch::new().put(key(id), expect, Vec::new(), None, None)
}

fn versions(database: &Database, batches: &[Batch]) -> Vec<Option<Vec<u64>>> {
    let results = commit(database, Timestamp::UNIX_EPOCH, WRITER, batches).unwrap();
    results.into_iter().map(|result| result.ok().map(|committed| committed.versions)).collect()
}

#[test]
fn in_a_group_each_batch_sees_those_before_it_and_fails_alone() {
    let database = database();
    let group = [
        put("a", Expect::Absent),
        put("a", Expect::Absent),
        put("b", Expect::Absent).and(put("a", Expect::Version(1))),
        put("a", Expect::Version(1)).append(&TenantId::default(), "log", Vec::new()),
        put("a", Expect::Version(2)).append(&TenantId::default(), "log", Vec::new()),
    ];
    assert_eq!(versions(&database, &group), [Some(vec![1]), None, Some(vec![1, 2]), None, Some(vec![3])]);
    let next = [Batch::new().append(&TenantId::default(), "log", Vec::new())];
    let appended = commit(&database, Timestamp::UNIX_EPOCH, WRITER, &next).unwrap();
    assert_eq!(appended.first().unwrap().as_ref().unwrap().appended.first().unwrap().sequence, 2, "one was appended");
}

#[test]
fn a_group_of_conflicts_writes_nothing_at_all() {
    let database = database();
    let time = || {
        let meta = database.begin_read().unwrap().open_table(META).unwrap();
        meta.get(super::meta::TIME).unwrap().map(|time| time.value().to_vec())
    };
    let before = time();
    let later = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1);
    let results = commit(&database, later, WRITER, &[put("a", Expect::Version(1)), put("b", Expect::Version(1))]);
    assert!(results.unwrap().iter().all(Result::is_err));
    assert_eq!(time(), before);
    commit(&database, later, WRITER, &[put("a", Expect::Absent)]).unwrap();
    assert_ne!(time(), before, "a commit notes its time");
}

#[test]
fn what_has_queued_is_one_group_and_every_caller_is_answered() {
    let slot = Slot::new(database(), Box::new(|| Ok(database())));
    let clock = ManualClock::default();
    let time = Time::new(std::sync::Arc::new(clock.clone()), Timestamp::UNIX_EPOCH);
    let count = GROUP + 3;
    let (jobs, queue) = tokio::sync::mpsc::channel(count);
    let mut results = Vec::new();
    for index in 0..count {
        let (answer, result) = tokio::sync::oneshot::channel();
        // Every other batch wants the same key.
        let id = if index % 2 == 0 { "same".to_owned() } else { index.to_string() };
        assert!(jobs.try_send(Job { batch: put(&id, Expect::Absent), answer }).is_ok());
        results.push(result);
    }
    drop(jobs);
    serve(&slot, &time, WRITER, queue);
    for (index, mut result) in results.into_iter().enumerate() {
        match result.try_recv().unwrap() {
            Ok(committed) => {
                assert_eq!(committed.at, clock.now());
                assert!(index == 0 || index % 2 == 1, "{index}");
            }
            Err(CommitError::Conflict { key: found }) => {
                assert_eq!(found, key("same"));
                assert!(index > 0 && index % 2 == 0, "{index}");
            }
            Err(error) => assert_eq!(error.to_string(), ""),
        }
    }
}
