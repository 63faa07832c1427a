//! A run comes in and goes on, stretch by stretch, until it waits or ends; the answer goes out.

use std::sync::Arc;

use jiff::Timestamp;
use tracing::Instrument;
use wayfarer_lang::catalog::Outward;
use wayfarer_lang::expr::Seed;
use wayfarer_lang::program::{Node, StepIndex};
use wayfarer_step::{Fact, Failure, Scope, Write};
use wayfarer_store::{Key, TenantId};

use super::Inner;
use super::outbox::Outbox;
use crate::answer::{Answer, Outcome};
use crate::bundle::Bundle;
use crate::error::EngineError;
use crate::fact;
use crate::handle::Handle;
use crate::machine::{self, Applied, Call, Ending, Inputs, Left, Next, apply};
use crate::run::{Run, Status};

/// One run in the hands of one node.
pub(super) struct Drive<'e> {
    pub(super) engine: &'e Inner,
    pub(super) tenant: TenantId,
    pub(super) scope: Scope,
    pub(super) bundle: Arc<Bundle>,
    pub(super) run: Run,
    /// What a conflict goes back to: the run as it is at rest, with the event that it was woken by.
    pub(super) checkpoint: Run,
    pub(super) rest: AtRest,
    /// What is committed with the run.
    pub(super) staged: Vec<Write>,
    /// What is said to others with it.
    pub(super) outbox: Outbox,
    pub(super) facts: Vec<Fact>,
    /// The facts that belong to the checkpoint.
    pub(super) first_facts: Vec<Fact>,
    /// The visit whose outward call this node has announced itself: it is not in doubt.
    pub(super) announced: Option<u32>,
    /// Whether the run at rest is in this node's name, because the drive has committed without coming to an answer.
    pub(super) leased: bool,
    /// Whether somebody waits for the answer, and a new handle can reach them.
    pub(super) present: bool,
    /// Whether a visit of this drive did not accept a secret.
    pub(super) refused: bool,
    pub(super) now: Timestamp,
}

/// What is known of the records that belong to a run.
#[derive(Clone, Debug, Default)]
pub(super) struct AtRest {
    /// The run's version; none: it is not stored yet.
    pub(super) run: Option<u64>,
    /// The version of the record for the answer that is owed.
    pub(super) answer: Option<u64>,
    /// The ids of the signal records of the present wait.
    pub(super) signals: Vec<Vec<u8>>,
}

/// Why a stretch did not come to its commit.
pub(super) enum Halt {
    /// Another node has moved the run, or answered the request.
    Moved,
    /// Another record has changed.
    Changed(Key),
    /// It cannot go on.
    Error(EngineError),
}

impl<E: Into<EngineError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// How a whole drive ended.
pub(super) enum Driven {
    /// With an answer.
    Answer(Answer),
    /// Another node was faster; what it made of the run is at rest.
    Moved,
}

impl<'e> Drive<'e> {
    /// Goes on until the run waits or has ended, and then delivers what it said to others.
    pub(super) async fn go(mut self) -> Result<Driven, EngineError> {
        let driven = Box::pin(self.carry()).await;
        self.engine.deliver(self.outbox.take_posted()).await;
        driven
    }

    /// Goes on until the run waits or has ended. What it said to others is committed, and not delivered yet.
    pub(super) async fn carry(&mut self) -> Result<Driven, EngineError> {
        let span = tracing::info_span!("run", id = %self.run.id, journey = %self.run.journey);
        async {
            let mut tries = 0;
            loop {
                let at_rest = self.rest.run;
                match self.stretch().await {
                    Ok(answer) => {
                        tracing::debug!(outcome = answer.outcome.word(), "the run rests");
                        return Ok(Driven::Answer(answer));
                    }
                    Err(Halt::Moved) => return Ok(Driven::Moved),
                    Err(Halt::Changed(key)) => {
                        tries = if self.rest.run == at_rest { tries + 1 } else { 1 };
                        tracing::debug!(kind = %key.kind, tries, "a record changed meanwhile");
                        if tries >= self.engine.limits.commit_tries {
                            self.release().await;
                            return Err(EngineError::Unavailable("the records keep changing".into()));
                        }
                        self.back_to_checkpoint().await?;
                    }
                    Err(Halt::Error(error)) => {
                        tracing::warn!(code = error.code(), "the run cannot go on now");
                        self.release().await;
                        return Err(error);
                    }
                }
            }
        }
        .instrument(span)
        .await
    }

    /// Asks the machine and does what it says. Steps that attempt or act outside commit at once, so what a conflict takes
    /// back is always harmless to do again.
    async fn stretch(&mut self) -> Result<Answer, Halt> {
        loop {
            match machine::next(&self.bundle, &self.run, &self.inputs()) {
                Next::Jump(Applied::Returned(returned)) => self.returned(returned).await?,
                Next::Jump(applied) => self.apply(applied),
                Next::Call(call) => self.called(call).await?,
                Next::Wait { until } => return self.rest(until).await,
                Next::Finish(ending) => return self.end(ending).await,
                Next::Over => return Err(EngineError::internal("an ended run cannot go on").into()),
            }
        }
    }

