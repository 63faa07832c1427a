//! How codes of an application behave: what an operator wrote comes in, settings within their bounds go out.

use jiff::SignedDuration;
use serde::Deserialize;

use super::bounded;
use crate::IdentityError;
use crate::code::Lifetime;

/// How one-time passcodes and temporary codes behave in an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Passcodes {
    expires_in: Lifetime,
    lockout: SignedDuration,
    max_attempts: u32,
    length: usize,
    failure_cap: u32,
}

/// The same as it stands in a file: seconds and counts.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    expires_in: i64,
    lockout: i64,
    max_attempts: i64,
    length: i64,
    failure_cap: i64,
}

/// The defaults of the guide: five minutes, three attempts, fifteen minutes of rest.
impl Default for Written {
    fn default() -> Self {
        Self { expires_in: 300, lockout: 900, max_attempts: 3, length: 6, failure_cap: 100 }
    }
}

impl Default for Passcodes {
    fn default() -> Self {
        Self {
            expires_in: Lifetime::DEFAULT,
            lockout: SignedDuration::from_mins(15),
            max_attempts: 3,
            length: 6,
            failure_cap: 100,
        }
    }
}

impl TryFrom<Written> for Passcodes {
    type Error = IdentityError;

    fn try_from(written: Written) -> Result<Self, IdentityError> {
        Self::default()
            .with_expires_in(Lifetime::from_seconds(written.expires_in)?)
            .with_lockout(written.lockout)?
            .with_max_attempts(written.max_attempts)?
            .with_length(written.length)?
            .with_failure_cap(written.failure_cap)
    }
}

impl Passcodes {
    /// How long a code lives unless its issue says otherwise.
    #[must_use]
    pub const fn expires_in(&self) -> Lifetime {
        self.expires_in
    }

    /// How long the method rests after `max_attempts` failures.
    #[must_use]
    pub const fn lockout(&self) -> SignedDuration {
        self.lockout
    }

    /// How many comparisons there may be between two resets of the count.
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The least number of digits; a long life asks for more (R3).
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// After how many failures in a row the method is disabled for the user (R12).
    #[must_use]
    pub const fn failure_cap(&self) -> u32 {
        self.failure_cap
    }

    /// The same with another default lifetime.
    #[must_use]
    pub const fn with_expires_in(mut self, expires_in: Lifetime) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// The same with another rest, in seconds.
    ///
    /// # Errors
    /// When it is not from a minute to a day. Nothing is cut to fit (R6).
    pub fn with_lockout(mut self, seconds: i64) -> Result<Self, IdentityError> {
        self.lockout = SignedDuration::from_secs(bounded("lockout", seconds, 60, 86_400)?);
        Ok(self)
    }

    /// The same with another number of attempts.
    ///
    /// # Errors
    /// When it is not from 1 to 10.
    pub fn with_max_attempts(mut self, attempts: i64) -> Result<Self, IdentityError> {
        self.max_attempts = bounded("max_attempts", attempts, 1, 10)?;
        Ok(self)
    }

    /// The same with another least number of digits.
    ///
    /// # Errors
    /// When it is not from 6 to 12 (R2).
    pub fn with_length(mut self, digits: i64) -> Result<Self, IdentityError> {
        self.length = bounded("length", digits, 6, 12)?;
        Ok(self)
    }

    /// The same with another cap on failures in a row.
    ///
    /// # Errors
    /// When it is not from 10 to 100 (R12).
    pub fn with_failure_cap(mut self, failures: i64) -> Result<Self, IdentityError> {
        self.failure_cap = bounded("failure_cap", failures, 10, 100)?;
        Ok(self)
    }
}
