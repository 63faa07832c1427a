//! A seed comes in; the random bytes of the evaluations that it is for go out: none twice, and from the same seed the same.

use std::cell::Cell;
use std::fmt;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

/// What dice are made of: 32 bytes that are secret, and never come again.
#[derive(Clone, Copy)]
pub struct Seed([u8; 32]);

impl Seed {
    /// Takes bytes from a cryptographically secure source.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed")
    }
}

/// The random bytes of evaluations, drawn from a seed that comes from outside: the language itself has no chance.
///
/// Each block is the HMAC-SHA-256 of its number under the seed, so that nobody who sees some of them knows another.
pub struct Dice {
    seed: Seed,
    drawn: Cell<u64>,
}

impl Dice {
    /// Dice for the evaluations of one moment.
    pub fn new(seed: Seed) -> Self {
        Self { seed, drawn: Cell::new(0) }
    }

    /// Fills `bytes`.
    pub(super) fn fill(&self, bytes: &mut [u8]) {
        // Made here, since most evaluations draw nothing.
        let key = Key::new(HMAC_SHA256, &self.seed.0);
        for chunk in bytes.chunks_mut(32) {
            let number = self.drawn.get();
            self.drawn.set(number.wrapping_add(1));
            let block = sign(&key, &number.to_be_bytes());
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
