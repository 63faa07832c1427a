//! How tokens of an application are made: what an operator wrote comes in, settings within their bounds go out.

use jiff::SignedDuration;
use serde::Deserialize;

use super::bounded;
use crate::IdentityError;

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
pub(super) struct WrittenTokens {
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
