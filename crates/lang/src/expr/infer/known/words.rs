//! What is known comes in; the words for a finding go out.

use std::fmt;

use super::Known;

/// `a string or null`; values that are told apart are named.
impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.may_be().words())
    }
}
