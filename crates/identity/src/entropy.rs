//! The system's random bytes, behind the port.

use wayfarer_step::PortError;
use wayfarer_step::port::Entropy;

/// The cryptographic random source of the operating system, by way of AWS-LC (R1).
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is what stands behind the port")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        aws_lc_rs::rand::fill(bytes).map_err(|_| PortError::unavailable("entropy", "the system gives no random bytes"))
    }
}
