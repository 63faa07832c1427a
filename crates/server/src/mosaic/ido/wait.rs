//! A page waits for somebody else: whether that is over goes out, and then what comes next.

use serde_json::json;

use super::answer::Told;
use super::envelope::{Denial, Envelope};
use super::letter::Letter;
use super::visitor::Visitor;
use crate::app::App;

/// Whether there is something to come for. It is answered at once: whoever waits asks again.
pub(super) async fn poll(app: &App, visitor: &Visitor, letter: &Letter) -> Result<Envelope, Denial> {
    let ticket = letter.text("ticket_id")?;
    let sid = visitor.sid().ok_or(Denial::Rejected)?;
    let changed = app.engine().has_gone_on(app.tenant(), &visitor.client.client_id, sid, ticket).await?;
    Ok(Envelope::good(json!({ "change_detected": changed })))
}

/// What the run came to meanwhile, or the wait again.
pub(super) async fn look(app: &App, visitor: &Visitor, handle: &str) -> Result<Envelope, Denial> {
    let answer = app.engine().current(app.tenant(), handle).await?;
    Told { first: false, fault: None }.of(app, visitor, &answer).await
}
