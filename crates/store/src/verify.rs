//! A log comes in, whether its chains hold goes out: gaps, edits, another order, a cut tail, a forged seal (R118).
//!
//! An author of damage is not an error of the machine, so what is found is data: all of it, with its place.

use std::{collections::BTreeMap, fmt};

use crate::{
    error::StoreError,
    log::{Entry, Head, NO_ENTRY, WriterId, entry_hash},
    record::TenantId,
    segment::{self, Segment},
    vault::Vault,
};

/// What [`Vault::verify_log`] saw of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries it has.
    pub entries: u64,
    /// The newest entry of each writer, as it stands in the log.
    pub heads: Vec<Head>,
    /// How many segments are sealed.
    pub segments: u64,
    /// The newest segment. Kept elsewhere, it shows later whether the whole file was put back: see
    /// [`Vault::holds_anchor`].
    pub anchor: Option<Anchor>,
    /// What is wrong, at most [`Verified::MOST_FINDINGS`].
    pub findings: Vec<Finding>,
}

impl Verified {
    /// How many findings are kept; one is enough to distrust a log.
    pub const MOST_FINDINGS: usize = 1000;

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }
}

/// A segment as it can be kept outside the store: its number and its hash, which tell nothing of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Its number in the tenant's chain of the log, from 1.
    pub index: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Something wrong in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// In whose chain; none in the tenant's chain of segments.
    pub writer: Option<WriterId>,
    /// The sequence of the entry, or the number of the segment, at which it shows.
    pub sequence: u64,
    /// What it is.
    pub kind: FindingKind,
}

/// What can be wrong in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// The entry is missing, and perhaps those after it.
    Gap,
    /// The entry stands behind a later one, or twice.
    Disorder,
    /// The entry is not what its hash was made of.
    Edited,
    /// The entry does not follow the one before it.
    Unlinked,
    /// The entry's payload does not open.
    Unreadable,
    /// The chain ends before this entry, which was its newest.
    Cut,
    /// The store's note of the newest entry is missing or another one.
    Head,
    /// The segment is missing.
    SegmentGap,
    /// The segment does not open, was not sealed by us, or does not follow the one before.
    SegmentForged,
    /// The entry is not the one that was sealed in a segment.
    SegmentMismatch,
    /// The note of the newest segment is missing or another one.
    SegmentHead,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            FindingKind::Gap => "is missing",
            FindingKind::Disorder => "stands out of order",
            FindingKind::Edited => "was altered",
            FindingKind::Unlinked => "does not follow the entry before it",
            FindingKind::Unreadable => "does not open",
            FindingKind::Cut => "was the newest and is cut off",
            FindingKind::Head => "is not what the store noted as newest",
            FindingKind::SegmentGap => "is missing",
            FindingKind::SegmentForged => "is not as it was sealed",
            FindingKind::SegmentMismatch => "is not the one that was sealed",
            FindingKind::SegmentHead => "is not what was noted as newest",
        };
        match self.writer {
            Some(writer) => write!(f, "entry {} of writer {writer} {what}", self.sequence),
            None => write!(f, "segment {} {what}", self.sequence),
        }
    }
}

/// How far a writer's chain has been followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    pub(crate) writer: WriterId,
    pub(crate) sequence: u64,
    pub(crate) hash: [u8; 32],
}

impl Chain {
    pub(crate) fn start(writer: WriterId) -> Self {
        Self { writer, sequence: 0, hash: NO_ENTRY }
    }

    /// Goes on to the writer's next entry; what is wrong with it, and at which sequence.
    pub(crate) fn follow(&mut self, tenant: &TenantId, log: &str, entry: &Entry) -> Result<(), Finding> {
        let Entry { sequence, at, writer, ref previous, ref payload, .. } = *entry;
        let expected = self.sequence.saturating_add(1);
        let (before, stands) = (self.hash, self.sequence);
        let finding = |sequence, kind| Err(Finding { writer: Some(writer), sequence, kind });
        // Later entries are judged by this one, so that one break is one finding.
        *self = Self { writer, sequence: sequence.max(stands), hash: entry.hash };
        if sequence > expected {
            return finding(expected, FindingKind::Gap);
        }
        if sequence < expected {
            return finding(sequence, FindingKind::Disorder);
        }
        if *previous != before {
            return finding(sequence, FindingKind::Unlinked);
        }
        if entry_hash(tenant, log, writer, sequence, at, previous, payload) != entry.hash {
            return finding(sequence, FindingKind::Edited);
        }
        Ok(())
    }
}

/// How many entries are held in memory at once.
const PAGE: usize = 1000;

