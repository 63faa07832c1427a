//! What several tests share: bytes from anywhere come in, and what must hold whatever they are is asserted ([`hostile`]); what
//! is logged meanwhile goes out ([`log`](mod@log)), and so do the journeys of [`pages`] and the steps that they may use ([`known`]).

pub mod hostile;
pub mod known;
pub mod log;
pub mod pages;
