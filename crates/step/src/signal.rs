//! What a step says to runs that wait: a key and data, delivered once the visit has been committed.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wayfarer_lang::Value;
use wayfarer_lang::value::stored;

/// Something said to every run of the tenant that waits under the key.
#[derive(Clone, Serialize, Deserialize)]
pub struct Signal {
    /// The key; it begins with `step-`.
    pub key: Arc<str>,
    /// What is said; it holds no secret.
    #[serde(with = "stored")]
    pub data: Value,
}

impl fmt::Debug for Signal {
    /// Hides key and data: whoever knows the key may be whoever was told it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signal(..)")
    }
}
