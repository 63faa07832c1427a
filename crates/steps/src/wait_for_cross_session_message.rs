//! `wait_for_cross_session_message`: the id of a message comes in; the run waits until another session has processed it, and
//! what that replied goes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wayfarer_step::jiff::Timestamp;
use wayfarer_step::serde_json::{Map, Value as Json};
use wayfarer_step::{Choice, Context, Event, Failure, Prompt, Reply, Shape, Step, StepError, Value, Wait};

use crate::cross_session::{Kept, Processed, Refused, later, within};

/// Waits until another session has processed a message.
#[derive(Clone, Copy, Debug)]
pub struct WaitForCrossSessionMessage;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The id of the message.
    id: String,
    /// For how many seconds to wait. 300 if not said.
    #[schemars(range(min = 1, max = 259_200))]
    wait_timeout: Option<u32>,
    /// The headline.
    title: Option<String>,
    /// What the user should do.
    text: Option<String>,
    /// What the other device has to get, as a QR code or to be typed: a link that holds the id, say. The id if not said.
    content: Option<String>,
}

/// What the client is shown.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: &'a Option<String>,
    content: &'a str,
}

/// What the step remembers while it waits.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// When waiting ends.
    until: Timestamp,
}

/// What `output` takes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answered {
    /// What the other session replied.
    reply: Map<String, Json>,
    /// When it was processed, by RFC 3339.
    processed_at: String,
    /// The id of the user whom the other journey had proven; null if nobody. It proves nothing here.
    processed_by: Option<String>,
}

const CANCEL: &str = "cancel";

/// Seconds that are waited if nothing is said.
const WAIT: u32 = 300;

impl Step for WaitForCrossSessionMessage {
    const TYPE: &'static str = "wait_for_cross_session_message";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = Waiting;
    type Output = Answered;

    fn shape() -> Shape {
        Shape::new("waits until another session has processed a message")
            .doc(include_str!("wait_for_cross_session_message.md"))
            .prompts()
            .exit_giving("next", "the message was processed; `output` takes the reply")
            .exit_following("timeout", "failure", "nobody processed it in time")
            .exit_or_abort(
                "failure",
                "it cannot be waited for: it is unknown, expired, used, or waited for by another run",
            )
            .exit_or_abort(CANCEL, "the user gave up; it is offered only if it leads to a step")
            .error("timeout", "nobody processed the message in time")
            .error(Refused::Unknown.code(), "there is no such message, or none any more")
            .error(Refused::Expired.code(), "it was not processed in time")
            .error(Refused::Used.code(), "it was processed, and whoever waited has the reply")
            .error(Refused::WaitedFor.code(), "another run waits for it")
    }

    async fn enter(&self, cx: &mut Context, params: Params) -> Result<Reply<Waiting, Answered>, StepError> {
        let until = later(cx.now(), within("wait_timeout", params.wait_timeout.unwrap_or(WAIT))?);
        let run = cx.visit().run;
        let Some(mut kept) = Kept::find(cx, &params.id).await? else { return Ok(Refused::Unknown.reply()) };
        let message = &mut kept.message;
        if message.processed.as_ref().is_some_and(|processed| processed.reply.is_none()) {
            return Ok(Refused::Used.reply());
        }
        if message.waiter.is_some_and(|waiter| waiter != run) {
            return Ok(Refused::WaitedFor.reply());
        }
        let expired = message.is_expired(cx.now());
        // Whoever waited before gets the reply however late it comes to ask.
        if message.processed.is_some() && (!expired || message.waiter.is_some()) {
            return take(cx, kept);
        }
        if expired {
            return Ok(Refused::Expired.reply());
        }
        if message.waiter.replace(run).is_none() {
            kept.put(cx)?;
        } else {
            kept.require(cx);
        }
        wait(cx, &params, &kept, Waiting { until })
    }

    async fn resume(
        &self,
        cx: &mut Context,
        params: Params,
        waiting: Waiting,
        event: Event,
    ) -> Result<Reply<Waiting, Answered>, StepError> {
        if let Event::Submit { option, .. } = event {
            return Ok(Reply::exit_named(&*option));
        }
        let late = || Reply::failed("timeout", Failure::new("timeout", "nobody processed the message in time"));
        // It ran out while this run waited for it.
        let Some(kept) = Kept::find(cx, &params.id).await? else { return Ok(late()) };
        if kept.message.processed.as_ref().is_some_and(|processed| processed.reply.is_some()) {
            return take(cx, kept);
        }
        kept.require(cx);
        if waiting.until <= cx.now() || kept.message.is_expired(cx.now()) {
            return Ok(late());
        }
        wait(cx, &params, &kept, waiting)
    }
}

/// Waits for the nudge, or for the end of the wait or of the message, whichever comes first.
fn wait(cx: &Context, params: &Params, kept: &Kept, waiting: Waiting) -> Result<Reply<Waiting, Answered>, StepError> {
    let content = params.content.as_deref().unwrap_or(&params.id);
    let shown = Value::from_serialize(&Shown { title: &params.title, text: &params.text, content });
    let shown = shown.map_err(|error| StepError::failed("invalid_parameters", error.to_string()))?;
    let mut prompt = Prompt::new("wait_for_another_device", shown);
    if cx.leads(CANCEL) {
        prompt = prompt.choice(Choice::cancel(CANCEL, "Cancel"));
    }
    let until = Some(waiting.until.min(kept.message.expires_at));
    Ok(Reply::Wait(Wait { prompt: Some(prompt), signals: vec![kept.key()], until, state: waiting }))
}

/// Takes the reply: nobody gets it twice.
fn take(cx: &mut Context, mut kept: Kept) -> Result<Reply<Waiting, Answered>, StepError> {
    let unfit = || StepError::failed("message_not_readable", "the message has no reply");
    let Some(Processed { at, by, reply, erased }) = &mut kept.message.processed else { return Err(unfit()) };
    let answered = Answered {
        reply: reply.take().ok_or_else(unfit)?,
        processed_at: at.to_string(),
        processed_by: by.as_deref().map(str::to_owned),
    };
    if *erased {
        kept.erase(cx);
    } else {
        kept.message.waiter = Some(cx.visit().run);
        kept.put(cx)?;
    }
    Ok(Reply::exit("next").output(answered))
}

#[cfg(test)]
mod tests;
