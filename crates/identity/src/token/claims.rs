//! What a token says, and why one is not accepted.

use serde::{Deserialize, Serialize};

/// The kinds of token; none passes for another (R71).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// For resource servers (RFC 9068).
    Access,
    /// For the application (OpenID Connect Core 1.0 section 2).
    Id,
}

impl TokenKind {
    /// The media type in the header (RFC 8725 section 3.11).
    pub(crate) const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Id => "JWT",
        }
    }
}

/// The claims of both kinds. Times are whole seconds since 1970; each claim is required and has one type (R70).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer.
    pub iss: String,
    /// The user id.
    pub sub: String,
    /// The application.
    pub aud: String,
    /// The application, as the client that the token was made for (RFC 9068 section 2.2).
    pub client_id: String,
    /// From this second on the token is void.
    pub exp: i64,
    /// When it was made.
    pub iat: i64,
    /// Before this second it is void.
    pub nbf: i64,
    /// Names the token.
    pub jti: String,
    /// Names the session; it is the run's id.
    pub sid: String,
    /// How the user was proven, from the proofs of the run (R58).
    pub amr: Vec<String>,
    /// How much that is worth: `recovery` or `login`.
    pub acr: String,
    /// When the user was last proven.
    pub auth_time: i64,
    /// The id under which the application knows the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<String>,
}

/// Why a token is not accepted. A client is told only that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not a signed token, or too long.
    #[error("not a token")]
    Malformed,
    /// Algorithm, type or members of the header are not ours.
    #[error("the header is not one of ours")]
    Header,
    /// No key has this id.
    #[error("no key has this id")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// A claim is missing, of a wrong type, or contradicts another.
    #[error("a claim is missing or malformed")]
    Claims,
    /// It is of another issuer.
    #[error("another issuer")]
    Issuer,
    /// It is for another application.
    #[error("another audience")]
    Audience,
    /// It has run out.
    #[error("expired")]
    Expired,
    /// It is not registered as live: the run has not completed, newer tokens were made, or the session was ended.
    #[error("not live")]
    NotLive,
    /// The user was disabled since.
    #[error("the user was disabled")]
    UserDisabled,
}
