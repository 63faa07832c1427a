//! What a client may do: words of a configuration or a request come in, a set of scopes goes out.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::IdentityError;

/// One thing that a client may be allowed (RFC 6749 section 3.3). Without it the thing is refused: nothing is implied by
/// another scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientScope {
    /// Start journeys and answer their prompts.
    JourneysRun,
    /// Have a code sent to the user by mail or text message.
    OtpSend,
    /// Read a temporary code in the answer, to give it to the user by voice. No client has it unless it was given by name.
    OtpDirect,
    /// Check a code.
    OtpAuthenticate,
    /// Read users.
    UsersRead,
    /// Add and change users.
    UsersWrite,
    /// See where a user stands with codes.
    CodesRead,
    /// Take codes back, and unlock users.
    CodesWrite,
    /// See runs.
    RunsRead,
    /// End runs.
    RunsWrite,
    /// See and verify the audit trail.
    AuditRead,
    /// See applications and their settings.
    ApplicationsRead,
    /// See clients.
    ClientsRead,
    /// Add, change and disable clients.
    ClientsWrite,
    /// See what a completion token says.
    TokensRead,
    /// See journeys and their versions.
    JourneysRead,
    /// Deploy journeys, and say which versions serve.
    JourneysWrite,
    /// See keys, never their secrets.
    KeysRead,
    /// Rotate and retire keys.
    KeysWrite,
}

impl ClientScope {
    /// Every scope.
    pub const ALL: [Self; 19] = [
        Self::JourneysRun,
        Self::OtpSend,
        Self::OtpDirect,
        Self::OtpAuthenticate,
        Self::UsersRead,
        Self::UsersWrite,
        Self::CodesRead,
        Self::CodesWrite,
        Self::RunsRead,
        Self::RunsWrite,
        Self::AuditRead,
        Self::ApplicationsRead,
        Self::ClientsRead,
        Self::ClientsWrite,
        Self::TokensRead,
        Self::JourneysRead,
        Self::JourneysWrite,
        Self::KeysRead,
        Self::KeysWrite,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JourneysRun => "journeys:run",
            Self::OtpSend => "otp:send",
            Self::OtpDirect => "otp:direct",
            Self::OtpAuthenticate => "otp:authenticate",
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::CodesRead => "codes:read",
            Self::CodesWrite => "codes:write",
            Self::RunsRead => "runs:read",
            Self::RunsWrite => "runs:write",
            Self::AuditRead => "audit:read",
            Self::ApplicationsRead => "applications:read",
            Self::ClientsRead => "clients:read",
            Self::ClientsWrite => "clients:write",
            Self::TokensRead => "tokens:read",
            Self::JourneysRead => "journeys:read",
            Self::JourneysWrite => "journeys:write",
            Self::KeysRead => "keys:read",
            Self::KeysWrite => "keys:write",
        }
    }
}

impl ClientScope {
    /// What it allows, for people.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::JourneysRun => "start journeys and answer their prompts",
            Self::OtpSend => "have a code sent to the user",
            Self::OtpDirect => "read a temporary code in the answer",
            Self::OtpAuthenticate => "check a code",
            Self::UsersRead => "read users",
            Self::UsersWrite => "add and change users",
            Self::CodesRead => "see where a user stands with codes",
            Self::CodesWrite => "take codes back, and unlock users",
            Self::RunsRead => "see runs",
            Self::RunsWrite => "end runs",
            Self::AuditRead => "see and verify the audit trail",
            Self::ApplicationsRead => "see applications and their settings",
            Self::ClientsRead => "see clients",
            Self::ClientsWrite => "add, change and disable clients",
            Self::TokensRead => "see what a completion token says",
            Self::JourneysRead => "see journeys and their versions",
            Self::JourneysWrite => "deploy journeys, and say which versions serve",
            Self::KeysRead => "see keys, never their secrets",
            Self::KeysWrite => "rotate and retire keys",
        }
    }
}

impl fmt::Display for ClientScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ClientScope {
    type Err = IdentityError;

    fn from_str(word: &str) -> Result<Self, IdentityError> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|scope| format!("`{scope}`")).collect();
            IdentityError::invalid("scope", format!("must be one of {}", known.join(", ")))
        })
    }
}

impl Serialize for ClientScope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ClientScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The scopes in their one written form: words with a space between them.
#[must_use]
pub fn written(scopes: &BTreeSet<ClientScope>) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Reads scopes with a space between them.
///
/// # Errors
/// When a word is none.
pub fn read(text: &str) -> Result<BTreeSet<ClientScope>, IdentityError> {
    text.split(' ').filter(|word| !word.is_empty()).map(str::parse).collect()
}
