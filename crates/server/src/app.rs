//! What every call works with: the engine, the identity, for whom, and within which bounds.

use std::sync::Arc;

use wayfarer_engine::{Engine, TenantId};
use wayfarer_identity::Identity;
use wayfarer_step::port::Entropy;

use crate::Limits;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::rate::Throttle;
use crate::refused::Refusals;

/// A clone is the same.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

struct Inner {
    engine: Engine,
    identity: Identity,
    tenant: TenantId,
    limits: Limits,
    entropy: Arc<dyn Entropy>,
    throttle: Throttle,
    refusals: Refusals,
    keys: Keys,
}

impl App {
    pub(crate) fn new(
        engine: Engine,
        identity: Identity,
        tenant: TenantId,
        limits: Limits,
        entropy: Arc<dyn Entropy>,
        keys: Keys,
        metrics: Metrics,
    ) -> Self {
        let (throttle, refusals) = (Throttle::new(&limits.rates), Refusals::new(metrics));
        Self(Arc::new(Inner { engine, identity, tenant, limits, entropy, throttle, refusals, keys }))
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Whose listener it is: no request can say otherwise.
    pub(crate) fn tenant(&self) -> &TenantId {
        &self.0.tenant
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Makes what nobody can guess.
    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// How often callers may come.
    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// What opens and signs, for those who change it.
    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Takes what was refused, for the audit trail.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }
}
