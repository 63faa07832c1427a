//! What a host asks of its Wayfarer: run journeys, and look after users and codes.

use std::sync::Arc;

use wayfarer_engine::{Answer, Engine, EngineError, Handle, Start, Submit};
use wayfarer_identity::{Identity, IdentityError, IssueCode, IssuedCode, NewUser, User};
use wayfarer_lang::Value;
use wayfarer_step::{Actor, Source};
use wayfarer_store::{TenantId, Vault};

use crate::keys::KeyPlace;

/// Journeys, users and codes of one application of one tenant. A clone is the same one.
#[derive(Clone, Debug)]
pub struct Wayfarer {
    engine: Engine,
    identity: Identity,
    vault: Vault,
    tenant: TenantId,
    application: Arc<str>,
    key_place: KeyPlace,
}

impl Wayfarer {
    pub(crate) fn new(
        engine: Engine,
        identity: Identity,
        vault: Vault,
        tenant: TenantId,
        application: Arc<str>,
        key_place: KeyPlace,
    ) -> Self {
        Self { engine, identity, vault, tenant, application, key_place }
    }

    /// Starts a journey with its start parameters and runs it until a client must answer or it ends.
    ///
    /// # Errors
    /// When there is no such journey, the parameters do not fit its declaration, or the store is away.
    pub async fn start(&self, journey: &str, params: serde_json::Value) -> Result<Answer, EngineError> {
        let start = Start {
            tenant: self.tenant.clone(),
            application: self.application.clone(),
            client: None,
            journey: journey.into(),
            params: Value::from(params),
            request_id: None,
            actor: Actor::system(),
            source: Source::default(),
        };
        self.engine.start(start).await
    }

    /// Answers a prompt: the handle that came with it, the id of the chosen option, and the data.
    ///
    /// # Errors
    /// When the handle is not valid (any more), or the answer does not fit the prompt; the handle stays good then.
    pub async fn submit(&self, handle: &Handle, option: &str, data: serde_json::Value) -> Result<Answer, EngineError> {
        let submit = Submit {
            tenant: self.tenant.clone(),
            handle: handle.expose().to_owned(),
            step: None,
            option: option.into(),
            data: Value::from(data),
            source: Source::default(),
        };
        self.engine.submit(submit).await
    }

    /// Adds a user.
    ///
    /// # Errors
    /// When an identifier is not well-formed or belongs to somebody already.
    pub async fn add_user(&self, user: NewUser) -> Result<User, IdentityError> {
        self.identity.add_user(&self.tenant, &Actor::system(), &user).await
    }

    /// Issues a temporary code for this host's application. It is shown once: the store keeps only a keyed tag of it.
    ///
    /// # Errors
    /// When there is no such user, or the lifetime is out of bounds.
    pub async fn issue_code(&self, request: IssueCode) -> Result<IssuedCode, IdentityError> {
        let request = request.application(&self.application);
        self.identity.issue_code(&self.tenant, &Actor::system(), &request).await
    }

    /// The engine, for all that it can do beyond starting and submitting.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Users, codes, tokens and the audit trail, for administration: each call names who does it.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The sealed store.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) const fn key_place(&self) -> &KeyPlace {
        &self.key_place
    }

    /// The tenant for whom this host speaks.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The application whose settings apply.
    #[must_use]
    pub const fn application(&self) -> &Arc<str> {
        &self.application
    }
}
