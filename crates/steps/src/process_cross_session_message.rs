//! `process_cross_session_message`: the id of a message and a reply come in; the session that waits for it is woken, and what
//! its creator wrote goes out.

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer_step::serde_json::{Map, Value as Json};
use wayfarer_step::{Actor, Context, Fact, Reply, Shape, Step, StepError, Value, Write};

use crate::cross_session::{Contents, Kept, Processed, Refused, proven};

/// Processes a message of another session, once.
#[derive(Clone, Copy, Debug)]
pub struct ProcessCrossSessionMessage;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The id of the message.
    id: String,
    /// What the waiting session gets. It takes no secret.
    reply: Option<Map<String, Json>>,
    /// Whether nothing is left of the message once the waiting session has the reply. If not, it is known as used until it
    /// expires.
    delete_after_use: Option<bool>,
}

impl Step for ProcessCrossSessionMessage {
    const TYPE: &'static str = "process_cross_session_message";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = Contents;

    fn shape() -> Shape {
        Shape::new("processes a message of another session, which then goes on")
            .doc(include_str!("process_cross_session_message.md"))
            .exit_giving("next", "it is processed; `output` takes what the message holds")
            .exit_or_abort("failure", "it cannot be processed: it is unknown, expired or used")
            .error(Refused::Unknown.code(), "there is no such message, or none any more")
            .error(Refused::Expired.code(), "its time is over")
            .error(Refused::Used.code(), "it was processed before")
            .error("too_large", "there is too much data for a message")
    }

    async fn enter(&self, cx: &mut Context, params: Params) -> Result<Reply<(), Contents>, StepError> {
        let mut kept = match Kept::find_open(cx, &params.id).await? {
            Ok(kept) => kept,
            Err(refused) => return Ok(refused.reply()),
        };
        let contents = kept.message.contents();
        let (by, erased) = (proven(cx), params.delete_after_use.unwrap_or_default());
        let mut fact = Fact::new("message.processed", Actor::system());
        fact = fact.detail("creator", kept.message.creator.to_string());
        if let Some(waiter) = kept.message.waiter {
            fact = fact.detail("waiter", waiter.to_string());
        }
        if let Some(user_id) = &by {
            fact = fact.subject(user_id.clone());
        }
        let reply = Some(params.reply.unwrap_or_default());
        kept.message.processed = Some(Processed { at: cx.now(), by, reply, erased });
        // Nobody reads it any more.
        (kept.message.data, kept.message.attachment) = (Map::new(), Json::Null);
        kept.put(cx)?;
        cx.stage(Write::Record(fact));
        cx.signal(kept.key(), Value::Null);
        Ok(Reply::exit("next").output(contents))
    }
}

#[cfg(test)]
mod tests;
