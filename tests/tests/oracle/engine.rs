//! A case comes in; the whole engine plays it on a memory store, and what shows of the run on the outside goes out.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use wayfarer::lang::Value;
use wayfarer::lang::expr::NoKeys;
use wayfarer::lang::value::Object;
use wayfarer::step::testing::{FakeDirectory, FakeTokens, SeededEntropy};
use wayfarer::step::{Actor, Services, Source};
use wayfarer::store::WallClock;
use wayfarer::{
    Answer, Engine, EngineError, EngineParts, KeyRing, Limits, ManualClock, MemoryStore, Outcome, Registry, Start,
    Submit, TenantId, Vault,
};

use crate::data::Data;
use crate::desk::Desk;
use crate::generate::Case;
use crate::script::{SILENCE, What};
use crate::steps::{self, Calls};
use crate::story::{End, Rest, Story};
use crate::{answers, write};

pub(crate) struct Whole {
    calls: Calls,
    clock: ManualClock,
    engine: Engine,
}

impl Whole {
    pub(crate) async fn new() -> Self {
        let clock = ManualClock::default();
        let store = Arc::new(MemoryStore::new(clock.clone()).unwrap());
        let vault = Vault::open(store, Arc::new(KeyRing::ephemeral().unwrap())).await.unwrap();
        let (calls, mut registry) = (Calls::default(), Registry::new());
        for step in steps::all(&calls) {
            registry.insert(step).unwrap();
        }
        let desk = Arc::new(Desk::default());
        let engine = Engine::new(EngineParts {
            vault,
            registry,
            ledger: desk.clone(),
            verifier: desk,
            tokens: Arc::new(FakeTokens::default()),
            directory: Arc::new(FakeDirectory),
            entropy: Arc::new(SeededEntropy::new(7)),
            keys: Arc::new(NoKeys),
            services: Services::default(),
            limits: Limits::default(),
            observer: Arc::new(()),
        });
        Self { calls, clock, engine }
    }

    pub(crate) async fn play(&self, case: &Case) -> Story {
        self.calls.store(0, Ordering::Relaxed);
        let sources =
            case.library.journeys.iter().map(|journey| (format!("{}.yaml", journey.id), write::file(journey)));
        self.engine.load(&tenant(), sources).await.unwrap();
        let mut answer = self.engine.start(start(case)).await.unwrap();
        let began = self.engine.run(&tenant(), answer.run).await.unwrap().unwrap().started_at;
        let (mut rests, mut script) = (Vec::new(), case.script.iter());
        loop {
            let end = match &answer.outcome {
                Outcome::Completed { data, .. } => End::Completed(data.as_ref().map(Data::from_product)),
                Outcome::Rejected { data } => End::Rejected(data.as_ref().map(Data::from_product)),
                Outcome::Failed { code } => End::Failed(code.to_string()),
                Outcome::Prompt { .. } | Outcome::Waiting { .. } => {
                    rests.push(rest(&answer, began));
                    answer = self.moved(case, &answer, &mut script).await;
                    continue;
                }
            };
            let path = answer.path.iter().map(ToString::to_string).collect();
            let provided = answer.provided.as_ref().map(Data::from_product);
            return Story { path, rests, end, inside: None, provided };
        }
    }

    /// Lets the client or time do things to a run until it moves.
    async fn moved(
        &self,
        case: &Case,
        answer: &Answer,
        script: &mut std::slice::Iter<'_, crate::script::Act>,
    ) -> Answer {
        let handle = answer.outcome.handle().unwrap().expose().to_owned();
        let Outcome::Prompt { step, prompt, expires_at, .. } = &answer.outcome else {
            let Outcome::Waiting { expires_at, .. } = &answer.outcome else { panic!("it waits") };
            self.clock.set(*expires_at);
            return self.engine.current(&tenant(), &handle).await.unwrap();
        };
        // The step that was entered last is the one that asks.
        let asking = case.library.step(answer.path.last().unwrap());
        loop {
            let act = script.next().unwrap_or(&SILENCE);
            self.clock.advance(SignedDuration::from_secs(act.after));
            if self.clock.now() >= *expires_at {
                return self.engine.current(&tenant(), &handle).await.unwrap();
            }
            match &act.what {
                What::GivesUp => return self.engine.cancel(&tenant(), &handle).await.unwrap(),
                What::Idles => {}
                what => {
                    let (option, data) = answers::answer(asking, prompt, what);
                    let submit = Submit {
                        tenant: tenant(),
                        handle: handle.clone(),
                        step: Some(step.clone()),
                        option: option.into(),
                        data,
                        source: Source::default(),
                    };
                    match (self.engine.submit(submit).await, what) {
                        (Ok(answer), What::Answers { .. }) => return answer,
                        (Err(EngineError::InvalidAnswer { .. }), What::Errs { .. }) => {}
                        (other, what) => panic!("{what:?} leads to {other:?}"),
                    }
                }
            }
        }
    }
}

fn rest(answer: &Answer, began: Timestamp) -> Rest {
    let provided = answer.provided.as_ref().map(Data::from_product);
    let (step, shown, until) = match &answer.outcome {
        Outcome::Prompt { step, prompt, expires_at, .. } => {
            (step.to_string(), Some(answers::shown(prompt)), expires_at)
        }
        Outcome::Waiting { expires_at, .. } => (String::new(), None, expires_at),
        ended => panic!("it does not rest: {ended:?}"),
    };
    Rest { step, until: until.duration_since(began).as_secs(), shown, provided, inside: None }
}

fn start(case: &Case) -> Start {
    let given = case.arguments.iter().filter(|(_, given)| *given != Data::Null);
    let params: Object = given.map(|(name, given)| (name.as_str().into(), given.to_product())).collect();
    Start {
        tenant: tenant(),
        application: "default".into(),
        client: None,
        journey: case.library.journeys[0].id.as_str().into(),
        params: Value::from(params),
        request_id: None,
        actor: Actor::system(),
        source: Source::default(),
    }
}

fn tenant() -> TenantId {
    TenantId::default()
}
