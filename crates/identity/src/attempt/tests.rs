//! Law 2 and law 4: what counts, what locks, what burns, and what an outsider can see of it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod alike;
mod between;
mod binding;
mod crash;
mod model;
mod race;
mod rules;
