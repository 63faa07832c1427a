//! What each step reads and sets comes in; the reads that a run can come to before the variable is set come out.

use super::graph::Graph;
use crate::text::Span;

/// What a step does with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Reads the slot.
    Read(u16),
    /// Sets the slot, whichever way the step is left.
    Set(u16),
}

/// A use and its place. The uses of a step stand in the order in which a visit makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlacedUse {
    pub(super) what: Use,
    pub(super) span: Span,
}

/// A read of a variable that may be unset; one for each step and variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnsetRead {
    pub(super) step: usize,
    pub(super) slot: u16,
    pub(super) span: Span,
}

/// Finds the unset reads in the steps that are reachable. `initial` says which slots are set as a run begins.
///
/// Variables go in groups of 64, a bit each: "may be unset as the step is entered". Bits are only ever added, so a group
/// ends after at most 64 passes over the journey, and in practice after one or two.
pub(super) fn unset_reads(graph: &Graph, uses: &[Vec<PlacedUse>], initial: &[bool]) -> Vec<UnsetRead> {
    let mut found = Vec::new();
    for group in 0..initial.len().div_ceil(64) {
        let bit = |slot: u16| (usize::from(slot) / 64 == group).then(|| 1_u64 << (slot % 64));
        let kept: Vec<u64> = uses
            .iter()
            .map(|uses| {
                // A read that gets a value proves that it was set: what follows needs no finding of its own.
                !uses.iter().filter_map(|one| bit(one.what.slot())).fold(0, |mask, bit| mask | bit)
            })
            .collect();
        let start = initial.iter().skip(group * 64).take(64).enumerate();
        let start = start.filter(|(_, set)| !**set).fold(0, |mask, (index, _)| mask | 1_u64 << index);
        let entered = spread(graph, &kept, start);
        for (step, (uses, entered)) in uses.iter().zip(entered).enumerate() {
            let mut unset = entered;
            for one in uses {
                let Some(bit) = bit(one.what.slot()) else { continue };
                if let Use::Read(slot) = one.what
                    && unset & bit != 0
                {
                    found.push(UnsetRead { step, slot, span: one.span });
                }
                unset &= !bit;
            }
        }
    }
    found
}

/// The bits with which each step may be entered.
fn spread(graph: &Graph, kept: &[u64], start: u64) -> Vec<u64> {
    let mut entered = vec![0_u64; graph.len()];
    let mut open = Vec::new();
    if let Some(first) = entered.get_mut(graph.start) {
        *first = start;
        open.push(graph.start);
    }
    while let Some(step) = open.pop() {
        let Some(left) = entered.get(step).zip(kept.get(step)).map(|(entered, kept)| entered & kept) else { continue };
        for edge in graph.out(step) {
            if let Some(next) = entered.get_mut(edge.to)
                && left & !*next != 0
            {
                *next |= left;
                open.push(edge.to);
            }
        }
    }
    entered
}

impl Use {
    pub(super) const fn slot(self) -> u16 {
        match self {
            Self::Read(slot) | Self::Set(slot) => slot,
        }
    }
}

#[cfg(test)]
mod tests;
