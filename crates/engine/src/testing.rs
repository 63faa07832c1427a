//! A whole engine on a memory store: time that a test moves, one user, one code that is really kept, and a disk that can die.

mod crash;
mod ledger;
mod slow;
mod steps;
mod talk;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use wayfarer_lang::Value;
use wayfarer_lang::expr::NoKeys;
use wayfarer_step::testing::{FakeDirectory, FakeVerifier, SeededEntropy};
use wayfarer_step::{Actor, Fact, Services, Source};
use wayfarer_store::{Batch, Expect, Key, KeyRing, ManualClock, MemoryStore, Store, TenantId, Vault};

pub(crate) use crash::{Crashing, When};
pub(crate) use ledger::{StoreLedger, StoreTokens};
pub(crate) use steps::{Ask, Calls, registry};

use crate::record::{AUDIT, BUNDLE, RUN, decode};
use crate::run::Run;
use crate::{Answer, Engine, EngineError, EngineParts, Limits, Observer, Outcome, Registry, Start, Submit};

/// The code of the one user, `user123`.
pub(crate) const CODE: &str = "482913";

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) disk: Crashing,
    pub(crate) vault: Vault,
    pub(crate) ledger: Arc<StoreLedger>,
    pub(crate) verifier: Arc<FakeVerifier>,
    pub(crate) calls: Arc<Calls>,
    pub(crate) limits: Limits,
    pub(crate) observer: Arc<dyn Observer>,
    engines: AtomicUsize,
    keys: Arc<KeyRing>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = ManualClock::default();
        let inner: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.clone()).unwrap());
        let disk = Crashing::new(inner);
        let keys = Arc::new(KeyRing::ephemeral().unwrap());
        let vault = Vault::open(Arc::new(disk.clone()), keys.clone()).await.unwrap();
        let ledger = Arc::new(StoreLedger::new(vault.clone()));
        ledger.issue().await;
        Self {
            clock,
            disk,
            vault,
            ledger,
            verifier: Arc::new(FakeVerifier::accepting(CODE)),
            calls: Arc::default(),
            limits: Limits::default(),
            observer: Arc::new(()),
            engines: AtomicUsize::new(0),
            keys,
        }
    }

    /// A node of its own on the same store: what a restart gives.
    pub(crate) async fn engine(&self, journeys: &[&str]) -> Engine {
        self.engine_of(registry(&self.calls), journeys).await
    }

    pub(crate) async fn engine_of(&self, registry: Registry, journeys: &[&str]) -> Engine {
        let vault = Vault::open(Arc::new(self.disk.clone()), self.keys.clone()).await.unwrap();
        let seed = self.engines.fetch_add(1, Ordering::SeqCst) as u64;
        let engine = Engine::new(EngineParts {
            tokens: Arc::new(StoreTokens::new(vault.clone())),
            vault,
            registry,
            ledger: self.ledger.clone(),
            verifier: self.verifier.clone(),
            directory: Arc::new(FakeDirectory),
            entropy: Arc::new(SeededEntropy::new(seed << 32)),
            keys: Arc::new(NoKeys),
            services: Services::default(),
            limits: self.limits.clone(),
            observer: self.observer.clone(),
        });
        let sources = journeys.iter().enumerate().map(|(index, text)| (format!("{index}.yaml"), (*text).to_owned()));
        if let Err(error) = engine.load(&tenant(), sources).await {
            panic!("{error}: {error:#?}");
        }
        engine
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// The names and results of all facts, oldest first.
    pub(crate) async fn facts(&self) -> Vec<Fact> {
        let entries = self.vault.read_log(&tenant(), AUDIT, None, 10_000).await.unwrap();
        entries.iter().map(|entry| serde_json::from_slice(&entry.payload).unwrap()).collect()
    }

    /// Whether the run's token is registered.
    pub(crate) async fn token_of(&self, run: uuid::Uuid) -> bool {
        self.vault.get(&ledger::token_key(run)).await.unwrap().is_some()
    }

    pub(crate) async fn revoke_token(&self, run: uuid::Uuid) {
        let key = ledger::token_key(run);
        let version = self.vault.get(&key).await.unwrap().unwrap().version;
        self.vault.commit(Batch::new().delete(key, Expect::Version(version))).await.unwrap();
    }

    pub(crate) async fn erase_bundles(&self) {
        for (id, record) in self.vault.scan(&tenant(), BUNDLE, None, 100).await.unwrap() {
            let key = Key::new(&tenant(), BUNDLE, id);
            self.vault.commit(Batch::new().delete(key, Expect::Version(record.version))).await.unwrap();
        }
    }

    /// Every run at rest.
    pub(crate) async fn runs(&self) -> Vec<Run> {
        let records = self.vault.scan(&tenant(), RUN, None, 1000).await.unwrap();
        records.iter().map(|(_, record)| decode(record).unwrap()).collect()
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::default()
}

pub(crate) fn start(journey: &str, params: Json) -> Start {
    Start {
        tenant: tenant(),
        application: "default".into(),
        client: Some("web".into()),
        journey: journey.into(),
        params: Value::from(params),
        request_id: None,
        actor: Actor::operator("test"),
        source: Source::default(),
    }
}

/// A start that may be made again.
pub(crate) fn start_once(journey: &str, params: Json, request: &str) -> Start {
    Start { request_id: Some(request.to_owned()), ..start(journey, params) }
}

pub(crate) fn submit(handle: &str, option: &str, data: Json) -> Submit {
    Submit {
        tenant: tenant(),
        handle: handle.to_owned(),
        step: None,
        option: option.into(),
        data: Value::from(data),
        source: Source::default(),
    }
}

pub(crate) fn handle(answer: &Answer) -> String {
    answer.outcome.handle().unwrap().expose().to_owned()
}

/// An answer as a client would see it, the handle as it is.
pub(crate) fn shown(answer: &Answer) -> Json {
    let path: Vec<_> = answer.path.iter().map(|step| &**step).collect();
    let mut shown = json!({ "outcome": answer.outcome.word(), "path": path });
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_json_masked).unwrap_or_default();
    if let Some(provided) = &answer.provided {
        shown["provided"] = provided.to_json().unwrap();
    }
    match &answer.outcome {
        Outcome::Prompt { step, prompt, .. } => {
            shown["step"] = json!(&**step);
            shown["prompt"] = prompt.data.0.to_json().unwrap();
        }
        Outcome::Waiting { .. } => {}
        Outcome::Completed { data, tokens, claims } => {
            shown["data"] = json(data);
            shown["tokens"] = json(tokens);
            shown["claims"] = json(claims);
        }
        Outcome::Rejected { data } => shown["data"] = json(data),
        Outcome::Failed { code } => shown["code"] = json!(code),
    }
    shown
}

pub(crate) fn code_of(result: Result<Answer, EngineError>) -> &'static str {
    result.map(|answer| panic!("an answer: {answer:?}")).map_err(|error| error.code()).unwrap_err()
}