impl Vault {
    /// Reads a whole log and its sealed segments, and says what is wrong with them. The log may grow meanwhile.
    ///
    /// # Errors
    /// Only those of the store: damage to the log is among the findings.
    pub async fn verify_log(&self, tenant: &TenantId, log: &str) -> Result<Verified, StoreError> {
        // Noted before the entries are read, so that what is appended meanwhile does not look like a cut.
        let noted = self.store().heads(tenant, log).await?;
        let mut seals = segment::verify(self, tenant, log).await?;
        let mut survey = Survey {
            verified: Verified {
                entries: 0,
                heads: Vec::new(),
                segments: seals.segments.len() as u64,
                anchor: seals.segments.last().map(Segment::anchor),
                findings: std::mem::take(&mut seals.findings),
            },
            chains: BTreeMap::new(),
            sealed: seals.segments.iter().map(|seal| ((seal.writer(), seal.to), seal.head)).collect(),
            noted: noted.iter().map(|head| (head.writer, *head)).collect(),
        };
        let mut after = None;
        loop {
            let page = self.store().read_log(tenant, log, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.position);
            for entry in &page {
                survey.see(self, tenant, log, entry);
            }
        }
        let noted_now = self.store().heads(tenant, log).await?;
        Ok(survey.close(&noted_now))
    }

    /// Whether a segment that was once the newest is still in the log as it was. If not, the store was put back to an
    /// older state, or is another one.
    ///
    /// # Errors
    /// Those of the store, [`StoreError::Sealed`] among them.
    pub async fn holds_anchor(&self, tenant: &TenantId, log: &str, anchor: Anchor) -> Result<bool, StoreError> {
        segment::holds(self, tenant, log, anchor).await
    }
}

/// What is known of a log while it is read.
struct Survey {
    verified: Verified,
    chains: BTreeMap<WriterId, Chain>,
    /// What segments say of entries that have not been seen yet.
    sealed: BTreeMap<(WriterId, u64), [u8; 32]>,
    /// What the store notes as newest, as long as it has not been seen.
    noted: BTreeMap<WriterId, Head>,
}

impl Survey {
    fn see(&mut self, vault: &Vault, tenant: &TenantId, log: &str, entry: &Entry) {
        let Entry { writer, sequence, hash, .. } = *entry;
        self.verified.entries += 1;
        let chain = self.chains.entry(writer).or_insert_with(|| Chain::start(writer));
        let broken = chain.follow(tenant, log, entry).err();
        self.find(broken);
        let unreadable = broken.is_none() && vault.open_payload(tenant, log, &entry.payload).is_none();
        self.find(unreadable.then_some(at(writer, sequence, FindingKind::Unreadable)));
        let mismatch = self.sealed.remove(&(writer, sequence)).is_some_and(|sealed| sealed != hash);
        self.find(mismatch.then_some(at(writer, sequence, FindingKind::SegmentMismatch)));
        if self.noted.get(&writer).is_some_and(|head| head.sequence == sequence) {
            let other = self.noted.remove(&writer).is_some_and(|head| head.hash != hash);
            self.find(other.then_some(at(writer, sequence, FindingKind::Head)));
        }
    }

    fn find(&mut self, finding: Option<Finding>) {
        if self.verified.findings.len() < Verified::MOST_FINDINGS {
            self.verified.findings.extend(finding);
        }
    }

    /// Judges what was expected and never seen.
    fn close(mut self, noted: &[Head]) -> Verified {
        for (writer, head) in std::mem::take(&mut self.noted) {
            let end = self.chains.get(&writer).map_or(0, |chain| chain.sequence);
            // Noted, yet not seen on the way: beyond the end it is cut off, before it a gap has been found already.
            self.find((head.sequence > end).then_some(at(writer, head.sequence, FindingKind::Cut)));
        }
        for (writer, sequence) in std::mem::take(&mut self.sealed).into_keys() {
            let end = self.chains.get(&writer).map_or(0, |chain| chain.sequence);
            let told =
                self.verified.findings.iter().any(|told| told.writer == Some(writer) && told.kind == FindingKind::Cut);
            self.find((sequence > end && !told).then_some(at(writer, sequence, FindingKind::Cut)));
        }
        for chain in std::mem::take(&mut self.chains).into_values() {
            // The note may be newer than what was read, never older.
            let head = noted.iter().find(|head| head.writer == chain.writer);
            let wrong = head.is_none_or(|head| head.sequence < chain.sequence);
            self.find(wrong.then_some(at(chain.writer, chain.sequence, FindingKind::Head)));
            self.verified.heads.push(Head { writer: chain.writer, sequence: chain.sequence, hash: chain.hash });
        }
        self.verified
    }
}

fn at(writer: WriterId, sequence: u64, kind: FindingKind) -> Finding {
    Finding { writer: Some(writer), sequence, kind }
}

#[cfg(test)]
mod tests;
