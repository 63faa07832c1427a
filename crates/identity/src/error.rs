//! What identity refuses or cannot do: one error each, with a stable code.

use wayfarer_step::PortError;
use wayfarer_store::{KeyError, KeyId, StoreError};

/// An administration call did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Nobody has the identifier.
    #[error("there is no such user")]
    UnknownUser,
    /// There is no such client.
    #[error("there is no such client")]
    UnknownClient,
    /// Another user has the identifier already.
    #[error("the {field} is taken already")]
    Taken {
        /// Which identifier.
        field: &'static str,
    },
    /// The user may not sign in.
    #[error("the user is disabled")]
    UserDisabled,
    /// The method is disabled for this user after too many failures in a row (R12).
    #[error(
        "temporary codes are disabled for this user after too many failures in a row; an administrator can enable them"
    )]
    MethodDisabled,
    /// The application is not configured.
    #[error("there is no application `{id}`; there is {known}")]
    UnknownApplication {
        /// What was asked for.
        id: String,
        /// The ones that there are.
        known: String,
    },
    /// A value breaks a rule.
    #[error("`{field}` {reason}")]
    Invalid {
        /// Which value.
        field: &'static str,
        /// The rule.
        reason: String,
    },
    /// Others changed the same records again and again.
    #[error("the user's records keep changing; try again")]
    Busy,
    /// A stored record has another form than this version reads.
    #[error("a stored {kind} record cannot be read")]
    Damaged {
        /// The kind of record.
        kind: &'static str,
    },
    /// The signing key cannot be used.
    #[error("cannot use the signing key")]
    Signing,
    /// The key may still be needed.
    #[error("the key `{id}` cannot be retired: {reason}")]
    KeyInUse {
        /// Which.
        id: KeyId,
        /// What still needs it.
        reason: String,
    },
    /// Keys cannot be used, made or taken away.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl IdentityError {
    /// The stable word for interfaces.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown_user",
            Self::UnknownClient => "unknown_client",
            Self::Taken { .. } => "identifier_taken",
            Self::UserDisabled => "user_disabled",
            Self::MethodDisabled => "method_disabled",
            Self::UnknownApplication { .. } => "unknown_application",
            Self::Invalid { .. } => "invalid_input",
            Self::Busy => "busy",
            Self::Damaged { .. } => "damaged",
            Self::Signing => "signing_failed",
            Self::KeyInUse { .. } => "key_in_use",
            Self::Keys(_) => "keys_failed",
            Self::Store(_) | Self::Port(_) => "unavailable",
        }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }
}

impl From<IdentityError> for PortError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Port(error) => error,
            IdentityError::UnknownApplication { .. } | IdentityError::Invalid { .. } => {
                Self::Refused { port: "identity", reason: error.to_string() }
            }
            error => Self::unavailable("identity", error),
        }
    }
}
