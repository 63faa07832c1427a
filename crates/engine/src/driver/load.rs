//! Journey texts come in; checked bundles are kept, by journey for new runs and by hash for those under way.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use wayfarer_lang::program::{Kind, Program};
use wayfarer_step::{Actor, Fact};
use wayfarer_store::{Batch, CommitError, Expect, Key, TenantId};

use super::{Engine, Inner};
use crate::bundle::{self, Bundle, BundleHash, StoredBundle};
use crate::error::{EngineError, LoadError};
use crate::record::{AUDIT, BUNDLE, decode, encode};

/// A journey that new runs may start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The journey's id.
    pub journey: Arc<str>,
    /// The bundle that its runs will stay on.
    pub bundle: BundleHash,
}

/// The bundles in memory.
#[derive(Default)]
pub(super) struct Bundles {
    /// What new runs start on.
    current: RwLock<HashMap<TenantId, Arc<Journeys>>>,
    /// What older runs stay on, read from the store when one goes on.
    older: RwLock<HashMap<Name, Arc<Bundle>>>,
}

type Name = (TenantId, [u8; 32]);

type Journeys = BTreeMap<Arc<str>, Arc<Bundle>>;

/// Older bundles kept in memory; beyond it they are read from the store again.
const MOST_OLDER: usize = 256;

impl Engine {
    /// Checks journeys, each with its name and text, and makes them the ones that new runs of the tenant start; runs
    /// under way stay on what they began with (law 6). Either all of them are taken or none. Sub-journeys are taken along
    /// by those that can reach them.
    ///
    /// # Errors
    /// [`LoadError::Findings`] with every mistake in every file.
    pub async fn load(
        &self,
        tenant: &TenantId,
        sources: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Vec<Loaded>, LoadError> {
        let programs =
            bundle::compile(sources, self.0.registry.catalog()).map_err(|files| LoadError::Findings { files })?;
        let library: HashMap<_, _> = programs.into_iter().map(|program| (program.id().clone(), program)).collect();
        let startable = library.values().filter(|program| program.kind() != Kind::Sub);
        let bundle =
            |program: &Program| Some((program.id().clone(), Arc::new(Bundle::link(program.clone(), &library)?)));
        let journeys: Option<Journeys> = startable.map(bundle).collect();
        let journeys = journeys.ok_or_else(|| EngineError::internal("a journey of a checked bundle is missing"))?;
        self.0.keep(tenant, journeys).await.map_err(LoadError::from)
    }

    /// The journeys that new runs of the tenant may start.
    #[must_use]
    pub fn journeys(&self, tenant: &TenantId) -> Vec<Program> {
        let current = self.0.bundles.current.read().unwrap_or_else(PoisonError::into_inner);
        let journeys = current.get(tenant).into_iter().flat_map(|journeys| journeys.values());
        journeys.filter_map(|bundle| bundle.program(0).cloned()).collect()
    }

    /// The journey of this id that new runs of the tenant may start.
    #[must_use]
    pub fn journey(&self, tenant: &TenantId, id: &str) -> Option<Program> {
        self.0.current(tenant, id)?.program(0).cloned()
    }
}

impl Inner {
    async fn keep(&self, tenant: &TenantId, journeys: Journeys) -> Result<Vec<Loaded>, EngineError> {
        for (journey, bundle) in &journeys {
            let hash = bundle.hash();
            let fact = Fact::new("journey.deployed", Actor::system());
            let fact = Fact { journey: Some(journey.clone()), ..fact }.detail("bundle", hash.to_string());
            let batch = Batch::new()
                .put(Key::new(tenant, BUNDLE, hash.0), Expect::Absent, encode(&bundle.to_stored())?, None, None)
                .append(tenant, AUDIT, serde_json::to_vec(&fact).map_err(EngineError::internal)?);
            match self.vault.commit(batch).await {
                // The same bundle was stored before: equal hashes, equal bytes.
                Ok(_) | Err(CommitError::Conflict { .. }) => {}
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        let loaded =
            |(journey, bundle): (&Arc<str>, &Arc<Bundle>)| Loaded { journey: journey.clone(), bundle: bundle.hash() };
        let result = journeys.iter().map(loaded).collect();
        let mut current = self.bundles.current.write().unwrap_or_else(PoisonError::into_inner);
        current.insert(tenant.clone(), Arc::new(journeys));
        Ok(result)
    }

    /// The bundle that new runs of a journey begin on.
    pub(super) fn current(&self, tenant: &TenantId, journey: &str) -> Option<Arc<Bundle>> {
        let current = self.bundles.current.read().unwrap_or_else(PoisonError::into_inner);
        current.get(tenant)?.get(journey).cloned()
    }

    /// The bundle that a run is on. One that cannot be read any more makes the run fail, and nothing else.
    pub(super) async fn bundle(
        &self,
        tenant: &TenantId,
        journey: &str,
        hash: [u8; 32],
    ) -> Result<Arc<Bundle>, EngineError> {
        if let Some(bundle) = self.current(tenant, journey).filter(|bundle| bundle.hash().0 == hash) {
            return Ok(bundle);
        }
        let name = (tenant.clone(), hash);
        let older = self.bundles.older.read().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        if let Some(bundle) = older {
            return Ok(bundle);
        }
        let record = self.vault.get(&Key::new(tenant, BUNDLE, hash)).await?;
        let stored = record.as_ref().map(decode::<StoredBundle>).transpose()?;
        let Some(bundle) = stored.and_then(|stored| stored.restore(hash, self.registry.catalog())) else {
            return Ok(Arc::new(Bundle::unreadable(hash)));
        };
        let bundle = Arc::new(bundle);
        let mut older = self.bundles.older.write().unwrap_or_else(PoisonError::into_inner);
        if older.len() >= MOST_OLDER {
            older.clear();
        }
        older.insert(name, bundle.clone());
        Ok(bundle)
    }
}
