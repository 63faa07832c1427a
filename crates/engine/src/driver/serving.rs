//! Deployed bundles come in; the one that a start begins on goes out, without a lock and always the same for the same start.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwap;
use wayfarer_store::TenantId;

use super::Inner;
use crate::bundle::{Bundle, BundleHash, StoredBundle};
use crate::error::EngineError;
use crate::record::{BUNDLE, bundle_key, decode};

/// The bundles in memory.
#[derive(Default)]
pub(super) struct Bundles {
    /// What new runs start on. Whoever changes it puts another map in its place, in one step.
    current: ArcSwap<HashMap<TenantId, Arc<Journeys>>>,
    /// What older runs stay on, read from the store when one goes on.
    older: RwLock<HashMap<Name, Arc<Bundle>>>,
    /// Held from the reading of what is deployed until the map is changed, so that maps come in the order of commits.
    pub(super) changing: tokio::sync::Mutex<()>,
}

type Name = (TenantId, [u8; 32]);

pub(super) type Journeys = BTreeMap<Arc<str>, Serving>;

/// Older bundles kept in memory; beyond it they are read from the store again.
const MOST_OLDER: usize = 256;

/// What new runs of a journey begin on.
#[derive(Clone, Debug)]
pub(super) struct Serving {
    pub(super) live: Arc<Bundle>,
    /// The bundle on trial, and how many of a hundred starts it gets.
    pub(super) trial: Option<(Arc<Bundle>, u8)>,
}

impl Serving {
    pub(super) const fn only(live: Arc<Bundle>) -> Self {
        Self { live, trial: None }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Bundle>> {
        std::iter::once(&self.live).chain(self.trial.iter().map(|(bundle, _)| bundle))
    }

    /// The bundle of this hash, if it is one of these.
    fn find(&self, hash: [u8; 32]) -> Option<&Arc<Bundle>> {
        self.all().find(|bundle| bundle.hash().0 == hash)
    }

    /// The bundle for a start that `drawn` gave this number.
    fn pick(&self, drawn: impl FnOnce(BundleHash) -> u64) -> &Arc<Bundle> {
        match &self.trial {
            Some((bundle, percent)) if drawn(bundle.hash()) % 100 < u64::from(*percent) => bundle,
            _ => &self.live,
        }
    }
}

impl Inner {
    /// What new runs of the tenant's journeys begin on.
    pub(super) fn journeys(&self, tenant: &TenantId) -> Arc<Journeys> {
        self.bundles.current.load().get(tenant).cloned().unwrap_or_default()
    }

    /// From now on new runs of the tenant begin on these.
    pub(super) fn publish(&self, tenant: &TenantId, journeys: Journeys) {
        let journeys = Arc::new(journeys);
        self.bundles.current.rcu(|current| {
            let mut current = HashMap::clone(current);
            current.insert(tenant.clone(), journeys.clone());
            current
        });
    }

    /// What new runs of a journey begin on.
    pub(super) fn serving(&self, tenant: &TenantId, journey: &str) -> Option<Serving> {
        self.bundles.current.load().get(tenant)?.get(journey).cloned()
    }

    /// The bundle that the start named `start` begins on. The draw is keyed, so that no client can choose its version, and
    /// depends on the version on trial, so that not the same starts try every new one. With a larger share a start that had
    /// the version on trial has it still.
    pub(super) fn drawn(&self, tenant: &TenantId, journey: &str, start: &[u8]) -> Option<Arc<Bundle>> {
        let draw = |trial: BundleHash| {
            let hash = self.vault.lookup(tenant, BUNDLE, [trial.0.as_slice(), start].concat());
            hash.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
        };
        Some(self.bundles.current.load().get(tenant)?.get(journey)?.pick(draw).clone())
    }

    /// The bundle that a run is on. One that cannot be read any more makes the run fail, and nothing else.
    pub(super) async fn bundle(
        &self,
        tenant: &TenantId,
        journey: &str,
        hash: [u8; 32],
    ) -> Result<Arc<Bundle>, EngineError> {
        if let Some(bundle) = self.serving(tenant, journey).and_then(|serving| serving.find(hash).cloned()) {
            return Ok(bundle);
        }
        let name = (tenant.clone(), hash);
        let older = self.bundles.older.read().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        if let Some(bundle) = older {
            return Ok(bundle);
        }
        let stored = self.stored_bundle(tenant, hash).await?;
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

    pub(super) async fn stored_bundle(
        &self,
        tenant: &TenantId,
        hash: [u8; 32],
    ) -> Result<Option<StoredBundle>, EngineError> {
        let record = self.vault.get(&bundle_key(tenant, BundleHash(hash))).await?;
        record.as_ref().map(decode::<StoredBundle>).transpose()
    }
}
