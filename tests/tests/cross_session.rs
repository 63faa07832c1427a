//! Two sessions that hand over from one device to the other: the journeys that are handed out and the steps behind them, on
//! the real engine and identity, in memory and in a file, with time that the test moves. The R numbers are those of the
//! security requirements.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "cross_session/hand_over.rs"]
mod hand_over;
#[path = "cross_session/messages.rs"]
mod messages;
#[path = "laws/store.rs"]
mod store;
#[path = "cross_session/world.rs"]
mod world;
