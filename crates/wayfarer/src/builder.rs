//! Choices come in, each with a default; a [`Wayfarer`] that is ready to run goes out. Implementations are picked here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wayfarer_engine::{Engine, EngineParts, Limits, Observer, Registry};
use wayfarer_identity::{Applications, Identity, SystemEntropy};
use wayfarer_lang::Rules;
use wayfarer_lang::expr::{NamedKeys, NoKeys};
use wayfarer_step::port::{Http, Mail, Sms};
use wayfarer_step::{AnyStep, Services};
use wayfarer_store::{KeyFile, KeyRing, MemoryStore, RedbStore, Store, SystemClock, TenantId, Vault, WallClock};

use crate::keys::KeyPlace;
use crate::{OpenError, Wayfarer};

/// The file of the store within its folder.
const STORE_FILE: &str = "wayfarer.redb";

enum Storage {
    Memory(Arc<dyn WallClock>),
    Folder { data: PathBuf, keys: PathBuf, clock: Arc<dyn WallClock> },
    Own(Arc<dyn Store>, Arc<KeyRing>),
}

/// Collects what a host chooses. Start with [`Wayfarer::in_memory`], [`Wayfarer::in_folder`] or [`Wayfarer::on_store`].
#[must_use = "nothing happens before `open`"]
pub struct Builder {
    storage: Storage,
    tenant: String,
    application: String,
    applications: Applications,
    steps: Vec<Arc<dyn AnyStep>>,
    journeys: Vec<(String, String)>,
    keys: Arc<dyn NamedKeys>,
    services: Services,
    limits: Limits,
    rules: Arc<Rules>,
    observer: Arc<dyn Observer>,
}

impl Builder {
    fn new(storage: Storage) -> Self {
        Self {
            storage,
            tenant: "default".to_owned(),
            application: "default".to_owned(),
            applications: Applications::default(),
            steps: wayfarer_steps::all(),
            journeys: Vec::new(),
            keys: Arc::new(NoKeys),
            services: Services::default(),
            limits: Limits::default(),
            rules: Arc::default(),
            observer: Arc::new(()),
        }
    }

    /// Adds a journey: the file's name, for findings, and its text.
    pub fn journey(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.journeys.push((name.into(), text.into()));
        self
    }

    /// Adds a step type beside the built-in ones.
    pub fn step(self, step: impl AnyStep) -> Self {
        self.shared_step(Arc::new(step))
    }

    /// Adds a step type that the host holds too.
    pub fn shared_step(mut self, step: Arc<dyn AnyStep>) -> Self {
        self.steps.push(step);
        self
    }

