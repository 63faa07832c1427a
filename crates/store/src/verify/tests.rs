#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use jiff::SignedDuration;

use super::{Finding, FindingKind, Verified};
use crate::{
    Batch, Entry, TenantId, Vault, WriterId, entry_hash,
    meddler::{Forgeries, Meddler},
    sweep,
};

const LOG: &str = "audit";

async fn append(vault: &Vault, count: u8) {
    for index in 0..count {
        vault.commit(Batch::new().append(&TenantId::default(), LOG, vec![index])).await.unwrap();
    }
}

async fn verify(vault: &Vault) -> Verified {
    vault.verify_log(&TenantId::default(), LOG).await.unwrap()
}

/// What is found, as sequence and kind.
async fn findings(vault: &Vault) -> Vec<(u64, FindingKind)> {
    verify(vault).await.findings.iter().map(|finding| (finding.sequence, finding.kind)).collect()
}

/// Makes every hash from `from` on anew, as a forger who knows how would.
fn rechain(entries: &mut [Entry], from: usize) {
    for index in from..entries.len() {
        let previous = if index == 0 { [0; 32] } else { entries[index - 1].hash };
        let entry = &mut entries[index];
        entry.sequence = index as u64 + 1;
        entry.previous = previous;
        entry.hash =
            entry_hash(&TenantId::default(), LOG, entry.writer, entry.sequence, entry.at, &previous, &entry.payload);
    }
}

#[tokio::test]
async fn an_untouched_log_is_intact_while_it_grows_and_is_sealed() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    let verified = verify(&vault).await;
    assert!(verified.is_intact() && verified.entries == 0 && verified.anchor.is_none());
    for round in 1..4_u64 {
        append(&vault, 5).await;
        meddler.clock.advance(SignedDuration::from_secs(1));
        let now = vault.now().await.unwrap();
        assert_eq!(sweep(&vault, now, 10).await.unwrap().segments, 1);
        let verified = verify(&vault).await;
        assert_eq!(verified.findings, []);
        assert_eq!((verified.entries, verified.segments), (5 * round, round));
        assert_eq!(verified.heads[0].sequence, 5 * round);
        assert_eq!(verified.anchor.unwrap().index, round);
    }
}

/// R118: delete, alter or move a row, and run the verifier.
#[tokio::test]
async fn damage_is_found_at_its_place() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 6).await;
    type Damage<'a> = (&'a str, fn(&mut Vec<Entry>), &'a [(u64, FindingKind)]);
    let damages: [Damage<'_>; 9] = [
        ("a deleted entry", |log| drop(log.remove(2)), &[(3, FindingKind::Gap)]),
        ("the first entry deleted", |log| drop(log.remove(0)), &[(1, FindingKind::Gap)]),
        ("an altered payload", |log| log[2].payload[30] ^= 1, &[(3, FindingKind::Edited)]),
        ("an altered time", |log| log[2].at += SignedDuration::from_secs(1), &[(3, FindingKind::Edited)]),
        ("an altered hash", |log| log[2].hash[0] ^= 1, &[(3, FindingKind::Edited), (4, FindingKind::Unlinked)]),
        ("another link", |log| log[2].previous[0] ^= 1, &[(3, FindingKind::Unlinked)]),
        ("a cut tail", |log| log.truncate(4), &[(6, FindingKind::Cut)]),
        ("everything gone", Vec::clear, &[(6, FindingKind::Cut)]),
        (
            "an entry twice",
            |log| {
                let mut again = log[1].clone();
                again.position = 99;
                log.push(again);
            },
            &[(2, FindingKind::Disorder)],
        ),
    ];
    for (what, damage, expected) in damages {
        meddler.forge_entries(move |mut entries| {
            damage(&mut entries);
            entries
        });
        assert_eq!(findings(&vault).await, expected, "{what}");
    }
}

#[tokio::test]
async fn two_entries_that_change_places_are_found() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 6).await;
    meddler.forge_entries(|mut entries| {
        entries.swap(1, 3);
        (entries[1].position, entries[3].position) = (2, 4);
        entries
    });
    let found = findings(&vault).await;
    assert_eq!(found.first(), Some(&(2, FindingKind::Gap)), "{found:?}");
    assert!(found.contains(&(2, FindingKind::Disorder)), "{found:?}");
}

