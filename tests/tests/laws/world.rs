//! The real thing on a store that is watched, with time that stands still.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use wayfarer::identity::{Identity, SystemEntropy};
use wayfarer::lang::expr::NoKeys;
use wayfarer::lang::{Secret, Value};
use wayfarer::step::port::{Ticket, Verifier};
use wayfarer::step::{Actor, Fact, PortError, Services, Source, async_trait};
use wayfarer::{
    Answer, Applications, AuditQuery, Engine, EngineParts, IssueCode, KeyFile, KeyRing, Limits, ManualClock,
    MemoryStore, NewUser, Outcome, RedbStore, Registry, Start, Store, Submit, TenantId, UserRef, Vault,
};
use wayfarer_tests::log::log;

use crate::steps::Misbehaves;
use crate::store::Watched;

/// The reference journey.
pub(crate) const RECOVERY: &str = include_str!("../../../journeys/temp_code_auth_journey.yaml");

pub(crate) struct World {
    pub(crate) store: Watched,
    clock: ManualClock,
    vault: Arc<Vault>,
    compared: Arc<AtomicUsize>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = ManualClock::default();
        let store = Arc::new(MemoryStore::new(clock.clone()).unwrap());
        Self::on(store, clock, KeyRing::ephemeral().unwrap()).await
    }

    pub(crate) async fn on_file(folder: &Path) -> Self {
        let clock = ManualClock::default();
        let store = Arc::new(RedbStore::open(folder.join("store.redb"), clock.clone()).unwrap());
        Self::on(store, clock, KeyFile::load_or_create(folder.join("keys")).unwrap()).await
    }

    async fn on(store: Arc<dyn Store>, clock: ManualClock, keys: KeyRing) -> Self {
        log();
        let store = Watched::new(store);
        let vault = Arc::new(Vault::open(Arc::new(store.clone()), Arc::new(keys)).await.unwrap());
        Self { store, clock, vault, compared: Arc::default() }
    }

    pub(crate) async fn identity(&self) -> Identity {
        Identity::open(self.vault.clone(), Applications::default(), Arc::new(SystemEntropy)).unwrap()
    }

    /// A node of its own on the same store.
    pub(crate) async fn engine(&self, journeys: &[&str]) -> Engine {
        let identity = self.identity().await;
        let mut registry = Registry::new();
        for step in wayfarer::steps::all() {
            registry.insert(step).unwrap();
        }
        let engine = Engine::new(EngineParts {
            vault: (*self.vault).clone(),
            registry: registry.with(Misbehaves).unwrap(),
            ledger: identity.ledger(),
            verifier: Arc::new(Counting { verifier: identity.verifier(), compared: self.compared.clone() }),
            tokens: identity.tokens(),
            directory: identity.directory(),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(NoKeys),
            services: Services::default(),
            limits: Limits::default(),
            observer: Arc::new(()),
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

    /// How many secrets were compared.
    pub(crate) fn compared(&self) -> usize {
        self.compared.load(Ordering::SeqCst)
    }

    pub(crate) async fn user(&self, id: &str) -> String {
        let user = self.identity().await.add_user(&tenant(), &support(), &NewUser::external(id)).await.unwrap();
        user.user_id.to_string()
    }

    pub(crate) async fn issue(&self, id: &str) -> String {
        let request = IssueCode::new(UserRef::id(id).unwrap());
        let issued = self.identity().await.issue_code(&tenant(), &support(), &request).await.unwrap();
        issued.code.expose().clone()
    }

    pub(crate) async fn attempts(&self, id: &str) -> u32 {
        let user = UserRef::id(id).unwrap();
        self.identity().await.code_status(&tenant(), &user).await.unwrap().attempts
    }

    /// The facts of this name, oldest first; all of them for the empty name.
    pub(crate) async fn facts(&self, name: &str) -> Vec<Fact> {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        let query = AuditQuery { name, limit: 10_000, ..AuditQuery::default() };
        let page = self.identity().await.audit(&tenant(), &query).await.unwrap();
        page.entries.into_iter().map(|entry| entry.fact).collect()
    }

    pub(crate) fn start(&self, journey: &str, params: Json) -> Start {
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

    pub(crate) fn recover(&self, user: &str, code: &str) -> Start {
        self.start("temp_code_auth_journey", json!({ "external_user_id": user, "temp_code": code }))
    }

    pub(crate) fn submit(&self, handle: &str, option: &str, data: Json) -> Submit {
        Submit {
            tenant: tenant(),
            handle: handle.to_owned(),
            step: None,
            option: option.into(),
            data: Value::from(data),
            source: Source::default(),
        }
    }
}

/// The identity's verifier, and how often it compared.
struct Counting {
    verifier: Arc<dyn Verifier>,
    compared: Arc<AtomicUsize>,
}

#[async_trait]
impl Verifier for Counting {
    async fn compare(&self, ticket: &Ticket, secret: &Secret<String>) -> Result<bool, PortError> {
        self.compared.fetch_add(1, Ordering::SeqCst);
        self.verifier.compare(ticket, secret).await
    }

    async fn pretend(&self, secret: &Secret<String>) -> Result<(), PortError> {
        self.verifier.pretend(secret).await
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::default()
}

pub(crate) fn support() -> Actor {
    Actor::operator("support")
}

pub(crate) fn handle(answer: &Answer) -> String {
    answer.outcome.handle().unwrap().expose().to_owned()
}

/// What a client could see of an answer.
pub(crate) fn shown(answer: &Answer) -> Json {
    let path: Vec<_> = answer.path.iter().map(|step| &**step).collect();
    let mut shown = json!({ "outcome": answer.outcome.word(), "path": path });
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_json_masked).unwrap_or_default();
    match &answer.outcome {
        Outcome::Prompt { step, prompt, .. } => {
            shown["step"] = json!(&**step);
            shown["prompt"] = prompt.data.0.to_json().unwrap();
        }
        Outcome::Completed { data, tokens, claims } => {
            shown["data"] = json(data);
            shown["tokens"] = json(tokens);
            shown["claims"] = json(claims);
        }
        Outcome::Rejected { data } => shown["data"] = json(data),
        Outcome::Failed { code } => shown["code"] = json!(code),
        Outcome::Waiting { .. } => {}
    }
    shown
}