    /// Before an outward call the run is committed, so that a crash leaves a trace of it.
    async fn called(&mut self, call: Call) -> Result<(), Halt> {
        let Some(node) = self.node(call.step) else {
            return Err(EngineError::internal("the program has no such step").into());
        };
        if call.outward != Outward::None {
            if !call.calling.announced {
                self.apply(Applied::Announced);
                self.announced = Some(call.calling.visit);
                return self.commit(None, None).await;
            }
            if self.announced != Some(call.calling.visit) && call.outward == Outward::Once {
                let failure = Failure::new("in_doubt", "it is not known whether the step has acted already");
                self.apply(Applied::Left(Left { in_doubt: true, ..Left::failed(failure) }));
                return Ok(());
            }
        }
        let span = tracing::info_span!("step", id = %node.id, kind = %node.type_name, visit = call.calling.visit);
        self.visit(node, call).instrument(span).await
    }

    /// Lets something happen to the run, and notes it for the audit trail.
    pub(super) fn apply(&mut self, applied: Applied) {
        let step = self.run.top().and_then(|frame| {
            let node = self.bundle.program(frame.journey)?.step(StepIndex(frame.step))?;
            Some(frame.path_of(&node.id))
        });
        self.facts.extend(fact::of(&self.run, &self.scope, step.as_ref(), &applied));
        let inputs = self.inputs();
        apply(&self.bundle, &mut self.run, applied, &inputs);
    }

    /// Takes writes for the next commit; facts among them keep their place in the order of what happened.
    pub(super) fn stage(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Record(fact) => self.facts.push(fact),
                write => self.staged.push(write),
            }
        }
    }

    /// The run waits: it is committed, and whoever is present gets a new handle (R47).
    async fn rest(&mut self, until: Timestamp) -> Result<Answer, Halt> {
        self.run.status = Status::Waiting;
        let handle = if self.present {
            let (handle, hash) = Handle::roll(self.run.id, &*self.engine.entropy)?;
            self.run.handle = Some(hash);
            self.run.unseen = false;
            handle
        } else {
            self.run.unseen = true;
            Handle::unknown()
        };
        let answer = self.waiting_answer(handle, until)?;
        self.commit(Some(&answer), Some(until)).await?;
        Ok(answer)
    }

    /// What somebody who holds `handle` is told of a run that waits.
    pub(super) fn waiting_answer(&self, handle: Handle, until: Timestamp) -> Result<Answer, EngineError> {
        let frame = self.run.top();
        let node = frame.and_then(|frame| self.bundle.program(frame.journey)?.step(StepIndex(frame.step)));
        let outcome = match (self.run.wait().and_then(|wait| wait.prompt.clone()), node) {
            (Some(prompt), Some(node)) => Outcome::Prompt { handle, step: node.id.clone(), prompt, expires_at: until },
            (Some(_), None) => return Err(EngineError::internal("the run waits at no step")),
            (None, _) => Outcome::Waiting { handle, expires_at: until },
        };
        let (provided, path) = (self.run.provided.clone(), self.run.path.clone());
        Ok(Answer { run: self.run.id, outcome, provided, refused: self.refused, path })
    }

    /// Ends the run; see [`end`](super::end) for what the tokens have to say.
    pub(super) async fn finish(mut self, ending: Ending) -> Result<Driven, EngineError> {
        for _ in 0..self.engine.limits.commit_tries {
            match self.end(ending.clone()).await {
                Ok(answer) => return Ok(Driven::Answer(answer)),
                Err(Halt::Moved) => return Ok(Driven::Moved),
                Err(Halt::Changed(_)) => self.back_to_checkpoint().await?,
                Err(Halt::Error(error)) => return Err(error),
            }
        }
        Err(EngineError::Unavailable("the records keep changing".into()))
    }

    async fn back_to_checkpoint(&mut self) -> Result<(), EngineError> {
        self.run = self.checkpoint.clone();
        self.facts.clone_from(&self.first_facts);
        self.staged.clear();
        self.outbox.unsay();
        self.now = self.engine.vault.now().await?;
        Ok(())
    }

    pub(super) fn node(&self, step: StepIndex) -> Option<Node> {
        self.bundle.program(self.run.top()?.journey)?.step(step).cloned()
    }

    /// Fresh with each look. Where the source gives none, only what needs it fails.
    fn seed(&self) -> Option<Seed> {
        let mut bytes = [0; 32];
        self.engine.entropy.fill(&mut bytes).is_ok().then(|| Seed::new(bytes))
    }

    pub(super) fn inputs(&self) -> Inputs<'e> {
        Inputs { now: self.now, limits: &self.engine.limits, seed: self.seed(), keys: &*self.engine.keys }
    }
}
