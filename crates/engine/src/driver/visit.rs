//! A step to be called comes in; its answer is judged, settled and applied.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use wayfarer_lang::Value;
use wayfarer_lang::program::{Node, Work};
use wayfarer_step::attempt::{Accepted, Compared};
use wayfarer_step::port::Comparison;
use wayfarer_step::{
    AnyReply, Attempts, Context, Event, Failure, Journal, Outward, PortError, Remains, StepError, Visit, Write,
};

use super::drive::{Drive, Halt};
use crate::error::EngineError;
use crate::machine::{Applied, Believed, Call, Judged, Left, Proven, Way, judge};
use crate::record::STEP_PREFIX;
use crate::run::Activity;

/// What a call left behind.
struct Called {
    answer: Result<AnyReply, StepError>,
    compared: Vec<Compared>,
    remains: Remains,
}

impl Drive<'_> {
    pub(super) async fn visit(&mut self, node: Node, call: Call) -> Result<(), Halt> {
        let engine = self.engine;
        let Some((step, version)) = engine.registry.get(&node.type_name) else {
            return self.fail_closed("step_missing");
        };
        // A visit that begins has no state to migrate: it needs the very version that the bundle was made with.
        if call.calling.woken.is_none() && self.bundle.step_version(&node.type_name) != Some(version) {
            return self.fail_closed("step_version");
        }
        let called = self.call(&**step, &node, &call).await;
        if let Err(StepError::Failed { code, .. }) = &called.answer
            && code == "state_not_readable"
        {
            return self.fail_closed("step_version");
        }
        if let Err(StepError::Port(PortError::Unavailable { .. })) = &called.answer
            && node.retry.is_none()
            && called.compared.is_empty()
        {
            let Err(StepError::Port(error)) = called.answer else { return Ok(()) };
            return Err(error.into());
        }
        let Called { answer, compared, remains } = called;
        let (judged, remains) = match self.admissible(&node, remains) {
            Ok(remains) => (judge(&node, &call.calling, version, answer, &compared, self.now, &engine.limits), remains),
            Err(failure) => (Judged::failed(failure), Remains::default()),
        };
        // What a step left behind counts only if the step itself finished its visit and was believed.
        let failed = matches!(&judged, Judged::Left(left, _) if left.way == Way::Failed);
        let Remains { identified: named, writes, provided } = if failed { Remains::default() } else { remains };
        self.stage(writes);
        // Whatever a verifying step says, it commits: the time that a visit takes does not tell how it ended (R39).
        let verifies = matches!(&node.work, Work::Call { verifies: Some(_), .. });
        let at_once = verifies
            || !compared.is_empty()
            || named.is_some()
            || call.outward != Outward::None
            || !self.staged.is_empty();
        let (applied, believed) = match judged {
            Judged::Waits(wait) => (Applied::Waits { wait, named, provided }, None),
            Judged::Left(left, believed) => (Applied::Left(Left { named, provided, ..*left }), believed),
        };
        if at_once {
            return self.settle(applied, believed, &compared).await;
        }
        self.apply(applied);
        Ok(())
    }

    /// Calls the step. A panic is a failure like any other (law 1; R121).
    async fn call(&self, step: &dyn wayfarer_step::AnyStep, node: &Node, call: &Call) -> Called {
        let engine = self.engine;
        let journal = Journal::default();
        let attempts =
            Attempts::new(self.scope.clone(), engine.ledger.clone(), engine.verifier.clone(), journal.clone());
        let visit = Visit { run: self.run.id, step: node.id.clone(), number: call.calling.visit };
        let subject = self.run.identity.subject.clone();
        let mut context = Context::new(self.scope.clone(), visit, self.now, subject, engine.services.clone(), attempts);
        let params = &call.calling.params;
        let caught = match &call.calling.woken {
            None => AssertUnwindSafe(step.enter(&mut context, params)).catch_unwind().await,
            Some(woken) => {
                let event = Event::from(woken.event.clone());
                let resumed = step.resume(&mut context, params, woken.version, &woken.state, event);
                AssertUnwindSafe(resumed).catch_unwind().await
            }
        };
        let compared = journal.take();
        let remains = context.finish();
        let answer = caught.unwrap_or_else(|_| {
            tracing::error!("the step panicked");
            Err(StepError::failed("step_panicked", "the step panicked"))
        });
        Called { answer, compared, remains }
    }

    /// A step may write its own kinds of records, each once, and facts about this visit: nothing that belongs to the
    /// engine or to a port. What it hands to the client holds no secret (R99).
    fn admissible(&self, node: &Node, remains: Remains) -> Result<Remains, Failure> {
        let Remains { identified, writes, provided } = remains;
        if provided.as_ref().is_some_and(Value::holds_secret) {
            return Err(Failure::new("secret_in_data", "the data for the client holds a secret, which is never sent"));
        }
        let mut written = HashSet::new();
        let mut allowed = Vec::with_capacity(writes.len());
        for write in writes {
            let own = match &write {
                Write::Record(_) => true,
                Write::Put { kind, id, .. } | Write::Delete { kind, id, .. } => {
                    kind.starts_with(STEP_PREFIX) && written.insert((*kind, id.clone()))
                }
                Write::Require { kind, .. } => kind.starts_with(STEP_PREFIX),
            };
            if !own {
                return Err(Failure::new("forbidden_write", "the step staged a record that is not its own"));
            }
            allowed.push(match write {
                Write::Record(fact) => Write::Record(fact.within(&self.scope).step(&node.id)),
                write => write,
            });
        }
        Ok(Remains { identified, writes: allowed, provided })
    }

    /// Commits the end of a visit together with what follows from its comparisons: the code's consumption, the tokens, the
    /// audit record (law 4; R8). The ledger is asked anew for each try, and may say that the ticket has become void.
    async fn settle(
        &mut self,
        applied: Applied,
        believed: Option<Believed>,
        compared: &[Compared],
    ) -> Result<(), Halt> {
        let engine = self.engine;
        let before = (self.run.clone(), self.facts.clone(), self.staged.clone());
        for _ in 0..engine.limits.commit_tries {
            let (mut applied, mut void) = (applied.clone(), false);
            for entry in settled(compared, believed.as_ref()) {
                match engine.ledger.settle(&self.scope, &entry.ticket, entry.how).await? {
                    Some(writes) => self.stage(writes),
                    None => void |= entry.how == Comparison::Right,
                }
            }
            if let (Applied::Left(left), Some(Believed { accepted, .. })) = (&mut applied, &believed) {
                match if void { None } else { self.prove(left, accepted).await? } {
                    Some((proven, writes)) => {
                        left.proven = Some(Box::new(proven));
                        self.stage(writes);
                    }
                    None => *left = Left::failed(Failure::new("void", "the secret was taken back meanwhile")),
                }
            }
            let was_proven = self.run.identity.is_proven();
            self.apply(applied);
            if was_proven && !self.run.identity.is_proven() {
                self.stage(engine.tokens.revoke(&self.scope).await?);
            }
            match self.commit(None, None).await {
                Err(Halt::Changed(key)) => {
                    tracing::debug!(kind = %key.kind, "settling anew");
                    (self.run, self.facts, self.staged) = before.clone();
                }
                done => return done,
            }
        }
        Err(EngineError::Unavailable("the records keep changing".into()).into())
    }

    /// What follows from a proof: the user, and tokens for everything proven of them in this run. None if the user is gone.
    async fn prove(&self, left: &Left, accepted: &Accepted) -> Result<Option<(Proven, Vec<Write>)>, Halt> {
        let mut identity = self.run.identity.clone();
        if let Some(named) = &left.named {
            identity.turn_to(named.clone());
        }
        identity.turn_to(accepted.subject.clone());
        identity.proofs.push(accepted.clone());
        let Some(grant) = identity.grant() else { return Ok(None) };
        let user_id = &accepted.subject.user_id;
        let Some(user) = self.engine.directory.user_context(&self.scope, user_id).await? else { return Ok(None) };
        let minted = self.engine.tokens.mint(&self.scope, &grant).await?;
        let (tokens, claims) = (minted.tokens, minted.claims);
        Ok(Some((Proven { accepted: accepted.clone(), user, tokens, claims }, minted.writes)))
    }

    /// The run cannot go on at all: it aborts, and the machine brings it to its end.
    pub(super) fn fail_closed(&mut self, code: &'static str) -> Result<(), Halt> {
        tracing::error!(code, "the run fails closed");
        self.run.activity = Activity::Aborting { code: code.into() };
        Ok(())
    }
}

/// Every wrong comparison, and one right one: that of the proof if there is a proof. A second right one in a visit has
/// nothing left to consume.
fn settled<'a>(compared: &'a [Compared], believed: Option<&Believed>) -> impl Iterator<Item = &'a Compared> {
    let right = compared.iter().position(|entry| {
        entry.how == Comparison::Right && believed.is_none_or(|believed| entry.ticket.id == believed.ticket)
    });
    let settles = move |index, entry: &Compared| entry.how == Comparison::Wrong || Some(index) == right;
    compared.iter().enumerate().filter(move |(index, entry)| settles(*index, entry)).map(|(_, entry)| entry)
}
