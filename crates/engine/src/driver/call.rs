//! A step to be called comes in; what it answered goes out, and what was compared meanwhile. It has so much time and no more.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use wayfarer_lang::program::{Node, Target};
use wayfarer_step::attempt::Compared;
use wayfarer_step::{AnyReply, AnyStep, Attempts, Context, Event, Journal, PortError, Remains, StepError, Visit};

use super::drive::Drive;
use super::records::VaultRecords;
use crate::machine::{Call, later};
use crate::observe::{CallEnd, Observed};

/// The code of a step that panicked.
const PANICKED: &str = "step_panicked";

/// What a call came to.
pub(super) struct Called {
    /// What the step said; none: it did not answer in time.
    pub(super) answer: Option<Result<AnyReply, StepError>>,
    pub(super) compared: Vec<Compared>,
    pub(super) remains: Remains,
    /// Whether the step may have acted without being able to say so.
    pub(super) in_doubt: bool,
}

impl Drive<'_> {
    /// Calls the step, for as long as it may take. A panic is a failure like any other (law 1; R121).
    pub(super) async fn call(&self, step: &dyn AnyStep, node: &Node, call: &Call) -> Called {
        let Some(limit) = self.time_left(node, call) else {
            return Called { answer: None, compared: Vec::new(), remains: Remains::default(), in_doubt: false };
        };
        let journal = Journal::default();
        let mut context = self.context(node, call, journal.clone());
        let params = &call.calling.params;
        let answer = async {
            match &call.calling.woken {
                None => step.enter(&mut context, params).await,
                Some(woken) => {
                    let event = Event::from(woken.event.clone());
                    step.resume(&mut context, params, woken.version, &woken.state, event).await
                }
            }
        };
        let caught = AssertUnwindSafe(async { tokio::time::timeout(limit, answer).await }).catch_unwind().await;
        let compared = journal.take();
        let remains = context.finish();
        let answer = match caught {
            Ok(answer) => answer.ok(),
            Err(_) => {
                tracing::error!("the step panicked");
                let failure = StepError::failed(PANICKED, "the step panicked");
                return Called { answer: Some(Err(failure)), compared, remains, in_doubt: true };
            }
        };
        if answer.is_none() {
            tracing::warn!("the step did not answer in time and was cut");
        }
        let in_doubt = matches!(answer, None | Some(Err(StepError::Port(PortError::Unavailable { .. }))));
        Called { answer, compared, remains, in_doubt }
    }

    /// Tells how the call ended and how long it took. Nothing that goes wrong here is in the way of the call.
    pub(super) async fn observe(&self, node: &Node, called: &Called, began: Option<Timestamp>) {
        let end = match &called.answer {
            Some(Ok(_)) => CallEnd::Answered,
            Some(Err(StepError::Failed { code, .. })) if code == PANICKED => CallEnd::Panicked,
            Some(Err(_)) => CallEnd::Failed,
            None => CallEnd::Cut,
        };
        let ended = self.engine.vault.now().await.ok();
        let took = began.zip(ended).and_then(|(began, ended)| Duration::try_from(ended.duration_since(began)).ok());
        let (journey, step_type) = (&*self.scope.journey, &*node.type_name);
        let took = took.unwrap_or_default();
        tracing::debug!(end = end.word(), ?took, "the step was called");
        self.engine.observer.called(&Observed { journey, step_type, end, took });
    }

    fn context(&self, node: &Node, call: &Call, journal: Journal) -> Context {
        let engine = self.engine;
        let attempts = Attempts::new(self.scope.clone(), engine.ledger.clone(), engine.verifier.clone(), journal);
        // A visit that is tried again is known outside by the number of the first try.
        let retries = self.run.top().map_or(0, |frame| frame.retries);
        let number = call.calling.visit.saturating_sub(retries);
        let visit = Visit { run: self.run.id, step: node.id.clone(), number };
        let subject = self.run.identity.subject.clone();
        let leading = node.exits.iter().filter(|link| link.target != Target::Abort).map(|link| link.name.clone());
        Context::new(self.scope.clone(), visit, self.now, subject, engine.services.clone(), attempts)
            .proven(self.run.identity.is_proven())
            .leading(leading)
            .over(Arc::new(VaultRecords(engine.vault.clone())))
    }

    /// How long a call may take: what is left of the step's `timeout`, and never longer than this node has the run for
    /// itself. None: the time is over.
    fn time_left(&self, node: &Node, call: &Call) -> Option<Duration> {
        let limits = &self.engine.limits;
        let most = limits.step.min(limits.lease);
        let left = node
            .timeout
            .map_or(most, |timeout| later(call.calling.entered_at, timeout).duration_since(self.now).min(most));
        Duration::try_from(left).ok().filter(|left| !left.is_zero())
    }
}
