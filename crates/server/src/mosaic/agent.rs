//! The headers of a call come in; which of the caller's people acts, and what that person saw, goes out.

use axum::http::HeaderMap;
use wayfarer_step::Actor;

use super::caller::Caller;
use super::failure::Failure;

/// Which of the client's people acts. The documented body has no field for it.
const AGENT: &str = "wayfarer-agent";
/// What that person saw that proved who called, such as a case number.
const EVIDENCE: &str = "wayfarer-evidence";

/// The caller for the audit trail: the person, if one is named, and the client that vouches for the name, which holds no `/`.
pub(super) fn actor(caller: &Caller, headers: &HeaderMap) -> Result<Actor, Failure> {
    let named = |name: &str| Actor { kind: "agent".into(), id: format!("{}/{name}", caller.client.client_id).into() };
    Ok(one(headers, AGENT, false)?.map_or_else(|| caller.actor(), named))
}

/// What was seen, if it is said.
pub(super) fn evidence(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    Ok(one(headers, EVIDENCE, true)?.map(str::to_owned))
}

fn one<'a>(headers: &'a HeaderMap, name: &str, blanks: bool) -> Result<Option<&'a str>, Failure> {
    let mut given = headers.get_all(name).iter();
    let Some(first) = given.next() else { return Ok(None) };
    let visible = |byte: u8| byte.is_ascii_graphic() || blanks && byte == b' ';
    let text = first.to_str().ok().filter(|text| (1..=64).contains(&text.len()) && text.bytes().all(visible));
    match (text, given.next()) {
        (Some(text), None) => Ok(Some(text)),
        _ => Err(Failure::invalid(format!("the header `{name}` has 1 to 64 visible characters, once"))),
    }
}
