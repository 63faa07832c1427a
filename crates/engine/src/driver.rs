//! Requests and the time come in; the driver asks the machine, calls steps and commits; answers go out.

mod alias;
mod call;
mod commit;
mod deploy;
mod drive;
mod end;
mod load;
mod outbox;
mod overview;
mod portions;
mod records;
mod request;
mod resume;
mod returned;
mod seal;
mod serving;
mod settle;
mod signal;
mod start;
mod submit;
mod tick;
mod visit;

use std::fmt;
use std::sync::Arc;

use wayfarer_lang::expr::NamedKeys;
use wayfarer_step::Services;
use wayfarer_step::port::{Directory, Entropy, Ledger, Tokens, Verifier};
use wayfarer_store::Vault;

use crate::limit::Limits;
use crate::observe::Observer;
use crate::registry::Registry;

pub use deploy::{Deploy, Deployed, Fallen};
pub use load::Loaded;
pub use overview::{Overview, RunPage, RunQuery};
pub use start::Start;
pub use submit::Submit;
pub use tick::Ticked;

/// What an engine is put together from. Nothing is taken from elsewhere: no global state, no default port.
#[derive(Clone)]
pub struct EngineParts {
    /// Where everything is kept.
    pub vault: Vault,
    /// The step types.
    pub registry: Registry,
    /// Counts attempts.
    pub ledger: Arc<dyn Ledger>,
    /// Compares secrets.
    pub verifier: Arc<dyn Verifier>,
    /// Signs tokens.
    pub tokens: Arc<dyn Tokens>,
    /// Knows users.
    pub directory: Arc<dyn Directory>,
    /// Makes run ids and handles.
    pub entropy: Arc<dyn Entropy>,
    /// The keys that expressions may use by alias.
    pub keys: Arc<dyn NamedKeys>,
    /// The ports that steps may use.
    pub services: Services,
    /// The bounds of every run.
    pub limits: Limits,
    /// Is told what happens, for metrics.
    pub observer: Arc<dyn Observer>,
}

/// Runs journeys. A clone is the same engine.
///
/// It works inside a Tokio runtime whose timer is on (`enable_time`): a step that hangs is cut by it. Without the timer no
/// step can be called, and each run that comes to one fails closed.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

pub(crate) struct Inner {
    vault: Vault,
    registry: Registry,
    ledger: Arc<dyn Ledger>,
    verifier: Arc<dyn Verifier>,
    tokens: Arc<dyn Tokens>,
    directory: Arc<dyn Directory>,
    entropy: Arc<dyn Entropy>,
    keys: Arc<dyn NamedKeys>,
    services: Services,
    limits: Limits,
    observer: Arc<dyn Observer>,
    bundles: serving::Bundles,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("registry", &self.0.registry).finish_non_exhaustive()
    }
}

impl Engine {
    /// Puts an engine together. It knows no journeys yet.
    #[must_use]
    pub fn new(parts: EngineParts) -> Self {
        let EngineParts {
            vault,
            registry,
            ledger,
            verifier,
            tokens,
            directory,
            entropy,
            keys,
            mut services,
            limits,
            observer,
        } = parts;
        services.entropy.get_or_insert_with(|| entropy.clone());
        let bundles = serving::Bundles::default();
        let inner = Inner {
            vault,
            registry,
            ledger,
            verifier,
            tokens,
            directory,
            entropy,
            keys,
            services,
            limits,
            observer,
            bundles,
        };
        Self(Arc::new(inner))
    }

    /// The step types that journeys may use.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }
}

#[cfg(test)]
mod tests;
