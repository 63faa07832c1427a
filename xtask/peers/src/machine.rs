//! The reference journey comes in; what the machine alone takes for one run of it goes out: no ledger, no tokens, no store.
//!
//! Read the parameters, judge a condition, ask for the code and wait, take the code, compare its SHA-256, complete with
//! an answer in JSON.

mod hand;

use std::hint::black_box;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use criterion::{BatchSize, Criterion};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use uuid::Uuid;
use wayfarer::engine::machine::{Applied, Call, Ending, Inputs, Judged, Next, apply, judge, next};
use wayfarer::engine::run::{Activity, Frame, Identity, Run, Status};
use wayfarer::engine::{Bundle, Limits, Registry, Wake};
use wayfarer::lang::expr::NoKeys;
use wayfarer::lang::value::Object;
use wayfarer::lang::{Value, check};
use wayfarer::step::{Actor, AnyReply, Choice, Context, Prompt, Reply, Shape, Step, StepError, Wait};

use crate::request::parameters;

/// The code that is right.
const CODE: &str = "482913";

/// Parameters of every kind are declared, as the request brings them.
const JOURNEY: &str = r#"
journey: reference
params:
  external_user_id: string
  risk_score: integer
  country: string
  city: string
  device_id: string
  device_trusted: boolean
  ip: string
  user_agent: string
  locale: string
  amount: number
  currency: string
  attempts: integer
  channel: string
  campaign: string
  support_case: string
steps:
  too_risky:
    type: condition
    with:
      if: "@policy.request().params.risk_score > 90 || !@std.contains(['US', 'CA'], @policy.request().params.country)"
    branches:
      then: deny
      else: ask_code
  ask_code:
    type: ask_code
    branches:
      right: enter
      wrong: deny
  enter:
    type: complete_journey
    with:
      data:
        user: "@policy.request().params.external_user_id"
        verified: true
  deny:
    type: reject_access
"#;

/// Declares what the step looks like. What it does stands in [`answer`], because here nobody calls steps but the bench.
struct AskCode;

impl Step for AskCode {
    const TYPE: &'static str = "ask_code";
    const VERSION: u32 = 1;
    type Params = NoParameters;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("asks for the code").prompts().exit("right", "it is right").exit("wrong", "it is not")
    }

    async fn enter(&self, _: &mut Context, _: NoParameters) -> Result<Reply<(), ()>, StepError> {
        Err(StepError::failed("not_called", "the bench answers for this step"))
    }
}

/// The step takes no parameters.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct NoParameters {}

