//! Fakes of every port, and a bench to play one step alone: a host's step needs no engine to be tested.

mod bench;
mod identity;
mod messages;
mod records;

pub use bench::Bench;
pub use identity::{FakeDirectory, FakeLedger, FakeTokens, FakeVerifier};
pub use messages::{FakeHttp, Outbox};
pub use records::FakeRecords;

use std::sync::Mutex;

use crate::PortError;
use crate::port::Entropy;

/// Random bytes that are the same in every run: a counter stretched by a mixing function. For tests only.
#[derive(Debug, Default)]
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// A source that starts from `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for byte in bytes {
            // SplitMix64 (Steele, Lea, Flood 2014).
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = ((mixed ^ (mixed >> 31)) & 0xFF) as u8;
        }
        Ok(())
    }
}
