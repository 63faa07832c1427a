//! Settings as an operator wrote them come in; settings within their bounds go out.

mod issuing;
mod passcodes;
mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};

pub use issuing::Issuing;
pub use passcodes::Passcodes;
pub(crate) use tokens::LONGEST_TOKEN;
pub use tokens::{RecoveryGrade, TokenSettings};

use crate::IdentityError;

/// One application of the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Application {
    /// One-time passcodes and temporary codes.
    pub one_time_passcodes: Passcodes,
    /// Tokens.
    pub tokens: TokenSettings,
}

/// The applications of the installation, by id, the issuer of their tokens, and what is asked of whoever issues codes.
#[derive(Clone, Debug)]
pub struct Applications {
    issuer: Arc<str>,
    issuing: Issuing,
    by_id: BTreeMap<Arc<str>, Application>,
}

/// One application `default` with the guide's settings.
impl Default for Applications {
    fn default() -> Self {
        Self {
            issuer: Arc::from("http://localhost"),
            issuing: Issuing::default(),
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

    /// The same with rules for whoever issues codes.
    #[must_use]
    pub const fn with_issuing(mut self, issuing: Issuing) -> Self {
        self.issuing = issuing;
        self
    }

    /// What is asked of whoever issues codes.
    #[must_use]
    pub const fn issuing(&self) -> Issuing {
        self.issuing
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

/// Takes a number within bounds; nothing is cut to fit (R6).
fn bounded<N: TryFrom<i64>>(field: &'static str, value: i64, least: i64, most: i64) -> Result<N, IdentityError> {
    (least..=most)
        .contains(&value)
        .then(|| N::try_from(value).ok())
        .flatten()
        .ok_or_else(|| IdentityError::invalid(field, format!("must be an integer from {least} to {most}")))
}

#[cfg(test)]
mod tests;