pub(crate) fn measure(criterion: &mut Criterion) {
    let ours = Ours::new();
    let hash = digest(&SHA256, CODE.as_bytes());
    let (by_hand, request) = (hand::Journey { hash: hash.as_ref() }, parameters());
    let expected: Json = serde_json::from_str(&by_hand.at_once(&request, CODE)).unwrap();
    for answer in [ours.run(&ours.given, false), ours.run(&ours.given, true), by_hand.restored(&request, CODE)] {
        assert_eq!(serde_json::from_str::<Json>(&answer).unwrap(), expected);
    }

    let mut group = criterion.benchmark_group("machine");
    group.bench_function("ours", |b| b.iter(|| ours.run(black_box(&ours.given), false)));
    group.bench_function("ours restored", |b| b.iter(|| ours.run(black_box(&ours.given), true)));
    group.bench_function("hand-written", |b| b.iter(|| by_hand.at_once(black_box(&request), black_box(CODE))));
    group.bench_function("hand-written restored", |b| {
        b.iter_batched(
            || request.clone(),
            |request| by_hand.restored(&request, black_box(CODE)),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

struct Ours {
    bundle: Bundle,
    limits: Limits,
    given: Value,
    code: Value,
    hash: Vec<u8>,
    names: Names,
}

/// What every run shares.
struct Names {
    application: Arc<str>,
    journey: Arc<str>,
    actor: Actor,
}

impl Ours {
    fn new() -> Self {
        let registry = Registry::new().with(AskCode).unwrap();
        let checked = check("reference.yaml", JOURNEY.as_bytes(), registry.catalog());
        let code = Object::from_iter([(Arc::from("code"), Value::from(CODE))]);
        Self {
            bundle: Bundle::new(checked.program.expect("the journey has no mistake")),
            limits: Limits::default(),
            given: Value::from(parameters()),
            code: Value::from(code),
            hash: digest(&SHA256, CODE.as_bytes()).as_ref().to_vec(),
            names: Names { application: "default".into(), journey: "reference".into(), actor: Actor::system() },
        }
    }

    /// One run from the parameters to the answer; `restored` from bytes where it waits.
    fn run(&self, given: &Value, restored: bool) -> String {
        let inputs = Inputs { now: Timestamp::UNIX_EPOCH, limits: &self.limits, seed: None, keys: &NoKeys };
        let mut run = self.begin(given);
        loop {
            let applied = match next(&self.bundle, &run, &inputs) {
                Next::Jump(applied) => applied,
                Next::Call(call) => self.called(&run, &call, &inputs),
                Next::Wait { .. } => {
                    if restored {
                        let bytes = postcard::to_extend(&run, Vec::with_capacity(1024)).unwrap();
                        run = postcard::from_bytes(black_box(&bytes)).unwrap();
                    }
                    Applied::Woken(Wake::Submit { option: "submit".into(), data: self.code.clone() })
                }
                Next::Finish(ending) => {
                    let said = told(&ending, &run);
                    apply(&self.bundle, &mut run, Applied::Ended(ending), &inputs);
                    return said;
                }
                Next::Over => panic!("the run is over"),
            };
            apply(&self.bundle, &mut run, applied, &inputs);
        }
    }

    fn begin(&self, given: &Value) -> Run {
        let program = self.bundle.program(0).unwrap();
        let accept = |parameter: &wayfarer::lang::program::ParameterDeclaration| {
            parameter.ty.accept(given.get(&parameter.name).unwrap()).unwrap()
        };
        Run {
            id: Uuid::nil(),
            application: self.names.application.clone(),
            client: None,
            actor: self.names.actor.clone(),
            journey: self.names.journey.clone(),
            bundle: self.bundle.hash().0,
            status: Status::Running,
            frames: vec![Frame::begin(0, program, program.parameters().iter().map(accept).collect())],
            activity: Activity::Enter,
            identity: Identity::default(),
            handle: None,
            unseen: false,
            provided: None,
            asked: None,
            lease: None,
            path: Vec::new(),
            executions: 0,
            started_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::MAX,
        }
    }

    fn called(&self, run: &Run, call: &Call, inputs: &Inputs<'_>) -> Applied {
        let node = self.bundle.program(run.top().unwrap().journey).unwrap().step(call.step).unwrap();
        let answer = Ok(self.answer(call));
        match judge(node, &call.calling, call.version, answer, &[], inputs.now, inputs.limits) {
            Judged::Left(left, _) => Applied::Left(*left),
            Judged::Waits(wait) => Applied::Waits { wait, named: None, provided: None },
        }
    }

    /// What the step does.
    fn answer(&self, call: &Call) -> AnyReply {
        match call.calling.woken.as_ref().map(|woken| &woken.event) {
            Some(Wake::Submit { data, .. }) => {
                let code = data.get("code").and_then(Value::as_text).unwrap_or_default();
                let right = digest(&SHA256, code.as_bytes()).as_ref() == self.hash;
                let exit = if right { "right" } else { "wrong" };
                AnyReply::Done { exit: exit.into(), output: None, failure: None, proof: None }
            }
            _ => AnyReply::Wait(Wait { prompt: Some(prompt()), signals: Vec::new(), until: None, state: Value::Null }),
        }
    }
}

/// What the client is asked.
fn prompt() -> Prompt {
    Prompt::new("code", Value::Null).choice(Choice::submit("submit", "Go on", None))
}

fn told(ending: &Ending, run: &Run) -> String {
    let (outcome, data) = match ending {
        Ending::Completed { data } => ("completed", data),
        Ending::Rejected { data } => ("rejected", data),
        Ending::Failed { code } => panic!("the run failed: {code}"),
    };
    let data = data.as_ref().map(|data| data.to_json().unwrap());
    json!({ "run": run.id, "outcome": outcome, "data": data, "visits": run.executions + 1 }).to_string()
}
