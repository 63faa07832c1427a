//! A run that begins comes in; the machine plays it with the real steps, stored and read again on the way, and its story goes
//! out.

use std::collections::BTreeSet;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use wayfarer::engine::machine::{Applied, Call, Ending, Inputs, Judged, Left, Next, Proven, Way, apply, judge, next};
use wayfarer::engine::run::{Run, Status};
use wayfarer::engine::{Bundle, Wake};
use wayfarer::lang::Value;
use wayfarer::lang::expr::NoKeys;
use wayfarer::lang::program::{Node, StepIndex, Work};
use wayfarer::step::{Attempts, Context, Event, Journal, Prompt, Scope, Services, Source, Visit};

use super::Machine;
use crate::answers;
use crate::data::Data;
use crate::generate::Case;
use crate::script::{Act, SILENCE, What};
use crate::story::{End, Inside, Rest, Story, masked};

/// More happenings than any run has within its bounds.
const MOST: usize = 2_000;

/// One run on its way.
pub(super) struct Play<'a> {
    machine: &'a Machine,
    case: &'a Case,
    bundle: &'a Bundle,
    run: Run,
    now: Timestamp,
    script: std::slice::Iter<'a, Act>,
    rests: Vec<Rest>,
    /// Whether the present wait has been told.
    told: bool,
    /// Whether a comparison in this run was right.
    proven: bool,
}

impl<'a> Play<'a> {
    pub(super) fn new(machine: &'a Machine, case: &'a Case, bundle: &'a Bundle, run: Run) -> Self {
        let (now, script) = (run.started_at, case.script.iter());
        Self { machine, case, bundle, run, now, script, rests: Vec::new(), told: false, proven: false }
    }

    pub(super) fn play(mut self) -> Story {
        for happening in 1..MOST {
            if self.case.reloads > 0 && happening.is_multiple_of(self.case.reloads) {
                self.reload();
            }
            match next(self.bundle, &self.run, &self.inputs()) {
                Next::Over => panic!("an end is seen as it happens"),
                Next::Jump(applied) => self.apply(applied),
                Next::Call(call) => {
                    let applied = self.call(&call);
                    self.apply(applied);
                }
                Next::Wait { until } => {
                    if let Some(end) = self.wait(until) {
                        return self.end(end);
                    }
                }
                Next::Finish(ending) => return self.end(ending),
            }
        }
        panic!("the run goes on and on");
    }

    /// What a restart between two happenings does.
    fn reload(&mut self) {
        let bytes = postcard::to_allocvec(&self.run).unwrap();
        self.run = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(postcard::to_allocvec(&self.run).unwrap(), bytes, "a run reads back as it was written");
    }

