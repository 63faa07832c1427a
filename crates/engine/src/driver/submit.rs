//! A client's answer to a prompt comes in; the run that it belongs to goes on, and its next answer goes out.

use std::sync::Arc;

use tracing::Instrument;
use wayfarer_lang::Value;
use wayfarer_lang::program::StepIndex;
use wayfarer_step::Source;
use wayfarer_store::TenantId;

use super::drive::{Drive, Driven};
use super::request::Fingerprint;
use super::{Engine, Inner};
use crate::answer::Answer;
use crate::error::{EngineError, Problem};
use crate::event::Wake;
use crate::handle::{self, Handle, Presented};
use crate::machine::{Applied, Ending};
use crate::run::{Asked, Status};

/// A client's answer.
#[derive(Clone, Debug)]
pub struct Submit {
    /// Whose run; it comes from the credential or the host, never from a body.
    pub tenant: TenantId,
    /// The handle that came with the prompt.
    pub handle: String,
    /// The id of the step that is answered. A host that gets it from the client passes it on, and an answer meant for
    /// another step is refused (R50).
    pub step: Option<Arc<str>>,
    /// The id of the chosen option.
    pub option: Arc<str>,
    /// What was filled in; null if nothing was.
    pub data: Value,
    /// From where it comes, for the audit trail. It is no part of the answer: the same one may come from elsewhere.
    pub source: Source,
}

impl Engine {
    /// Answers a prompt and runs the journey until it waits again or ends. The handle is dead then, except that the very
    /// same submit gets the same answer for a minute (law 5).
    ///
    /// # Errors
    /// [`EngineError::StaleHandle`], [`EngineError::InvalidAnswer`] (the handle stays good); [`EngineError::Conflict`] if
    /// another answer was accepted or this one is being worked on; [`EngineError::Unavailable`] if the same submit may be
    /// made again.
    pub async fn submit(&self, submit: Submit) -> Result<Answer, EngineError> {
        let body = Fingerprint::new("submit")
            .text(submit.step.as_deref().unwrap_or_default())
            .text(&submit.option)
            .value(&submit.data)
            .finish();
        let wake = |drive: &Drive<'_>| accept(drive, &submit);
        let request = Request { tenant: &submit.tenant, handle: &submit.handle, body, source: &submit.source };
        Box::pin(self.0.answer(request, wake)).instrument(tracing::info_span!("submit")).await
    }

    /// Gives a run up on behalf of whoever holds its handle: it fails, and its tokens are taken back.
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit).
    pub async fn cancel(&self, tenant: &TenantId, handle: &str) -> Result<Answer, EngineError> {
        let body = Fingerprint::new("cancel").finish();
        let wake = |_: &Drive<'_>| Ok(Answered::Cancelled);
        let request = Request { tenant, handle, body, source: &Source::default() };
        Box::pin(self.0.answer(request, wake)).instrument(tracing::info_span!("cancel")).await
    }

    /// What a run waits for, for whoever holds its handle: the prompt may be read again, and if time or a signal has moved
    /// the run meanwhile, what it came to.
    ///
    /// # Errors
    /// [`EngineError::StaleHandle`].
    pub async fn current(&self, tenant: &TenantId, handle: &str) -> Result<Answer, EngineError> {
        let engine = &*self.0;
        let presented = handle::read(handle).ok_or(EngineError::StaleHandle)?;
        for _ in 0..engine.limits.commit_tries {
            // The run is read first: once it has moved on, its answer is there.
            let drive = engine.open(tenant, presented.run).await?;
            let known = engine.answered(tenant, &presented.hash).await?;
            if let Some((_, known)) = known {
                // The answer to a submit is for whoever repeats the submit.
                return match (known.body, known.answer) {
                    (None, Some(answer)) => Ok(answer.into()),
                    _ => Err(EngineError::StaleHandle),
                };
            }
            let Some(mut drive) = drive.filter(|drive| holds(drive, &presented)) else {
                return Err(EngineError::StaleHandle);
            };
            if drive.is_due() {
                drive.present = false;
                drive.go().await?;
                continue;
            }
            let Some(until) = drive.waits_until() else { return Err(EngineError::Conflict) };
            let seen = Handle::stored(wayfarer_lang::Secret::new(handle.to_owned()));
            let answer = drive.waiting_answer(seen, until)?;
            if !drive.run.unseen || drive.see(until).await? {
                return Ok(answer);
            }
        }
        Err(EngineError::Conflict)
    }
}

