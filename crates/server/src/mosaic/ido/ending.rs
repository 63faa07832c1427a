//! The end of a run comes in; what proves to the page, or to its backend, who the user is goes out.

use serde_json::{Map, Value as Json, json};
use wayfarer_engine::{Answer, Outcome};
use wayfarer_identity::Client;
use wayfarer_lang::Value;

use super::envelope::Denial;
use crate::app::App;
use crate::refusal::Refusal;

/// The run's own access token, which lives no longer than a recovery may, a code by which the backend fetches it, or both, as
/// the client has it; nothing if no user was proven.
pub(super) async fn handed_over(app: &App, client: &Client, answer: &Answer) -> Result<Map<String, Json>, Denial> {
    let Outcome::Completed { tokens: Some(tokens), .. } = &answer.outcome else { return Ok(Map::new()) };
    let (Some(access), Some(id)) = (text(tokens, "access_token"), text(tokens, "id_token")) else {
        return Ok(Map::new());
    };
    let mut told = Map::new();
    if client.completion.has_token() {
        told.insert("token".to_owned(), json!(access));
    }
    if client.completion.has_code() {
        let kept = app.identity().keep_for_exchange(app.tenant(), &client.application, answer.run, access, id).await;
        let code = kept.map_err(|error| {
            tracing::warn!(code = error.code(), "no code can be given");
            Denial::from(Refusal::Unavailable)
        })?;
        told.insert("code".to_owned(), json!(code));
    }
    Ok(told)
}

fn text<'a>(tokens: &'a Value, name: &str) -> Option<&'a str> {
    match tokens.as_object()?.get(name)? {
        Value::Secret(token) => token.expose().as_text(),
        _ => None,
    }
}
