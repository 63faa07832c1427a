//! The query of a list comes in; where the list goes on and how long it may be goes out.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::form::{self, Parameters};
use crate::problem::Problem;

/// The most and the usual number of entries.
const MOST: usize = 200;
const USUAL: usize = 50;

/// The query of a call.
pub(super) struct Asked(Parameters);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(form::read(parts.uri.query().unwrap_or_default().as_bytes())?))
    }
}

impl Asked {
    /// Refuses parameters that the call does not know: nobody shall believe that a filter was applied.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        if self.0.has_empty() {
            return Err(Problem::invalid("a parameter of the query is empty"));
        }
        if self.0.has_only(known) {
            return Ok(self);
        }
        let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
        Err(Problem::invalid(format!("the query takes {}", known.join(", "))))
    }

    /// A text of the query that is as long as such a text may be, and of the characters that it may have.
    pub(super) fn text(&self, name: &str, longest: usize, has: fn(char) -> bool) -> Result<Option<String>, Problem> {
        match self.0.get(name) {
            Some(text) if text.chars().count() > longest || !text.chars().all(has) => {
                Err(Problem::broken(format!("`{name}` is longer than it can be, or has other characters")))
            }
            text => Ok(text.map(str::to_owned)),
        }
    }

    /// The id of a user.
    pub(super) fn user_id(&self) -> Result<Option<String>, Problem> {
        self.text("user_id", 254, |_| true)
    }

    /// A value of the query that is written as text.
    pub(super) fn parsed<T: std::str::FromStr>(&self, name: &str, rule: &str) -> Result<Option<T>, Problem> {
        let parse = |text: &str| text.parse().map_err(|_| Problem::broken(format!("`{name}` {rule}")));
        self.0.get(name).map(parse).transpose()
    }

    /// How many entries at most.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        let rule = format!("must be an integer from 1 to {MOST}");
        match self.parsed("limit", &rule)? {
            None => Ok(USUAL),
            Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            Some(_) => Err(Problem::broken(format!("`limit` {rule}"))),
        }
    }

    /// Beyond which record the list goes on.
    pub(super) fn after(&self) -> Result<Option<Vec<u8>>, Problem> {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| (1..=64).contains(&bytes.len()));
        let unknown = || Problem::broken("`after` must be the `next` of the page before");
        self.0.get("after").map(|text| decode(text).ok_or_else(unknown)).transpose()
    }
}

/// Where to go on, as the next call says it.
pub(super) fn next(after: Option<Vec<u8>>) -> Option<String> {
    after.map(|after| URL_SAFE_NO_PAD.encode(after))
}