/// A request of whoever holds a handle.
struct Request<'a> {
    tenant: &'a TenantId,
    handle: &'a str,
    /// What tells it from others under the same handle.
    body: [u8; 32],
    source: &'a Source,
}

/// What a request does to the run whose handle it shows.
enum Answered {
    Submitted(Wake),
    Cancelled,
}

impl Inner {
    /// Carries a request out once: whoever repeats it gets the same answer, and of two that race one wins (R48, R49).
    async fn answer(
        &self,
        Request { tenant, handle, body, source }: Request<'_>,
        accept: impl Fn(&Drive<'_>) -> Result<Answered, EngineError>,
    ) -> Result<Answer, EngineError> {
        let presented = handle::read(handle).ok_or(EngineError::StaleHandle)?;
        let asked = Asked { record: presented.hash.to_vec(), body: Some(body) };
        for _ in 0..self.limits.commit_tries {
            // The run is read first: once it has moved on, its answer is there.
            let drive = self.open(tenant, presented.run).await?;
            if let Some(known) = self.repeated(tenant, &asked, source).await? {
                return Ok(known);
            }
            let Some(mut drive) = drive.filter(|drive| holds(drive, &presented)) else {
                return Err(EngineError::StaleHandle);
            };
            // A prompt that nobody has read cannot be answered, nor one whose time is up.
            if drive.run.unseen || drive.is_due() || drive.run.status != Status::Waiting {
                return Err(EngineError::StaleHandle);
            }
            let accepted = accept(&drive)?;
            drive.run.asked = Some(asked.clone());
            drive.run.handle = None;
            drive.present = true;
            drive.scope.source = source.clone();
            let driven = match accepted {
                Answered::Submitted(wake) => {
                    drive.apply(Applied::Woken(wake));
                    drive.hold();
                    drive.go().await?
                }
                Answered::Cancelled => {
                    drive.hold();
                    drive.finish(Ending::failed("cancelled")).await?
                }
            };
            if let Driven::Answer(answer) = driven {
                return Ok(answer);
            }
        }
        Err(EngineError::Conflict)
    }
}

/// Whether the handle is the one that this run's present wait was given.
fn holds(drive: &Drive<'_>, presented: &Presented) -> bool {
    drive.run.handle.is_some_and(|known| handle::same(&known, &presented.hash))
}

/// Holds an answer against what was asked: the step, an offered option, data of its type (R50).
fn accept(drive: &Drive<'_>, submit: &Submit) -> Result<Answered, EngineError> {
    let invalid = EngineError::invalid_answer;
    let step = drive.run.top().and_then(|frame| drive.node(StepIndex(frame.step)));
    if submit.step.as_ref().is_some_and(|named| step.is_none_or(|step| *named != step.id)) {
        return Err(invalid("step", "this step is not the one that asks"));
    }
    if submit.data.size() > drive.engine.limits.input_bytes {
        return Err(invalid("data", "it is too large"));
    }
    let prompt = drive.run.wait().and_then(|wait| wait.prompt.as_ref());
    let choice = prompt.and_then(|prompt| prompt.find(&submit.option));
    let choice = choice.ok_or_else(|| invalid("option", "this option is not offered"))?;
    let data = match &choice.answer {
        Some(ty) => ty.accept_all(&submit.data).map_err(|errors| {
            let problems = errors.into_iter().map(|error| Problem::from(error).within("data"));
            EngineError::InvalidAnswer { problems: problems.collect() }
        })?,
        None => match &submit.data {
            Value::Null => Value::Null,
            Value::Object(fields) if fields.is_empty() => Value::Null,
            _ => return Err(invalid("data", "this option takes no data")),
        },
    };
    Ok(Answered::Submitted(Wake::Submit { option: submit.option.clone(), data }))
}
