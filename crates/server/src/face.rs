//! An address comes in; in which interface it lies goes out, and how that one words a refusal.

use axum::body::Body;
use axum::http::Response;

use crate::mosaic;
use crate::problem::problem;
use crate::refusal::Refusal;
use crate::reply;

/// The interfaces, by the form of their errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Ours.
    Own,
    /// Tokens of clients.
    Token,
    /// Codes.
    Codes,
    /// Users.
    Users,
    /// Journeys.
    Journeys,
}

impl Face {
    /// The interface in which an address lies.
    pub(crate) fn of(path: &str) -> Self {
        let within =
            |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if within("/ido") {
            Self::Journeys
        } else if within("/oidc") || within("/cis/oidc") {
            Self::Token
        } else if within("/cis/v1/users") || within("/cis/v1/manage/users") {
            Self::Users
        } else if within("/cis") {
            Self::Codes
        } else {
            Self::Own
        }
    }

    /// The word for it in logs: the address itself may hold what identifies a person.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Token => "token",
            Self::Codes => "codes",
            Self::Users => "users",
            Self::Journeys => "journeys",
        }
    }

    /// The refusal in the words of the interface.
    pub(crate) fn refuse(self, refusal: &Refusal) -> Response<Body> {
        let response = match self {
            Self::Own => problem(refusal),
            Self::Token => mosaic::token::refused(refusal),
            Self::Codes => mosaic::failure::Failure::from(refusal).of_codes(),
            Self::Users => mosaic::failure::Failure::from(refusal).of_users(),
            Self::Journeys => mosaic::ido::refused(refusal),
        };
        reply::retry_after(refusal, response)
    }
}
