//! Seconds from a request come in; a lifetime that a code may have goes out, or a refusal.

use std::str::FromStr;

use jiff::SignedDuration;
use serde_json::Value as Json;

use crate::IdentityError;

/// How long a code lives: whole seconds from a minute to an hour. Nothing is cut to fit (R6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lifetime(i64);

impl Lifetime {
    /// Five minutes.
    pub const DEFAULT: Self = Self(300);
    /// A minute.
    pub const SHORTEST: Self = Self(60);
    /// An hour.
    pub const LONGEST: Self = Self(3_600);
    /// The longest life of a code of six digits (R3).
    const SIX_DIGITS: Self = Self(600);

    /// Takes whole seconds.
    ///
    /// # Errors
    /// When they are not from 60 to 3600.
    pub fn from_seconds(seconds: i64) -> Result<Self, IdentityError> {
        let lifetime = Self(seconds);
        if (Self::SHORTEST..=Self::LONGEST).contains(&lifetime) { Ok(lifetime) } else { Err(refused()) }
    }

    /// Takes `expires_in` of a request.
    ///
    /// # Errors
    /// When it is anything but a JSON integer from 60 to 3600: `600.0`, `"600"` and null are refused too.
    pub fn from_json(value: &Json) -> Result<Self, IdentityError> {
        value.as_i64().ok_or_else(refused).and_then(Self::from_seconds)
    }

    /// The lifetime in seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The lifetime.
    #[must_use]
    pub const fn duration(self) -> SignedDuration {
        SignedDuration::from_secs(self.0)
    }

    /// How many digits a code needs that lives so long, where the application asks for at least `floor` (R3).
    #[must_use]
    pub fn digits(self, floor: usize) -> usize {
        floor.max(if self <= Self::SIX_DIGITS { 6 } else { 8 })
    }
}

/// Reads whole seconds from a command line.
impl FromStr for Lifetime {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| plain).ok_or_else(refused).and_then(Self::from_seconds)
    }
}

fn refused() -> IdentityError {
    IdentityError::invalid("expires_in", "must be an integer from 60 to 3600, in seconds")
}

#[cfg(test)]
mod tests;
