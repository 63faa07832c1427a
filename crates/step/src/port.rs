//! The ports: what a step or the driver may ask of the world. The host decides what stands behind each.

mod identity;
mod message;
mod records;

pub use identity::{Comparison, Confirmation, Count, Directory, Grant, Ledger, Minted, Ticket, Tokens, Verifier};
pub use message::{Http, HttpRequest, HttpResponse, Mail, MailMessage, Sms, SmsMessage};
pub use records::{Found, Records};

use crate::PortError;

/// Where random bytes come from. Everything unguessable is made of them.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` from a cryptographically secure source (R1, R46).
    ///
    /// # Errors
    /// When the source is not available; the caller then fails closed.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError>;
}
