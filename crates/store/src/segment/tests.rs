#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::JoinSet;

use super::{LONGEST, SEGMENT, Segment, TIP, encode, read_tip, seal, segment_key, tip_key};
use crate::{
    Batch, Expect, Store, TenantId, Vault,
    keys::{KeyRing, Purpose},
    meddler::Meddler,
    verify::FindingKind,
};

const LOG: &str = "audit";

fn of() -> TenantId {
    TenantId::default()
}

async fn append(vault: &Vault, count: usize) {
    let batch = (0..count).fold(Batch::new(), |batch, _| batch.append(&of(), LOG, vec![1]));
    vault.commit(batch).await.unwrap();
}

async fn sealed(count: usize) -> (Arc<Meddler>, Vault) {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    for _ in 0..count {
        append(&vault, 2).await;
        assert_eq!(seal(&vault, &of(), LOG).await.unwrap().segments, 1);
    }
    (meddler, vault)
}

async fn findings(vault: &Vault) -> Vec<(u64, FindingKind)> {
    let verified = vault.verify_log(&of(), LOG).await.unwrap();
    verified.findings.iter().map(|finding| (finding.sequence, finding.kind)).collect()
}

#[tokio::test]
async fn nothing_new_is_sealed_once_only() {
    let (_, vault) = sealed(1).await;
    assert_eq!(seal(&vault, &of(), LOG).await.unwrap().segments, 0);
    assert_eq!(seal(&vault, &of(), "other").await.unwrap().segments, 0);
}

#[tokio::test]
async fn a_long_stretch_takes_several_segments() {
    let (_, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, LONGEST).await;
    append(&vault, 10).await;
    for segments in [1, 1, 0] {
        assert_eq!(seal(&vault, &of(), LOG).await.unwrap().segments, segments);
    }
    assert_eq!(findings(&vault).await, []);
    assert_eq!(read_tip(&vault, &of(), LOG).await.unwrap().1.index, 2);
}

#[tokio::test]
async fn a_missing_or_foreign_segment_is_found() {
    for (damaged, kind) in [(Some(1_u64), FindingKind::SegmentForged), (None, FindingKind::SegmentGap)] {
        let (meddler, vault) = sealed(3).await;
        let put_in = match damaged {
            Some(index) => meddler.get(&segment_key(&of(), LOG, index)).await.unwrap(),
            None => None,
        };
        meddler.forge_record(move |key, row| if *key == segment_key(&of(), LOG, 2) { put_in.clone() } else { row });
        assert!(findings(&vault).await.contains(&(2, kind)), "{kind:?}");
    }
}

/// The tip is written with the newest segment: without the one, the other gives the cut away.
#[tokio::test]
async fn a_chain_of_segments_cut_short_is_found() {
    let (meddler, vault) = sealed(2).await;
    let old = {
        let (_, vault) = sealed(1).await;
        read_tip(&vault, &of(), LOG).await.unwrap().1
    };
    assert_eq!(old.index, 1);
    meddler.forge_record(|key, row| if key.kind == TIP { None } else { row });
    assert_eq!(findings(&vault).await, [(0, FindingKind::SegmentHead)]);
    meddler.forge_record(|key, row| if key.kind == SEGMENT { None } else { row });
    assert_eq!(findings(&vault).await, [(1, FindingKind::SegmentGap)]);
    meddler.forge_record(|key, row| if *key == segment_key(&of(), LOG, 2) { None } else { row });
    assert_eq!(findings(&vault).await, [(2, FindingKind::SegmentGap)]);
}

/// Whoever has the sealing key but not the audit key cannot make a segment.
#[tokio::test]
async fn a_segment_needs_the_audit_key() {
    let (_, vault) = sealed(1).await;
    let (expect, mut tip) = read_tip(&vault, &of(), LOG).await.unwrap();
    let key = segment_key(&of(), LOG, 1);
    let record = vault.get(&key).await.unwrap().unwrap();
    let mut segment: Segment = super::decode(&record.value).unwrap();
    segment.head = [9; 32];
    tip.hash = segment.hash();
    let batch = Batch::new().put(key, Expect::Version(record.version), encode(&segment).unwrap(), None, None).put(
        tip_key(&of(), LOG),
        expect,
        encode(&tip).unwrap(),
        None,
        None,
    );
    vault.commit(batch).await.unwrap();
    assert_eq!(findings(&vault).await, [(1, FindingKind::SegmentForged)]);
}

