//! The writers' chains of a log come in; sealed segments in the tenant's own chain go out.
//!
//! A chain of plain hashes can be made anew by whoever writes to the file. A segment binds a stretch of one writer's chain
//! under the audit key and to the segment before it, so that only what came after the newest segment can still be
//! forged. Appends of several writers never wait for it: the sweep seals afterwards.

use serde::{Deserialize, Serialize};

use crate::{
    batch::{Batch, Expect},
    error::{CommitError, StoreError},
    keys::{KeyId, Purpose},
    log::{Head, NO_ENTRY, WriterId, sha256},
    record::{Key, Kind, Record, TenantId},
    vault::{Vault, mac},
    verify::{Anchor, Chain, Finding, FindingKind},
};

/// A log's segments, under the log's name and their number.
const SEGMENT: Kind = Kind::new("log-segment");
/// What is known of a log's newest segments, under the log's name.
const TIP: Kind = Kind::new("log-tip");
/// The most entries that are judged and sealed at once.
const LONGEST: usize = 1000;

/// A stretch of one writer's chain, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// Its number in the tenant's chain, from 1.
    index: u64,
    writer: [u8; 16],
    /// The first sequence in it.
    from: u64,
    /// The last sequence in it.
    pub(crate) to: u64,
    /// The hash of the last entry in it.
    pub(crate) head: [u8; 32],
    /// The hash of the segment before; zeros for the first.
    previous: [u8; 32],
    /// The audit key that sealed it.
    key: [u8; KeyId::LENGTH],
    seal: [u8; 32],
}

impl Segment {
    pub(crate) fn writer(&self) -> WriterId {
        WriterId(self.writer)
    }

    /// What the next segment refers to.
    pub(crate) fn hash(&self) -> [u8; 32] {
        sha256(&[b"wayfarer log segment 1", &self.seal, &self.head, &self.previous])
    }

    /// What of it can be kept elsewhere.
    pub(crate) fn anchor(&self) -> Anchor {
        Anchor { index: self.index, hash: self.hash() }
    }

    /// The seal that the audit key of its id gives; nothing if there is no such key.
    fn expected_seal(&self, vault: &Vault, tenant: &TenantId, log: &str) -> Option<[u8; 32]> {
        let ring = vault.keys();
        let key = ring.of(Purpose::Audit).find(KeyId::from_bytes(self.key))?;
        let parts: [&[u8]; 8] = [
            tenant.as_str().as_bytes(),
            log.as_bytes(),
            &self.index.to_be_bytes(),
            &self.writer,
            &self.from.to_be_bytes(),
            &self.to.to_be_bytes(),
            &self.head,
            &self.previous,
        ];
        Some(mac(key, "log segment", &parts))
    }
}

/// Where the tenant's chain of a log ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Tip {
    index: u64,
    hash: [u8; 32],
    /// How far each writer's chain is sealed: writer, sequence, hash, position.
    sealed: Vec<([u8; 16], u64, [u8; 32], u64)>,
}

/// What one pass of the sweep did for a log.
#[derive(Debug, Default)]
pub(crate) struct Sealed {
    pub(crate) segments: usize,
    /// Why a stretch was not sealed.
    pub(crate) findings: Vec<Finding>,
}

