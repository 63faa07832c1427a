//! The built binary is driven as people and scripts drive it: words in, streams and exit codes out.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and reads files and starts programs"
)]

mod canary;
mod check;
mod clients;
mod configured;
mod dev;
mod drawn;
mod eval;
mod forms;
mod hostile;
mod keys;
mod layout;
mod named_keys;
mod neighbours;
mod pages;
mod proofs;
mod refusals;
mod remote;
mod rig;
mod served;
mod session;
#[cfg(unix)]
mod socket;
mod usage;
mod users;
mod versions;