    fn inputs(&self) -> Inputs<'a> {
        Inputs { now: self.now, limits: &self.machine.limits, seed: None, keys: &NoKeys }
    }

    fn apply(&mut self, applied: Applied) {
        self.told = false;
        let inputs = self.inputs();
        apply(self.bundle, &mut self.run, applied, &inputs);
        let limits = &self.machine.limits;
        assert!(self.run.executions <= limits.executions, "law 9: executions");
        for frame in &self.run.frames {
            assert!(frame.visits.iter().all(|visits| *visits <= limits.visits), "law 9: visits");
        }
        assert!(self.proven || !self.run.identity.is_proven(), "law 3: proofs come from comparisons alone");
        let users: BTreeSet<_> = self.run.identity.proofs.iter().map(|proof| &proof.subject.user_id).collect();
        assert!(users.len() <= 1, "law 3: another user clears the proofs");
    }

    /// Calls a step and judges its answer, as the driver does.
    fn call(&mut self, call: &Call) -> Applied {
        let node = self.node().clone();
        let (step, calling) = (&self.machine.steps[&*node.type_name], &call.calling);
        let scope = Scope {
            tenant: "default".into(),
            application: self.run.application.clone(),
            run: self.run.id,
            journey: self.run.journey.clone(),
            source: Source::default(),
        };
        let journal = Journal::default();
        let (ledger, verifier) = (self.machine.desk.clone(), self.machine.desk.clone());
        let attempts = Attempts::new(scope.clone(), ledger, verifier, journal.clone());
        let visit = Visit { run: self.run.id, step: node.id.clone(), number: calling.visit };
        let subject = self.run.identity.subject.clone();
        let mut context = Context::new(scope, visit, self.now, subject, Services::default(), attempts);
        let answer = match &calling.woken {
            None => step.enter(&mut context, &calling.params).now_or_never(),
            Some(woken) => {
                let event = Event::from(woken.event.clone());
                step.resume(&mut context, &calling.params, woken.version, &woken.state, event).now_or_never()
            }
        };
        let answer = answer.expect("no step of the house awaits anything here");
        let (compared, remains) = (journal.take(), context.finish());
        match judge(&node, calling, call.version, answer, &compared, self.now, &self.machine.limits) {
            Judged::Waits(wait) => Applied::Waits { wait, named: remains.identified, provided: remains.provided },
            Judged::Left(left, believed) => {
                let proven = believed.map(|believed| {
                    self.proven = true;
                    let user = Data::text(&*believed.accepted.subject.user_id);
                    Box::new(Proven {
                        accepted: believed.accepted,
                        user: Data::Map(vec![("user_id".to_owned(), user)]).to_product(),
                        tokens: Value::from("token").into_secret(),
                        claims: Value::Null,
                    })
                });
                let provided = remains.provided.filter(|_| left.way != Way::Failed);
                Applied::Left(Left { proven, provided, ..*left })
            }
        }
    }

    /// Lets the client or time do something to a run that waits. Gives its end if the client gives it up.
    fn wait(&mut self, until: Timestamp) -> Option<Ending> {
        if !std::mem::replace(&mut self.told, true) {
            let rest = self.rest(until);
            self.rests.push(rest);
        }
        let Some(prompt) = self.run.wait().and_then(|wait| wait.prompt.clone()) else {
            self.now = until;
            return None;
        };
        let act = self.script.next().unwrap_or(&SILENCE);
        self.now += SignedDuration::from_secs(act.after);
        if !matches!(next(self.bundle, &self.run, &self.inputs()), Next::Wait { .. }) {
            return None;
        }
        match &act.what {
            What::Answers { .. } | What::Errs { .. } => {
                let asking = self.case.library.step(self.run.path.last().unwrap());
                let (option, data) = answers::answer(asking, &prompt, &act.what);
                if let Some(data) = accepted(&prompt, &option, &data) {
                    assert!(matches!(act.what, What::Answers { .. }), "only what was asked for is accepted");
                    self.apply(Applied::Woken(Wake::Submit { option: option.into(), data }));
                } else {
                    assert!(matches!(act.what, What::Errs { .. }), "what was asked for is accepted");
                }
                None
            }
            What::GivesUp => Some(Ending::Failed { code: "cancelled".into() }),
            What::Idles => None,
        }
    }

    fn rest(&self, until: Timestamp) -> Rest {
        let prompt = self.run.wait().and_then(|wait| wait.prompt.as_ref());
        Rest {
            step: self.node().id.to_string(),
            until: until.duration_since(self.run.started_at).as_secs(),
            shown: prompt.map(answers::shown),
            provided: self.run.provided.as_ref().map(Data::from_product),
            inside: Some(self.inside()),
        }
    }

    fn end(mut self, ending: Ending) -> Story {
        let inside = Some(self.inside());
        let provided = self.run.undelivered().filter(|_| !matches!(ending, Ending::Failed { .. }));
        let end = match &ending {
            Ending::Completed { data } => {
                assert!(matches!(self.node().work, Work::Complete { .. }), "law 1: only `complete_journey` is success");
                End::Completed(data.as_ref().map(Data::from_product))
            }
            Ending::Rejected { data } => End::Rejected(data.as_ref().map(Data::from_product)),
            Ending::Failed { code } => End::Failed(code.to_string()),
        };
        let inputs = self.inputs();
        apply(self.bundle, &mut self.run, Applied::Ended(ending), &inputs);
        assert!(self.run.status.is_end() && self.run.frames.is_empty(), "nothing is kept of a run that has ended");
        assert_eq!(self.run.status == Status::Completed, matches!(end, End::Completed(_)));
        let path = self.run.path.iter().map(ToString::to_string).collect();
        Story { path, rests: self.rests, end, inside, provided: provided.as_ref().map(Data::from_product) }
    }

    fn node(&self) -> &Node {
        let frame = self.run.top().unwrap();
        self.bundle.program(frame.journey).unwrap().step(StepIndex(frame.step)).unwrap()
    }

    fn inside(&self) -> Inside {
        let frames = self.run.frames.iter().map(|frame| {
            let names = self.bundle.program(frame.journey).unwrap().variables();
            let set = names.iter().zip(&frame.variables).filter_map(|(name, value)| Some((name, value.as_ref()?)));
            set.map(|(name, value)| (name.to_string(), masked(name, Data::from_product(value)))).collect()
        });
        let identity = &self.run.identity;
        let user = identity.proofs.last().map(|proof| proof.subject.user_id.to_string());
        Inside { variables: frames.collect(), user }
    }
}

/// The data as the step gets it, if the prompt takes it.
fn accepted(prompt: &Prompt, option: &str, data: &Value) -> Option<Value> {
    match &prompt.find(option)?.answer {
        Some(ty) => ty.accept_all(data).ok(),
        None => matches!(data, Value::Null).then_some(Value::Null),
    }
}
