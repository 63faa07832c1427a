//! The headers of a call come in; the bearer token that it shows goes out, from its header and from nowhere else (RFC 6750
//! section 2.1; R67).

use axum::http::{HeaderMap, header};
use wayfarer_step::Secret;

use crate::problem::Problem;

/// The token; none if the call shows nothing at all.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Result<Secret<String>, Problem>> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let one = given.next()?;
    let token = || {
        let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim().to_owned()))
    };
    let alone = given.next().is_none();
    Some(token().filter(|_| alone).ok_or_else(Problem::unauthorized))
}
