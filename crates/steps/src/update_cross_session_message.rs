//! `update_cross_session_message`: the id of a message comes in, with another expiry or an attachment; what it holds goes out.

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer_step::serde_json::Value as Json;
use wayfarer_step::{Context, Reply, Shape, Step, StepError};

use crate::cross_session::{Contents, Kept, Refused};

/// Changes a message that was not processed yet, or looks at it.
#[derive(Clone, Copy, Debug)]
pub struct UpdateCrossSessionMessage;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The id of the message.
    id: String,
    /// For how many seconds from now it can be processed. A message lives for three days in all at most.
    #[schemars(range(min = 1, max = 259_200))]
    expires_in: Option<u32>,
    /// What is to be attached, instead of what was attached before. It takes no secret.
    attachment: Option<Json>,
}

impl Step for UpdateCrossSessionMessage {
    const TYPE: &'static str = "update_cross_session_message";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = Contents;

    fn shape() -> Shape {
        Shape::new("changes the expiry or the attachment of a message, or only looks at it")
            .doc(include_str!("update_cross_session_message.md"))
            .exit_giving("next", "it is changed; `output` takes what the message holds")
            .exit_or_abort("failure", "it cannot be changed: it is unknown, expired or used")
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
        let changes = params.expires_in.is_some() || params.attachment.is_some();
        if let Some(expires_in) = params.expires_in {
            kept.message.live(cx.now(), expires_in)?;
        }
        if let Some(attachment) = params.attachment {
            kept.message.attachment = attachment;
        }
        if changes {
            kept.put(cx)?;
        }
        Ok(Reply::exit("next").output(kept.message.contents()))
    }
}

#[cfg(test)]
mod tests;