    /// The tenant for whom this host speaks. `default` if not said.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = tenant.into();
        self
    }

    /// The application whose settings apply and whose codes are good. `default` if not said.
    pub fn application(mut self, application: impl Into<String>) -> Self {
        self.application = application.into();
        self
    }

    /// The applications and their settings. One with the defaults if not said.
    pub fn applications(mut self, applications: Applications) -> Self {
        self.applications = applications;
        self
    }

    /// The bounds of every run.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What journeys must keep, beside what the language asks of them, when they are loaded or deployed.
    pub fn rules(mut self, rules: Arc<Rules>) -> Self {
        self.rules = rules;
        self
    }

    /// What is told of all that happens in runs and around them, for metrics.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The keys that expressions may use by alias, as in `@crypto.hmac(text, "alias")`. None if not said.
    pub fn named_keys(mut self, keys: impl NamedKeys + 'static) -> Self {
        self.keys = Arc::new(keys);
        self
    }

    /// What sends mail.
    pub fn mail(mut self, mail: Arc<dyn Mail>) -> Self {
        self.services.mail = Some(mail);
        self
    }

    /// What sends text messages.
    pub fn sms(mut self, sms: Arc<dyn Sms>) -> Self {
        self.services.sms = Some(sms);
        self
    }

    /// What calls other servers.
    pub fn http(mut self, http: Arc<dyn Http>) -> Self {
        self.services.http = Some(http);
        self
    }

    /// Another clock than the system's, for tests. It has no effect on a store of the host's own, which has its own time.
    pub fn clock(mut self, clock: impl WallClock) -> Self {
        match &mut self.storage {
            Storage::Memory(current) | Storage::Folder { clock: current, .. } => *current = Arc::new(clock),
            Storage::Own(..) => {}
        }
        self
    }

    /// Opens the store and checks the journeys.
    ///
    /// # Errors
    /// See [`OpenError`]; mistakes in journeys come all at once.
    pub async fn open(self) -> Result<Wayfarer, OpenError> {
        let tenant = TenantId::new(&self.tenant)?;
        self.applications.get(&self.application)?;
        let mut registry = Registry::new().under(self.rules);
        for step in self.steps {
            registry.insert(step)?;
        }
        let key_place = match &self.storage {
            Storage::Memory(_) => KeyPlace::Memory,
            Storage::Folder { keys, .. } => KeyPlace::File(keys.clone()),
            Storage::Own(..) => KeyPlace::Host,
        };
        let (stored, happened) = (self.observer.clone(), self.observer.clone());
        let vault = open_vault(self.storage).await?.watched(move |end| stored.stored(end));
        let entropy = Arc::new(SystemEntropy);
        let identity = Identity::open(Arc::new(vault.clone()), self.applications, entropy.clone())?;
        let identity = identity.watched(move |fact| happened.happened(fact));
        let engine = Engine::new(EngineParts {
            vault: vault.clone(),
            registry,
            ledger: identity.ledger(),
            verifier: identity.verifier(),
            tokens: identity.tokens(),
            directory: identity.directory(),
            entropy,
            keys: self.keys,
            services: self.services,
            limits: self.limits,
            observer: self.observer,
        });
        engine.load(&tenant, self.journeys).await?;
        Ok(Wayfarer::new(engine, identity, vault, tenant, self.application.into(), key_place))
    }
}

async fn open_vault(storage: Storage) -> Result<Vault, OpenError> {
    let (store, keys): (Arc<dyn Store>, Arc<KeyRing>) = match storage {
        Storage::Memory(clock) => (Arc::new(MemoryStore::new(clock)?), Arc::new(KeyRing::ephemeral()?)),
        Storage::Folder { data, keys, clock } => {
            make_folder(&data)?;
            let ring = Arc::new(KeyFile::load_or_create(&keys)?);
            (Arc::new(RedbStore::open(data.join(STORE_FILE), clock)?), ring)
        }
        Storage::Own(store, keys) => (store, keys),
    };
    Ok(Vault::open(store, keys).await?)
}

#[expect(clippy::disallowed_methods, reason = "the host asked for a store in this folder: this is the rim")]
fn make_folder(data: &Path) -> Result<(), OpenError> {
    std::fs::create_dir_all(data).map_err(|source| OpenError::Folder { path: data.display().to_string(), source })
}

impl Wayfarer {
    /// A host whose store and keys are gone when it is dropped.
    pub fn in_memory() -> Builder {
        Builder::new(Storage::Memory(Arc::new(SystemClock)))
    }

    /// A host whose store is one file in the folder `data`, and whose keys are in the file `keys`. Both are made if they
    /// are not there, readable by their owner alone. Keep the key file somewhere else than the folder's backups.
    pub fn in_folder(data: impl Into<PathBuf>, keys: impl Into<PathBuf>) -> Builder {
        let clock = Arc::new(SystemClock);
        Builder::new(Storage::Folder { data: data.into(), keys: keys.into(), clock })
    }

    /// A host on a store of its own, which must pass [`conformance`](wayfarer_store::conformance).
    pub fn on_store(store: Arc<dyn Store>, keys: KeyRing) -> Builder {
        Builder::new(Storage::Own(store, Arc::new(keys)))
    }
}