/// Seals what is new in a log: one segment at most for each writer. Entries that do not follow are not sealed.
pub(crate) async fn seal(vault: &Vault, tenant: &TenantId, log: &str) -> Result<Sealed, CommitError> {
    let mut done = Sealed::default();
    for head in vault.store().heads(tenant, log).await? {
        match seal_writer(vault, tenant, log, head).await {
            Ok(Stretch::Nothing) => {}
            Ok(Stretch::Sealed) => done.segments += 1,
            Ok(Stretch::Broken(finding)) => done.findings.push(finding),
            // Another node seals this log at this moment; the next sweep goes on from there.
            Err(CommitError::Conflict { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// What became of a writer's new entries.
enum Stretch {
    Nothing,
    Sealed,
    Broken(Finding),
}

/// Seals one writer's new entries.
async fn seal_writer(vault: &Vault, tenant: &TenantId, log: &str, noted: Head) -> Result<Stretch, CommitError> {
    let (expect, mut tip) = read_tip(vault, tenant, log).await?;
    let mine = tip.sealed.iter().position(|(writer, ..)| *writer == noted.writer.0);
    let reached = mine.and_then(|index| tip.sealed.get(index)).copied();
    let (writer, from, hash, after) = reached.unwrap_or((noted.writer.0, 0, NO_ENTRY, 0));
    if noted.sequence <= from {
        return Ok(Stretch::Nothing);
    }
    let mut chain = Chain { writer: WriterId(writer), sequence: from, hash };
    let mut position = after;
    for entry in vault.store().read_log(tenant, log, Some(after), LONGEST).await? {
        position = entry.position;
        if entry.writer == chain.writer
            && let Err(finding) = chain.follow(tenant, log, &entry)
        {
            return Ok(Stretch::Broken(finding));
        }
    }
    if chain.sequence == from && position == after {
        // The store notes entries that are not there.
        let finding = Finding { writer: Some(noted.writer), sequence: noted.sequence, kind: FindingKind::Cut };
        return Ok(Stretch::Broken(finding));
    }
    let row = (writer, chain.sequence, chain.hash, position);
    match mine.and_then(|index| tip.sealed.get_mut(index)) {
        Some(place) => *place = row,
        None => tip.sealed.push(row),
    }
    let mut batch = Batch::new();
    // A page full of other writers' entries only moves the position on.
    let sealed = chain.sequence > from;
    if sealed {
        tip.index += 1;
        let mut segment = Segment {
            index: tip.index,
            writer,
            from: from + 1,
            to: chain.sequence,
            head: chain.hash,
            previous: tip.hash,
            key: *vault.keys().of(Purpose::Audit).active().id().as_bytes(),
            seal: [0; 32],
        };
        segment.seal = segment.expected_seal(vault, tenant, log).ok_or(StoreError::Seal)?;
        tip.hash = segment.hash();
        batch = batch.put(segment_key(tenant, log, segment.index), Expect::Absent, encode(&segment)?, None, None);
    }
    let batch = batch.put(tip_key(tenant, log), expect, encode(&tip)?, None, None);
    vault.commit(batch).await?;
    Ok(if sealed { Stretch::Sealed } else { Stretch::Nothing })
}

/// The segments of a log, and what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Seals {
    pub(crate) segments: Vec<Segment>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads the tenant's chain of a log and judges it by itself.
pub(crate) async fn verify(vault: &Vault, tenant: &TenantId, log: &str) -> Result<Seals, StoreError> {
    let mut seals = Seals::default();
    let find = |seals: &mut Seals, sequence, kind| seals.findings.push(Finding { writer: None, sequence, kind });
    let tip = match read_tip(vault, tenant, log).await {
        Ok((_, tip)) => tip,
        Err(StoreError::Sealed { .. }) => {
            find(&mut seals, 0, FindingKind::SegmentHead);
            return Ok(seals);
        }
        Err(error) => return Err(error),
    };
    let mut previous = NO_ENTRY;
    let mut reached = std::collections::BTreeMap::new();
    for index in 1..=tip.index {
        let record = match vault.get(&segment_key(tenant, log, index)).await {
            Ok(record) => record,
            Err(StoreError::Sealed { .. }) => {
                find(&mut seals, index, FindingKind::SegmentForged);
                return Ok(seals);
            }
            Err(error) => return Err(error),
        };
        let Some(segment) = record.and_then(|record| decode::<Segment>(&record.value)) else {
            find(&mut seals, index, FindingKind::SegmentGap);
            return Ok(seals);
        };
        let from = reached.insert(segment.writer, segment.to).map_or(1, |to: u64| to + 1);
        let follows = segment.index == index
            && segment.previous == previous
            && segment.from == from
            && segment.expected_seal(vault, tenant, log) == Some(segment.seal);
        if !follows {
            find(&mut seals, index, FindingKind::SegmentForged);
            return Ok(seals);
        }
        previous = segment.hash();
        seals.segments.push(segment);
    }
    // The note and the segments are written together, so a segment beyond the note was left behind by a forger. One that
    // a sweep has added since has moved the note as well.
    let beyond = vault.store().get(&segment_key(tenant, log, tip.index + 1)).await?.is_some();
    let moved = beyond && read_tip(vault, tenant, log).await.is_ok_and(|(_, now)| now.index > tip.index);
    if previous != tip.hash || (beyond && !moved) {
        find(&mut seals, tip.index, FindingKind::SegmentHead);
    }
    Ok(seals)
}

/// The audit key that sealed a segment; nothing for a record that is none.
pub(crate) fn key_of(vault: &Vault, key: &Key, record: &Record) -> Option<KeyId> {
    let record = (key.kind == SEGMENT).then(|| vault.open_record(key, record)).flatten()?;
    decode::<Segment>(&record).map(|segment| KeyId::from_bytes(segment.key))
}

/// Whether the segment of this number is the one with this hash.
pub(crate) async fn holds(vault: &Vault, tenant: &TenantId, log: &str, anchor: Anchor) -> Result<bool, StoreError> {
    let record = vault.get(&segment_key(tenant, log, anchor.index)).await?;
    Ok(record.and_then(|record| decode::<Segment>(&record.value)).is_some_and(|segment| segment.anchor() == anchor))
}

async fn read_tip(vault: &Vault, tenant: &TenantId, log: &str) -> Result<(Expect, Tip), StoreError> {
    match vault.get(&tip_key(tenant, log)).await? {
        None => Ok((Expect::Absent, Tip { index: 0, hash: NO_ENTRY, sealed: Vec::new() })),
        Some(record) => {
            let tip = decode(&record.value).ok_or_else(|| StoreError::damaged("a log's tip has an unknown form"))?;
            Ok((Expect::Version(record.version), tip))
        }
    }
}

fn tip_key(tenant: &TenantId, log: &str) -> Key {
    Key::new(tenant, TIP, log)
}

/// The log's name, a separator that no log's name has, and the number in an order that is also that of bytes.
fn segment_key(tenant: &TenantId, log: &str, index: u64) -> Key {
    Key::new(tenant, SEGMENT, [log.as_bytes(), b"/", &index.to_be_bytes()].concat())
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    postcard::to_stdvec(value).map_err(StoreError::backend)
}

fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests;
