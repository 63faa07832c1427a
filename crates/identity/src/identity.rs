//! The face: a vault, settings and random bytes come in; the ports of `wayfarer_step` and the administration go out.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use wayfarer_step::port::{Directory, Entropy, Ledger, Tokens, Verifier};
use wayfarer_step::{Fact, Scope, Write};
use wayfarer_store::{TenantId, Vault};

use crate::attempt::Attempting;
use crate::record::{self, Outcome};
use crate::token::{Signer, Signing};
use crate::user::Users;
use crate::verify::Comparing;
use crate::{Applications, IdentityError};

/// Users, codes, attempts, tokens and their audit trail, over one vault. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    parts: Arc<Parts>,
    told: Option<Told>,
}

/// What is told of a fact.
type Told = Arc<dyn Fn(&Fact) + Send + Sync>;

struct Parts {
    vault: Arc<Vault>,
    applications: Applications,
    entropy: Arc<dyn Entropy>,
    signer: ArcSwap<Signer>,
}

impl Identity {
    /// Identity over a vault.
    ///
    /// # Errors
    /// When a signing key of the vault's ring cannot be used.
    pub fn open(
        vault: Arc<Vault>,
        applications: Applications,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, IdentityError> {
        let signer = ArcSwap::from_pointee(Signer::new(vault.keys())?);
        Ok(Self { parts: Arc::new(Parts { vault, applications, entropy, signer }), told: None })
    }

    /// The same, and this is told of each fact that identity commits by itself, here and in clones and ports that are made from
    /// here on. It must not wait. What goes to others to be committed with a run is told by them.
    #[must_use]
    pub fn watched(self, told: impl Fn(&Fact) + Send + Sync + 'static) -> Self {
        Self { told: Some(Arc::new(told)), ..self }
    }

    /// Counts attempts.
    #[must_use]
    pub fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::new(Attempting(self.clone()))
    }

    /// Compares codes.
    #[must_use]
    pub fn verifier(&self) -> Arc<dyn Verifier> {
        Arc::new(Comparing(self.clone()))
    }

    /// Signs tokens.
    #[must_use]
    pub fn tokens(&self) -> Arc<dyn Tokens> {
        Arc::new(Signing(self.clone()))
    }

    /// Knows users.
    #[must_use]
    pub fn directory(&self) -> Arc<dyn Directory> {
        Arc::new(Users(self.clone()))
    }

    /// The applications that it was opened with.
    #[must_use]
    pub fn applications(&self) -> &Applications {
        &self.parts.applications
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.parts.entropy
    }

    /// The signer of the keys that are in use now.
    pub(crate) fn signer(&self) -> Arc<Signer> {
        let (known, ring) = (self.parts.signer.load_full(), self.vault().keys());
        if known.is_of(&ring) {
            return known;
        }
        // A ring whose signing keys cannot be used is refused before it is in use: see `adopt_keys`.
        let signer = Signer::new(ring).map_or(known, Arc::new);
        self.parts.signer.store(signer.clone());
        signer
    }

    pub(crate) fn tenant(&self, scope: &Scope) -> Result<TenantId, IdentityError> {
        TenantId::new(&scope.tenant).map_err(|error| IdentityError::invalid("tenant", error.to_string()))
    }

    pub(crate) async fn commit(&self, tenant: &TenantId, writes: Vec<Write>) -> Result<Outcome, IdentityError> {
        let Some(told) = &self.told else { return record::commit(self.vault(), tenant, writes).await };
        let fact = |write: &Write| if let Write::Record(fact) = write { Some(fact.clone()) } else { None };
        let facts: Vec<Fact> = writes.iter().filter_map(fact).collect();
        let outcome = record::commit(self.vault(), tenant, writes).await?;
        if let Outcome::Done = outcome {
            facts.iter().for_each(|fact| told(fact));
        }
        Ok(outcome)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("applications", &self.parts.applications).finish_non_exhaustive()
    }
}
