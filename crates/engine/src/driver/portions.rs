//! Changes that need not be made together come in, each a batch; batches of a size that any store takes go out.

use wayfarer_store::{Batch, Operation};

/// So many operations and appends are committed together, as long as there are more changes than one.
const PARTS: usize = Batch::LONGEST / 8;
/// So many bytes, likewise.
const BYTES: usize = 16 << 20;

/// Changes in the order in which they came, each whole in one of the batches. What is told of them goes beside them.
#[derive(Debug)]
pub(super) struct Portions<T> {
    filled: Vec<Portion<T>>,
    /// The bytes of the last one.
    bytes: usize,
}

/// What is committed together.
#[derive(Debug)]
pub(super) struct Portion<T> {
    pub(super) batch: Batch,
    pub(super) told: Vec<T>,
}

impl<T> Portions<T> {
    pub(super) const fn new() -> Self {
        Self { filled: Vec::new(), bytes: 0 }
    }

    /// Adds a change, and what is told once it is made.
    pub(super) fn add(&mut self, change: Batch, told: impl IntoIterator<Item = T>) {
        let weight = bytes(&change);
        match self.filled.last_mut() {
            Some(last) if parts(&last.batch) + parts(&change) <= PARTS && self.bytes + weight <= BYTES => {
                self.bytes += weight;
                last.batch = std::mem::take(&mut last.batch).and(change);
                last.told.extend(told);
            }
            _ => {
                self.bytes = weight;
                self.filled.push(Portion { batch: change, told: told.into_iter().collect() });
            }
        }
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = Portion<T>> {
        self.filled.into_iter()
    }
}

fn parts(batch: &Batch) -> usize {
    batch.operations.len() + batch.appends.len()
}

fn bytes(batch: &Batch) -> usize {
    let value = |operation: &Operation| match operation {
        Operation::Put { value, .. } | Operation::Reseal { value, .. } => value.len(),
        Operation::Delete { .. } | Operation::Require { .. } | Operation::Purge { .. } => 0,
    };
    batch.operations.iter().map(value).chain(batch.appends.iter().map(|append| append.payload.len())).sum()
}

#[cfg(test)]
mod tests;
