//! The headers of a call come in; the person who acts, and what that person saw, go out, each said once.

use axum::http::HeaderMap;
use wayfarer_identity::Client;
use wayfarer_step::Actor;

/// Which person acts.
pub(crate) const AGENT: &str = "wayfarer-agent";
/// What that person saw that proved who called, such as a case number.
const EVIDENCE: &str = "wayfarer-evidence";

/// What a header takes, and that in words. Why one is refused is a sentence for whoever sent it.
type Rule = (fn(char) -> bool, &'static str);

const VISIBLE: Rule = (|c| c.is_ascii_graphic(), "visible characters");
const VISIBLE_AND_BLANKS: Rule = (|c| c.is_ascii_graphic() || c == ' ', "visible characters");
const PRINTABLE: Rule = (|c| !c.is_control(), "characters without control characters");

/// The name of the client's person who acts, if one is given.
pub(crate) fn agent(headers: &HeaderMap) -> Result<Option<&str>, String> {
    one(headers, AGENT, VISIBLE)
}

/// What that person saw, if it is said.
pub(crate) fn evidence(headers: &HeaderMap) -> Result<Option<&str>, String> {
    one(headers, EVIDENCE, VISIBLE_AND_BLANKS)
}

/// The name of the operator, as the command line takes it. Without one the trail could not say who it was.
pub(crate) fn operator(headers: &HeaderMap) -> Result<&str, String> {
    one(headers, AGENT, PRINTABLE)?.ok_or_else(|| refusal(AGENT, PRINTABLE))
}

/// The person for the audit trail, and the client that vouches for the name: a client's name holds no `/`.
pub(crate) fn person(client: &Client, name: &str) -> Actor {
    Actor { kind: "agent".into(), id: format!("{}/{name}", client.client_id).into() }
}

fn one<'a>(headers: &'a HeaderMap, name: &str, rule: Rule) -> Result<Option<&'a str>, String> {
    let mut given = headers.get_all(name).iter();
    let Some(first) = given.next() else { return Ok(None) };
    let fits = |text: &&str| (1..=64).contains(&text.chars().count()) && text.chars().all(rule.0);
    let text = std::str::from_utf8(first.as_bytes()).ok().filter(fits);
    match (text, given.next()) {
        (Some(text), None) => Ok(Some(text)),
        _ => Err(refusal(name, rule)),
    }
}

fn refusal(name: &str, (_, words): Rule) -> String {
    format!("the header `{name}` has 1 to 64 {words}, once")
}
