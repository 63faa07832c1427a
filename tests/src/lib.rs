//! What several tests share: bytes from anywhere come in, and what must hold whatever they are is asserted ([`hostile`]); what
//! is logged meanwhile goes out ([`log`](mod@log)).

pub mod hostile;
pub mod log;
