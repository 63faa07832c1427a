//! What woke a run, in the form in which it is kept until the step has seen it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wayfarer_lang::Value;
use wayfarer_lang::value::stored;
use wayfarer_step::Event;

/// The one wake condition that won.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Wake {
    /// The client chose an offered option, with data that fits it.
    Submit {
        /// The option.
        option: Arc<str>,
        /// The checked data.
        #[serde(with = "stored")]
        data: Value,
    },
    /// Somebody else spoke under a key that the wait named.
    Signal {
        /// The key.
        key: Arc<str>,
        /// What came with it.
        #[serde(with = "stored")]
        data: Value,
    },
    /// The moment that the step named has come.
    Timeout,
}

impl From<Wake> for Event {
    fn from(wake: Wake) -> Self {
        match wake {
            Wake::Submit { option, data } => Self::Submit { option, data },
            Wake::Signal { key, data } => Self::Signal { key, data },
            Wake::Timeout => Self::Timeout,
        }
    }
}
