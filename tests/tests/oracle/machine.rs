//! A checked journey and a case come in; the pure machine plays it with the real steps, stored and read again on the way, and
//! the story of the run goes out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use wayfarer::Registry;
use wayfarer::engine::machine::{Applied, Call, Ending, Inputs, Judged, Left, Next, Proven, Way, apply, judge, next};
use wayfarer::engine::run::{Activity, Frame, Identity, Run, Status};
use wayfarer::engine::{Bundle, Limits, Wake};
use wayfarer::lang::program::{Node, Program, StepIndex, Work};
use wayfarer::lang::{Value, check};
use wayfarer::step::{Actor, AnyStep, Attempts, Context, Event, Journal, Prompt, Scope, Services, Visit};

use crate::data::Data;
use crate::desk::Desk;
use crate::generate::Case;
use crate::script::{SILENCE, What};
use crate::story::{End, Rest, Story, Variables, masked};
use crate::{answers, write};

/// More happenings than any run has within its bounds.
const MOST: usize = 2_000;

/// The built-in steps, and who answers them.
pub(crate) struct Machine {
    steps: BTreeMap<String, Arc<dyn AnyStep>>,
    registry: Registry,
    desk: Arc<Desk>,
    limits: Limits,
}

/// One run on its way.
struct Play<'a> {
    machine: &'a Machine,
    case: &'a Case,
    bundle: &'a Bundle,
    run: Run,
    now: Timestamp,
    script: std::slice::Iter<'a, crate::script::Act>,
    rests: Vec<Rest>,
    /// Whether the present wait has been told.
    told: bool,
    /// Whether a comparison in this run was right.
    proven: bool,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let (mut steps, mut registry) = (BTreeMap::new(), Registry::new());
        for step in wayfarer::steps::all() {
            steps.insert(step.declaration().unwrap().name.to_string(), step.clone());
            registry.insert(step).unwrap();
        }
        Self { steps, registry, desk: Arc::default(), limits: Limits::default() }
    }

    /// The bundle of a case, or what the checker has against it.
    pub(crate) fn check(&self, case: &Case) -> Result<Bundle, String> {
        let text = write::file(&case.library.journeys[0]);
        let checked = check("main.yaml", text.as_bytes(), self.registry.catalog());
        match checked.program {
            Some(program) => Ok(Bundle::new(program)),
            None => Err(format!("{text}\n{:#?}", checked.findings)),
        }
    }

    pub(crate) fn play(&self, bundle: &Bundle, case: &Case) -> Story {
        let run = begin(bundle.program(0).unwrap(), bundle, case);
        let now = run.started_at;
        let script = case.script.iter();
        Play { machine: self, case, bundle, run, now, script, rests: Vec::new(), told: false, proven: false }.play()
    }
}

fn begin(program: &Program, bundle: &Bundle, case: &Case) -> Run {
    let arguments = program.parameters().iter().zip(&case.arguments).map(|(parameter, (_, given))| match given {
        Data::Null => Value::Null,
        given => parameter.ty.accept(&given.to_product()).unwrap(),
    });
    let now = Timestamp::UNIX_EPOCH;
    Run {
        id: Uuid::nil(),
        application: "default".into(),
        client: None,
        actor: Actor::system(),
        journey: program.id().clone(),
        bundle: bundle.hash().0,
        status: Status::Running,
        frames: vec![Frame::begin(0, program, arguments.collect())],
        activity: Activity::Enter,
        identity: Identity::default(),
        handle: None,
        unseen: false,
        provided: None,
        asked: None,
        lease: None,
        path: Vec::new(),
        executions: 0,
        started_at: now,
        expires_at: now + SignedDuration::from_hours(1),
    }
}

impl<'a> Play<'a> {
    fn play(mut self) -> Story {
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
        Inputs { now: self.now, limits: &self.machine.limits }
    }

    fn apply(&mut self, applied: Applied) {
        self.told = false;
        let inputs = self.inputs();
        self.run = apply(self.bundle, self.run.clone(), applied, &inputs);
        let limits = &self.machine.limits;
        assert!(self.run.executions <= limits.executions, "law 9: executions");
        for frame in &self.run.frames {
            assert!(frame.visits.iter().all(|visits| *visits <= limits.visits), "law 9: visits");
        }
        assert_eq!(self.run.identity.is_proven(), self.proven, "law 3: proofs come from comparisons alone");
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
                let (option, data) =
                    answers::answer(&self.case.library.journeys[0], &self.node().id, &prompt, &act.what);
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
            variables: Some(self.variables()),
        }
    }

    fn end(mut self, ending: Ending) -> Story {
        let variables = Some(self.variables());
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
        self.run = apply(self.bundle, self.run.clone(), Applied::Ended(ending), &inputs);
        assert!(self.run.status.is_end() && self.run.frames.is_empty(), "nothing is kept of a run that has ended");
        assert_eq!(self.run.status == Status::Completed, matches!(end, End::Completed(_)));
        let path = self.run.path.iter().map(ToString::to_string).collect();
        Story { path, rests: self.rests, end, variables, provided: provided.as_ref().map(Data::from_product) }
    }

    fn node(&self) -> &Node {
        let frame = self.run.top().unwrap();
        self.bundle.program(frame.journey).unwrap().step(StepIndex(frame.step)).unwrap()
    }

    fn variables(&self) -> Variables {
        let frames = self.run.frames.iter().map(|frame| {
            let names = self.bundle.program(frame.journey).unwrap().variables();
            let set = names.iter().zip(&frame.variables).filter_map(|(name, value)| Some((name, value.as_ref()?)));
            set.map(|(name, value)| (name.to_string(), masked(name, Data::from_product(value)))).collect()
        });
        frames.collect()
    }
}

/// The data as the step gets it, if the prompt takes it.
fn accepted(prompt: &Prompt, option: &str, data: &Value) -> Option<Value> {
    match &prompt.find(option)?.answer {
        Some(ty) => ty.accept_all(data).ok(),
        None => matches!(data, Value::Null).then_some(Value::Null),
    }
}