/// Each seal is genuine here; only the order in which they follow tells.
#[tokio::test]
async fn genuine_segments_must_follow_each_other() {
    type Change = fn(&mut Segment);
    let changes: [(&str, Change); 3] = [
        ("another segment before", |segment| segment.previous = [9; 32]),
        ("a hole between the stretches", |segment| segment.from += 1),
        ("another number", |segment| segment.index = 3),
    ];
    for (what, change) in changes {
        let (_, vault) = sealed(2).await;
        let (expect, mut tip) = read_tip(&vault, &of(), LOG).await.unwrap();
        let key = segment_key(&of(), LOG, 2);
        let record = vault.get(&key).await.unwrap().unwrap();
        let mut segment: Segment = super::decode(&record.value).unwrap();
        change(&mut segment);
        segment.seal = segment.expected_seal(&vault, &of(), LOG).unwrap();
        tip.hash = segment.hash();
        let batch = Batch::new().put(key, Expect::Version(record.version), encode(&segment).unwrap(), None, None).put(
            tip_key(&of(), LOG),
            expect,
            encode(&tip).unwrap(),
            None,
            None,
        );
        vault.commit(batch).await.unwrap();
        assert_eq!(findings(&vault).await, [(2, FindingKind::SegmentForged)], "{what}");
    }
}

#[tokio::test]
async fn segments_of_a_rotated_audit_key_still_hold() {
    let meddler = Meddler::new().unwrap();
    let first = KeyRing::ephemeral().unwrap();
    let second = first.rotated(Purpose::Audit, Timestamp::UNIX_EPOCH).unwrap();
    for ring in [first, second] {
        let vault = Vault::open(Arc::clone(&meddler) as _, Arc::new(ring)).await.unwrap();
        append(&vault, 3).await;
        seal(&vault, &of(), LOG).await.unwrap();
        assert_eq!(findings(&vault).await, []);
    }
}

#[tokio::test]
async fn a_chain_that_does_not_hold_is_not_sealed() {
    let (meddler, vault) = sealed(1).await;
    append(&vault, 3).await;
    meddler.forge_entries(|entries| entries.into_iter().filter(|entry| entry.sequence != 4).collect());
    let pass = seal(&vault, &of(), LOG).await.unwrap();
    assert_eq!((pass.segments, pass.findings.first().unwrap().sequence), (0, 4));
    meddler.forge_entries(|entries| entries.into_iter().filter(|entry| entry.sequence < 3).collect());
    let pass = seal(&vault, &of(), LOG).await.unwrap();
    assert_eq!((pass.segments, pass.findings.first().unwrap().kind), (0, FindingKind::Cut));
}

#[tokio::test]
async fn nodes_that_sweep_at_once_seal_once() {
    let (_, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 5).await;
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let vault = vault.clone();
        tasks.spawn(async move { seal(&vault, &of(), LOG).await.unwrap().segments });
    }
    let mut segments = 0;
    while let Some(count) = tasks.join_next().await {
        segments += count.unwrap();
    }
    assert_eq!(segments, 1);
    assert_eq!(findings(&vault).await, []);
}

/// T22: that the whole file is put back to an older, consistent state shows by what was kept elsewhere, and only by it.
#[tokio::test]
async fn an_anchor_shows_that_a_store_was_put_back() {
    let (_, vault) = sealed(3).await;
    let anchor = vault.verify_log(&of(), LOG).await.unwrap().anchor.unwrap();
    append(&vault, 2).await;
    seal(&vault, &of(), LOG).await.unwrap();
    assert!(vault.holds_anchor(&of(), LOG, anchor).await.unwrap(), "a log that went on");
    for count in [2, 3] {
        let (_, older) = sealed(count).await;
        assert_eq!(findings(&older).await, []);
        assert!(!older.holds_anchor(&of(), LOG, anchor).await.unwrap());
    }
}

#[test]
fn the_segments_of_two_logs_are_apart() {
    let id = |log, index| segment_key(&of(), log, index).id;
    assert!(!id("log2", 1).starts_with(&id("log", 1)));
    assert!(id("log", 1) < id("log", 2) && id("log", 255) < id("log", 256));
}
