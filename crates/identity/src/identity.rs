//! The face: a vault, settings and random bytes come in; the ports of `wayfarer_step` and the administration go out.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use wayfarer_step::port::{Directory, Entropy, Ledger, Tokens, Verifier};
use wayfarer_step::{Scope, Write};
use wayfarer_store::{TenantId, Vault};

use crate::attempt::Attempting;
use crate::record::{self, Outcome};
use crate::token::{Signer, Signing};
use crate::user::Users;
use crate::verify::Comparing;
use crate::{Applications, IdentityError};

/// Users, codes, attempts, tokens and their audit trail, over one vault. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Parts>);

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
        Ok(Self(Arc::new(Parts { vault, applications, entropy, signer })))
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
        &self.0.applications
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// The signer of the keys that are in use now.
    pub(crate) fn signer(&self) -> Arc<Signer> {
        let (known, ring) = (self.0.signer.load_full(), self.vault().keys());
        if known.is_of(&ring) {
            return known;
        }
        // A ring whose signing keys cannot be used is refused before it is in use: see `adopt_keys`.
        let signer = Signer::new(ring).map_or(known, Arc::new);
        self.0.signer.store(signer.clone());
        signer
    }

    pub(crate) fn tenant(&self, scope: &Scope) -> Result<TenantId, IdentityError> {
        TenantId::new(&scope.tenant).map_err(|error| IdentityError::invalid("tenant", error.to_string()))
    }

    pub(crate) async fn commit(&self, tenant: &TenantId, writes: Vec<Write>) -> Result<Outcome, IdentityError> {
        record::commit(self.vault(), tenant, writes).await
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("applications", &self.0.applications).finish_non_exhaustive()
    }
}
