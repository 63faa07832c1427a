//! The server is driven as applications drive it: bytes to a real listener, bytes back. Time is the store's, and told.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and reads files and opens sockets"
)]

mod administration;
mod backends;
mod bodies;
mod browsers;
mod changes;
mod channels;
mod checks;
mod codes;
mod completion;
mod deploys;
mod edge;
mod guesses;
mod handles;
mod hostile;
mod keys;
mod measures;
mod openapi;
mod own;
mod pages;
mod rates;
mod refusals;
mod restarts;
mod rig;
mod scopes;
mod sdk;
mod secrets;
mod sources;
mod steps;
mod tokens;
mod users;
mod waits;