/// A forger who makes the chain anew still cannot make a payload: what opens was sealed by us, for this log.
#[tokio::test]
async fn an_entry_that_we_did_not_write_does_not_open() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 6).await;
    meddler.forge_entries(|mut entries| {
        entries[2].payload = b"nothing happened".to_vec();
        rechain(&mut entries, 2);
        entries
    });
    assert!(findings(&vault).await.contains(&(3, FindingKind::Unreadable)));
}

/// A forger who drops an entry and makes the chain and the notes anew is found out by the sealed segment alone.
#[tokio::test]
async fn a_chain_made_anew_is_found_by_its_segment() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 6).await;
    sweep(&vault, vault.now().await.unwrap(), 10).await.unwrap();
    append(&vault, 2).await;
    let forgeries = || Forgeries {
        entries: Some(Box::new(|mut entries: Vec<Entry>| {
            entries.remove(2);
            rechain(&mut entries, 0);
            entries
        })),
        ..Forgeries::default()
    };
    meddler.forge(forgeries());
    let honest: Vec<Entry> = vault.store().read_log(&TenantId::default(), LOG, None, 100).await.unwrap();
    let last = honest.last().unwrap();
    let (sequence, hash) = (last.sequence, last.hash);
    meddler.forge(Forgeries {
        heads: Some(Box::new(move |mut heads| {
            heads[0].sequence = sequence;
            heads[0].hash = hash;
            heads
        })),
        ..forgeries()
    });
    assert_eq!(findings(&vault).await, [(6, FindingKind::SegmentMismatch)]);
}

#[tokio::test]
async fn a_tail_cut_with_its_note_is_found_by_its_segment() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 6).await;
    sweep(&vault, vault.now().await.unwrap(), 10).await.unwrap();
    meddler.forge(Forgeries {
        entries: Some(Box::new(|_| Vec::new())),
        heads: Some(Box::new(|_| Vec::new())),
        ..Forgeries::default()
    });
    assert_eq!(findings(&vault).await, [(6, FindingKind::Cut)]);
}

#[tokio::test]
async fn a_note_that_is_missing_or_another_one_is_found() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    append(&vault, 6).await;
    type Meddling = fn(Vec<crate::Head>) -> Vec<crate::Head>;
    let meddlings: [(&str, Meddling); 3] = [
        ("missing", |_| Vec::new()),
        ("another hash", |mut heads| {
            heads[0].hash[0] ^= 1;
            heads
        }),
        ("an older one", |mut heads| {
            heads[0].sequence = 4;
            heads
        }),
    ];
    for (what, meddling) in meddlings {
        meddler.forge(Forgeries { heads: Some(Box::new(meddling)), ..Forgeries::default() });
        assert!(findings(&vault).await.iter().any(|(_, kind)| *kind == FindingKind::Head), "{what}");
    }
}

#[tokio::test]
async fn findings_are_bounded() {
    let (meddler, vault) = Meddler::with_vault().await.unwrap();
    let count = Verified::MOST_FINDINGS + 100;
    let batch = (0..count).fold(Batch::new(), |batch, _| batch.append(&TenantId::default(), LOG, vec![]));
    vault.commit(batch).await.unwrap();
    meddler.forge_entries(|mut entries| {
        entries.iter_mut().for_each(|entry| entry.previous = [9; 32]);
        entries
    });
    let verified = verify(&vault).await;
    assert_eq!((verified.entries, verified.findings.len()), (count as u64, Verified::MOST_FINDINGS));
}

#[test]
fn a_finding_reads_as_a_sentence() {
    let finding = Finding { writer: Some(WriterId([0xab; 16])), sequence: 3, kind: FindingKind::Edited };
    assert_eq!(finding.to_string(), format!("entry 3 of writer {} was altered", "ab".repeat(16)));
    let finding = Finding { writer: None, sequence: 2, kind: FindingKind::SegmentGap };
    assert_eq!(finding.to_string(), "segment 2 is missing");
}
