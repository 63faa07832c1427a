//! Nodes on one store, which may be a file and may die; a user with a code; and what a client would see.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use wayfarer::identity::{Identity, SystemEntropy};
use wayfarer::lang::Value;
use wayfarer::lang::expr::NoKeys;
use wayfarer::step::{Actor, Fact, Services, Source};
use wayfarer::{
    Answer, Applications, AuditQuery, Engine, EngineParts, IssueCode, KeyFile, KeyRing, Limits, ManualClock,
    MemoryStore, NewUser, Outcome, RedbStore, Registry, Start, Store, Submit, TenantId, UserRef, Vault,
};
use wayfarer_tests::log::log;

use crate::store::Watched;

/// The two halves that are handed out.
pub(crate) const START: &str = include_str!("../../../journeys/hand_over_start.yaml");
pub(crate) const FINISH: &str = include_str!("../../../journeys/hand_over_finish.yaml");

/// Each step alone, with the reason of a failure.
const ALONE: [&str; 3] = [
    r#"
journey: create
params: { expires_in: { type: integer, default: 300 } }
steps:
  create:
    type: create_cross_session_message
    with: { data: { n: 1 }, expires_in: "@policy.request().params.expires_in" }
    output: message
    next: done
  done: { type: complete_journey, with: { data: "@message.id" } }
"#,
    r#"
journey: wait
params: { id: string }
steps:
  wait:
    type: wait_for_cross_session_message
    with: { id: "@policy.request().params.id" }
    output: answered
    error_output: why
    branches: { next: done, failure: no }
  done: { type: complete_journey, with: { data: "@answered.reply" } }
  no: { type: reject_access, with: { data: "@why.code" } }
"#,
    r#"
journey: process
params: { id: string, name: { type: string, default: phone } }
steps:
  process:
    type: process_cross_session_message
    with: { id: "@policy.request().params.id", reply: { name: "@policy.request().params.name" } }
    output: held
    error_output: why
    branches: { next: done, failure: no }
  done: { type: complete_journey, with: { data: "@held.data" } }
  no: { type: reject_access, with: { data: "@why.code" } }
"#,
];

pub(crate) struct World {
    pub(crate) store: Watched,
    clock: ManualClock,
    vault: Arc<Vault>,
    keys: Arc<KeyRing>,
    file: Option<(TempDir, PathBuf)>,
}

impl World {
    pub(crate) async fn in_memory() -> Self {
        let clock = ManualClock::default();
        let store = Arc::new(MemoryStore::new(clock.clone()).unwrap());
        Self::on(store, clock, Arc::new(KeyRing::ephemeral().unwrap()), None).await
    }

    pub(crate) async fn in_file() -> Self {
        let clock = ManualClock::default();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.redb");
        let store = Arc::new(RedbStore::open(&path, clock.clone()).unwrap());
        let keys = Arc::new(KeyFile::load_or_create(folder.path().join("keys")).unwrap());
        Self::on(store, clock, keys, Some((folder, path))).await
    }

    async fn on(
        store: Arc<dyn Store>,
        clock: ManualClock,
        keys: Arc<KeyRing>,
        file: Option<(TempDir, PathBuf)>,
    ) -> Self {
        log();
        let store = Watched::new(store);
        let vault = Arc::new(Vault::open(Arc::new(store.clone()), keys.clone()).await.unwrap());
        Self { store, clock, vault, keys, file }
    }

    /// The program is ended and started again; a store in memory outlives it here.
    pub(crate) async fn restart(self) -> Self {
        let Self { store, clock, vault, keys, file } = self;
        let Some((folder, path)) = file else { return Self { store, clock, vault, keys, file: None } };
        drop((store, vault));
        let store = Arc::new(RedbStore::open(&path, clock.clone()).unwrap());
        Self::on(store, clock, keys, Some((folder, path))).await
    }

    /// Every byte of the store, if it is a file.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        self.file.as_ref().map(|(_, path)| std::fs::read(path).unwrap())
    }

    fn identity(&self) -> Identity {
        Identity::open(self.vault.clone(), Applications::default(), Arc::new(SystemEntropy)).unwrap()
    }

    /// A node of its own on the same store.
    pub(crate) async fn engine(&self) -> Engine {
        let identity = self.identity();
        let mut registry = Registry::new();
        for step in wayfarer::steps::all() {
            registry.insert(step).unwrap();
        }
        let engine = Engine::new(EngineParts {
            vault: (*self.vault).clone(),
            registry,
            ledger: identity.ledger(),
            verifier: identity.verifier(),
            tokens: identity.tokens(),
            directory: identity.directory(),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(NoKeys),
            services: Services::default(),
            limits: Limits::default(),
            observer: Arc::new(()),
        });
        for tenant in [tenant(), TenantId::new("other").unwrap()] {
            let texts = [START, FINISH].into_iter().chain(ALONE).enumerate();
            let sources = texts.map(|(index, text)| (format!("{index}.yaml"), text.to_owned()));
            if let Err(error) = engine.load(&tenant, sources).await {
                panic!("{error}: {error:#?}");
            }
        }
        engine
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// A user, and the code that support has given.
    pub(crate) async fn user(&self, id: &str) -> String {
        let support = Actor::operator("support");
        self.identity().add_user(&tenant(), &support, &NewUser::external(id)).await.unwrap();
        let request = IssueCode::new(UserRef::id(id).unwrap());
        let issued = self.identity().issue_code(&tenant(), &support, &request).await.unwrap();
        issued.code.expose().clone()
    }

    /// The facts of this name, oldest first; all of them for the empty name.
    pub(crate) async fn facts(&self, name: &str) -> Vec<Fact> {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        let query = AuditQuery { name, limit: 10_000, ..AuditQuery::default() };
        let page = self.identity().audit(&tenant(), &query).await.unwrap();
        page.entries.into_iter().map(|entry| entry.fact).collect()
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

/// What a client could see of an answer, without the path.
pub(crate) fn shown(answer: &Answer) -> Json {
    let mut shown = json!({ "outcome": answer.outcome.word() });
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_json_masked).unwrap_or_default();
    match &answer.outcome {
        Outcome::Prompt { step, prompt, .. } => {
            shown["step"] = json!(&**step);
            shown["kind"] = json!(prompt.kind);
            shown["prompt"] = prompt.data.0.to_json().unwrap();
            shown["choices"] = prompt.choices.iter().map(|choice| json!(choice.id)).collect();
        }
        Outcome::Completed { data, tokens, claims } => {
            shown["data"] = json(data);
            shown["tokens"] = json(tokens);
            shown["claims"] = json(claims);
        }
        Outcome::Rejected { data } => shown["data"] = json(data),
        // To a client every failure is the same.
        Outcome::Failed { .. } | Outcome::Waiting { .. } => {}
    }
    shown
}
