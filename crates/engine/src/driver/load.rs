//! Journey texts come in; checked bundles are kept, by journey for new runs and by hash for those under way.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use wayfarer_lang::program::{Kind, Program};
use wayfarer_step::{Actor, Fact};
use wayfarer_store::{Batch, CommitError, Expect, TenantId};

use super::commit::facts_of;
use super::portions::Portions;
use super::serving::{Journeys, Serving};
use super::{Engine, Inner};
use crate::bundle::{self, Bundle, BundleHash};
use crate::error::{EngineError, LoadError};
use crate::record::{AUDIT, bundle_key, encode};

/// A journey that new runs may start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The journey's id.
    pub journey: Arc<str>,
    /// The bundle that its runs will stay on.
    pub bundle: BundleHash,
}

/// Bundles by the id of the journey that is started.
pub(super) type Linked = BTreeMap<Arc<str>, Arc<Bundle>>;

impl Engine {
    /// Checks journeys, each with its name and text, and makes them the ones that new runs of the tenant start, until the
    /// engine is gone or told otherwise; runs under way stay on what they began with (law 6). Either all of them are taken
    /// or none. Sub-journeys are taken along by those that can reach them. [`deploy`](Self::deploy) remembers versions.
    ///
    /// # Errors
    /// [`LoadError::Findings`] with every mistake in every file.
    pub async fn load(
        &self,
        tenant: &TenantId,
        sources: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Vec<Loaded>, LoadError> {
        let programs = bundle::compile(sources, self.0.registry.catalog(), self.0.registry.rules())
            .map_err(|files| LoadError::Findings { files })?;
        let (linked, held) = link(programs);
        if !held.is_empty() {
            return Err(EngineError::internal("a journey of a checked bundle is missing").into());
        }
        let _changing = self.0.bundles.changing.lock().await;
        self.0.keep(tenant, &linked).await?;
        let loaded =
            |(journey, bundle): (&Arc<str>, &Arc<Bundle>)| Loaded { journey: journey.clone(), bundle: bundle.hash() };
        let loaded = linked.iter().map(loaded).collect();
        let journeys: Journeys = linked.into_iter().map(|(id, bundle)| (id, Serving::only(bundle))).collect();
        self.0.publish(tenant, journeys);
        Ok(loaded)
    }

    /// The journeys that new runs of the tenant may start, each in its live version.
    #[must_use]
    pub fn journeys(&self, tenant: &TenantId) -> Vec<Program> {
        self.0.journeys(tenant).values().filter_map(|serving| serving.live.program(0).cloned()).collect()
    }

    /// The journey of this id that new runs of the tenant may start, in its live version. One on trial takes the same start
    /// parameters.
    #[must_use]
    pub fn journey(&self, tenant: &TenantId, id: &str) -> Option<Program> {
        self.0.serving(tenant, id)?.live.program(0).cloned()
    }
}

impl Inner {
    /// Stores bundles that are not stored yet. One that is stored and not used yet does no harm, so many of them are many commits.
    async fn keep(&self, tenant: &TenantId, linked: &Linked) -> Result<(), EngineError> {
        for _ in 0..self.limits.commit_tries {
            let mut portions = Portions::new();
            for (journey, bundle) in linked {
                let batch = self.keeping(Batch::new(), tenant, bundle).await?;
                if !batch.is_empty() {
                    let fact = Fact::new("journey.deployed", Actor::system());
                    let fact = Fact { journey: Some(journey.clone()), ..fact };
                    let fact = fact.detail("bundle", bundle.hash().to_string());
                    let fact = serde_json::to_vec(&fact).map_err(EngineError::internal)?;
                    portions.add(batch.append(tenant, AUDIT, fact), None::<()>);
                }
            }
            if self.all_committed(portions, |_| {}).await? {
                return Ok(());
            }
        }
        Err(EngineError::Conflict)
    }

    /// Commits one portion after the other, and tells of each that is done. Another node may have written one of the records
    /// meanwhile: then it stops there, and what is left is to be made anew.
    pub(super) async fn all_committed<T>(
        &self,
        portions: Portions<T>,
        mut done: impl FnMut(Vec<T>) + Send,
    ) -> Result<bool, EngineError>
    where
        T: Send,
    {
        for portion in portions.into_iter() {
            let facts = facts_of(&portion.batch);
            match self.vault.commit(portion.batch).await {
                Ok(_) => self.tell(&facts),
                Err(CommitError::Conflict { .. }) => return Ok(false),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
            done(portion.told);
        }
        Ok(true)
    }

    /// The batch with a bundle, if it is not stored yet. Equal hashes, equal bytes.
    pub(super) async fn keeping(&self, batch: Batch, tenant: &TenantId, bundle: &Bundle) -> Result<Batch, EngineError> {
        let key = bundle_key(tenant, bundle.hash());
        let known = batch.operations.iter().any(|operation| *operation.key() == key);
        if known || self.vault.get(&key).await?.is_some() {
            return Ok(batch);
        }
        Ok(batch.put(key, Expect::Absent, encode(&bundle.to_stored())?, None, None))
    }
}

/// The bundles of the journeys that can be started, and the ids of those that reach one that is not there.
pub(super) fn link(programs: Vec<Program>) -> (Linked, Vec<Arc<str>>) {
    let library: HashMap<_, _> = programs.into_iter().map(|program| (program.id().clone(), program)).collect();
    let (mut linked, mut held) = (Linked::new(), Vec::new());
    for program in library.values().filter(|program| program.kind() != Kind::Sub) {
        match Bundle::link(program.clone(), &library) {
            Some(bundle) => drop(linked.insert(program.id().clone(), Arc::new(bundle))),
            None => held.push(program.id().clone()),
        }
    }
    held.sort();
    (linked, held)
}
