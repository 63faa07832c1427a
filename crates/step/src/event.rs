//! What wakes a waiting step: the client's submit, a signal, or time.

use std::sync::Arc;

use wayfarer_lang::Value;

/// The one wake condition that won.
#[derive(Clone, Debug)]
pub enum Event {
    /// The client answered. The engine has already checked that the option was offered and that the data fit its type.
    Submit {
        /// The id of the chosen option.
        option: Arc<str>,
        /// The checked data.
        data: Value,
    },
    /// Something other than the client spoke, under a key that the wait named.
    Signal {
        /// The key.
        key: Arc<str>,
        /// What was sent with it.
        data: Value,
    },
    /// The moment named by the wait has come.
    Timeout,
}
