//! A seed comes in; the random bytes of the evaluations that it is for go out: none twice, and from the same seed the same.

use std::cell::Cell;
use std::fmt;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

/// The random bytes of evaluations, drawn from a seed that comes from outside: the language itself has no chance.
///
/// Each block is the HMAC-SHA-256 of its number under the seed, so that nobody who sees some of them knows another.
pub struct Dice {
    seed: Key,
    drawn: Cell<u64>,
}

impl Dice {
    /// Dice for the evaluations of one moment. The seed must be secret, and never come again.
    pub fn new(seed: &[u8; 32]) -> Self {
        Self { seed: Key::new(HMAC_SHA256, seed), drawn: Cell::new(0) }
    }

    /// Fills `bytes`.
    pub(super) fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let number = self.drawn.get();
            self.drawn.set(number.wrapping_add(1));
            let block = sign(&self.seed, &number.to_be_bytes());
            chunk.iter_mut().zip(block.as_ref()).for_each(|(byte, random)| *byte = *random);
        }
    }

    /// So many bytes.
    pub(super) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Dice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}

#[cfg(test)]
mod tests;
