//! Settings as an operator wrote them come in; settings within their bounds go out.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};

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
struct Written {
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

/// What a temporary code alone signs a user in to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryGrade {
    /// A short session that says `acr: recovery` (R32).
    #[default]
    Recovery,
    /// A full login. The start-up report names this relaxation.
    Login,
}

/// How tokens are made for an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenTokens")]
pub struct TokenSettings {
    lifetime: SignedDuration,
    after_temp_code: RecoveryGrade,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenTokens {
    lifetime: i64,
    after_temp_code: RecoveryGrade,
}

impl Default for WrittenTokens {
    fn default() -> Self {
        Self { lifetime: 600, after_temp_code: RecoveryGrade::Recovery }
    }
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self { lifetime: SignedDuration::from_secs(600), after_temp_code: RecoveryGrade::Recovery }
    }
}

impl TryFrom<WrittenTokens> for TokenSettings {
    type Error = IdentityError;

    fn try_from(written: WrittenTokens) -> Result<Self, IdentityError> {
        Self::new(written.lifetime, written.after_temp_code)
    }
}

impl TokenSettings {
    /// Tokens that live for `lifetime` seconds.
    ///
    /// # Errors
    /// When it is not from 60 to 600, or to 3600 where a temporary code is a full login.
    pub fn new(lifetime: i64, after_temp_code: RecoveryGrade) -> Result<Self, IdentityError> {
        let longest = match after_temp_code {
            RecoveryGrade::Recovery => 600,
            RecoveryGrade::Login => LONGEST_TOKEN,
        };
        let lifetime = SignedDuration::from_secs(bounded("lifetime", lifetime, 60, longest)?);
        Ok(Self { lifetime, after_temp_code })
    }

    /// How long a token lives.
    #[must_use]
    pub const fn lifetime(&self) -> SignedDuration {
        self.lifetime
    }

    /// What a temporary code alone is worth.
    #[must_use]
    pub const fn after_temp_code(&self) -> RecoveryGrade {
        self.after_temp_code
    }
}

/// No token of ours lives longer, in seconds.
pub(crate) const LONGEST_TOKEN: i64 = 3_600;

/// One application of the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Application {
    /// One-time passcodes and temporary codes.
    pub one_time_passcodes: Passcodes,
    /// Tokens.
    pub tokens: TokenSettings,
}

/// The applications of the installation, by id, and the issuer of their tokens.
#[derive(Clone, Debug)]
pub struct Applications {
    issuer: Arc<str>,
    by_id: BTreeMap<Arc<str>, Application>,
}

/// One application `default` with the guide's settings.
impl Default for Applications {
    fn default() -> Self {
        Self {
            issuer: Arc::from("http://localhost"),
            by_id: BTreeMap::from([(Arc::from("default"), Application::default())]),
        }
    }
}

impl Applications {
    /// The applications of a configuration.
    ///
    /// # Errors
    /// When there is none, or an id is not 1 to 64 of `A-Z a-z 0-9 _ -`.
    pub fn new(by_id: BTreeMap<String, Application>) -> Result<Self, IdentityError> {
        let valid = |id: &str| {
            (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        };
        if by_id.is_empty() {
            return Err(IdentityError::invalid("applications", "must name at least one application"));
        }
        if let Some(id) = by_id.keys().find(|id| !valid(id)) {
            let reason = format!("holds `{}`; an id is 1 to 64 of `A-Z a-z 0-9 _ -`", id.escape_debug());
            return Err(IdentityError::invalid("applications", reason));
        }
        Ok(Self {
            by_id: by_id.into_iter().map(|(id, application)| (id.into(), application)).collect(),
            ..Self::default()
        })
    }

    /// The same with another issuer: the address under which the installation's keys are found (OpenID Connect Discovery
    /// 1.0 section 4), without a slash at its end.
    #[must_use]
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.issuer = Arc::from(issuer.trim_end_matches('/'));
        self
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// One application.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn get(&self, id: &str) -> Result<&Application, IdentityError> {
        self.by_id.get(id).ok_or_else(|| {
            let known: Vec<_> = self.by_id.keys().take(8).map(|id| format!("`{id}`")).collect();
            let id = id.chars().take(64).flat_map(char::escape_debug).collect();
            IdentityError::UnknownApplication { id, known: known.join(", ") }
        })
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Application)> {
        self.by_id.iter().map(|(id, application)| (&**id, application))
    }
}

impl<'de> Deserialize<'de> for Applications {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(BTreeMap::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn bounded<N: TryFrom<i64>>(field: &'static str, value: i64, least: i64, most: i64) -> Result<N, IdentityError> {
    (least..=most)
        .contains(&value)
        .then(|| N::try_from(value).ok())
        .flatten()
        .ok_or_else(|| IdentityError::invalid(field, format!("must be an integer from {least} to {most}")))
}

#[cfg(test)]
mod tests;
