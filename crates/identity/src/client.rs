//! Programs that call: added, given secrets, changed, disabled, and recognised.

mod access;
mod declare;
mod origin;
mod record;
pub mod scope;

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wayfarer_step::{Actor, Expected, Fact, Secret, Write};
use wayfarer_store::TenantId;
use zeroize::Zeroizing;

pub(crate) use access::TOKEN_TYPE;
pub use access::{Access, ClientClaims, GrantError};
pub use declare::Declared;
pub use origin::Origin;
pub use record::{Client, Completion, SecretInfo};
pub use scope::ClientScope;

use crate::record::{Loaded, Outcome, Stored, TRIES, decode, id_of, kind, put};
use crate::{Identity, IdentityError};

/// A client to be added.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its public name; made up if not given.
    pub client_id: Option<String>,
    /// What people call it: 1 to 64 characters.
    pub name: Option<String>,
    /// The application that it belongs to.
    pub application: String,
    /// Whether it can keep a secret.
    pub confidential: bool,
    /// What it may do.
    pub scopes: BTreeSet<ClientScope>,
    /// The pages that may call on its behalf.
    pub origins: Vec<Origin>,
    /// The journeys that it may start; none: all.
    pub journeys: Option<BTreeSet<String>>,
    /// What it gets when a journey of a proven user completes.
    pub completion: Completion,
}

impl NewClient {
    /// A client of an application that keeps a secret and may do nothing yet.
    #[must_use]
    pub fn confidential(application: &str) -> Self {
        Self {
            client_id: None,
            name: None,
            application: application.to_owned(),
            confidential: true,
            scopes: BTreeSet::new(),
            origins: Vec::new(),
            journeys: None,
            completion: Completion::Token,
        }
    }

    /// The same with these scopes.
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = ClientScope>) -> Self {
        self.scopes = scopes.into_iter().collect();
        self
    }

    /// Whether there may be such a client. That its application is there is not looked at.
    ///
    /// # Errors
    /// When a name is malformed, or it could keep no secret and would need one.
    pub fn check(&self) -> Result<(), IdentityError> {
        if !self.confidential && self.scopes.iter().any(|scope| *scope != ClientScope::JourneysRun) {
            return Err(IdentityError::invalid("scopes", "of a client without a secret may only be `journeys:run`"));
        }
        if self.name.as_deref().is_some_and(|name| !is_title(name)) {
            return Err(IdentityError::invalid("name", "must be 1 to 64 characters without control characters"));
        }
        if self.client_id.as_deref().is_some_and(|id| !is_name(id)) {
            return Err(IdentityError::invalid("client_id", "must be 1 to 64 of `A-Z a-z 0-9 _ . -`"));
        }
        Ok(())
    }
}

/// A client, and its newest secret at the only moment at which it can be read.
#[derive(Debug)]
pub struct IssuedSecret {
    /// The client.
    pub client: Client,
    /// The secret; none for a client that cannot keep one.
    pub secret: Option<Secret<String>>,
}

/// Bytes of a secret: 256 bits (R62).
const SECRET: usize = 32;

/// By this a secret is known in a file that should not hold one.
const PREFIX: &str = "wfs_";

/// Secrets that are live at once.
const LIVE: usize = 2;

/// The longest name.
const LONGEST: usize = 64;

impl Identity {
    /// Adds a client. The secret is generated and shown once.
    ///
    /// # Errors
    /// When its name is taken or malformed, its application is unknown, it could keep no secret and would need one, and
    /// when the store fails.
    pub async fn add_client(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        new: &NewClient,
    ) -> Result<IssuedSecret, IdentityError> {
        self.applications().get(&new.application)?;
        new.check()?;
        let client_id = match &new.client_id {
            Some(given) => Arc::from(given.as_str()),
            None => self.random_id()?.to_string().into(),
        };
        let mut client = new.to_client(client_id, self.vault().now().await?);
        let secret = if client.confidential { Some(self.make_secret(tenant, &mut client).await?) } else { None };
        let id = id_of::<Client>(self.vault(), tenant, &[&client.client_id])?;
        let added = fact("client.added", actor, &client).detail("scopes", scope::written(&client.scopes));
        let writes = vec![put(id, Expected::Absent, &client, None)?, Write::Record(added)];
        match self.commit(tenant, writes).await? {
            Outcome::Done => Ok(IssuedSecret { client, secret }),
            Outcome::Conflict(_) => Err(IdentityError::Taken { field: "client_id" }),
        }
    }

    /// Gives a client a further secret. The one before stays good; of three the oldest ends at once.
    ///
    /// # Errors
    /// For an unknown client or one that keeps no secret, and when the store fails.
    pub async fn rotate_client_secret(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        client_id: &str,
    ) -> Result<IssuedSecret, IdentityError> {
        for _ in 0..TRIES {
            let loaded = Client::load(self.vault(), tenant, client_id).await?;
            let mut client = loaded.value.clone().ok_or(IdentityError::UnknownClient)?;
            if !client.confidential {
                return Err(IdentityError::invalid("client_id", "names a client that keeps no secret"));
            }
            let secret = self.make_secret(tenant, &mut client).await?;
            let rotated = fact("client.secret_rotated", actor, &client);
            let writes = vec![loaded.put(&client, None)?, Write::Record(rotated)];
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(IssuedSecret { client, secret: Some(secret) });
            }
        }
        Err(IdentityError::Busy)
    }

    /// Lets a client call, or not. Tokens of one that may not are void at once (R75).
    ///
    /// # Errors
    /// For an unknown client, and when the store fails.
    pub async fn set_client_active(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        client_id: &str,
        active: bool,
    ) -> Result<Client, IdentityError> {
        for _ in 0..TRIES {
            let loaded = Client::load(self.vault(), tenant, client_id).await?;
            let before = loaded.value.as_ref().ok_or(IdentityError::UnknownClient)?;
            if before.active == active {
                return Ok(before.clone());
            }
            let client = Client { active, ..before.clone() };
            let name = if active { "client.enabled" } else { "client.disabled" };
            let writes = vec![loaded.put(&client, None)?, Write::Record(fact(name, actor, &client))];
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(client);
            }
        }
        Err(IdentityError::Busy)
    }

    /// One client.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn client(&self, tenant: &TenantId, client_id: &str) -> Result<Option<Client>, IdentityError> {
        Ok(Client::load(self.vault(), tenant, client_id).await?.value)
    }

    /// Some clients of a tenant, at most `limit`, in no order that means anything.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn clients(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Client>, IdentityError> {
        let rows = self.vault().scan(tenant, kind(Client::KIND)?, None, limit).await?;
        rows.iter().map(|(_, record)| decode(&record.value)).collect()
    }

    /// Some clients of a tenant, at most `limit`, those beyond `after`, in no order that means anything; and what the next
    /// call takes as `after`, none at the end.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn client_page(
        &self,
        tenant: &TenantId,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<(Vec<Client>, Option<Vec<u8>>), IdentityError> {
        let rows = self.vault().scan(tenant, kind(Client::KIND)?, after, limit).await?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|(id, _)| id.clone());
        let clients = rows.iter().map(|(_, record)| decode(&record.value)).collect::<Result<_, _>>()?;
        Ok((clients, next))
    }

    /// The client that shows its secret; none if there is none, it may not call, or the secret is wrong. All of that
    /// takes the same work (R65).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn authenticate_client(
        &self,
        tenant: &TenantId,
        client_id: &str,
        secret: &Secret<String>,
    ) -> Result<Option<(Client, SecretInfo)>, IdentityError> {
        let loaded = Client::load(self.vault(), tenant, client_id).await?;
        let nothing = [[0; 32]; LIVE];
        let tags: Vec<[u8; 32]> =
            loaded.value.iter().flat_map(|client| &client.secrets).map(|known| known.tag).collect();
        let mut found = None;
        // As many comparisons in every case.
        for (place, tag) in tags.iter().chain(&nothing).take(LIVE).enumerate() {
            if record::matches(self.vault(), tenant, client_id, secret.expose(), tag) {
                found = Some(place);
            }
        }
        let client = loaded.value.clone().filter(|client| client.active && client.confidential);
        let shown = client.and_then(|client| {
            let secret = client.secrets.get(found?)?.clone();
            Some((client, secret))
        });
        if let Some((client, info)) = &shown {
            self.tag_anew(tenant, &loaded, client, info, secret).await?;
        }
        Ok(shown)
    }

    /// A tag can be made under the newest key only while the secret is there: now (R108).
    async fn tag_anew(
        &self,
        tenant: &TenantId,
        loaded: &Loaded<Client>,
        client: &Client,
        shown: &SecretInfo,
        secret: &Secret<String>,
    ) -> Result<(), IdentityError> {
        let key = record::newest_key(self.vault());
        if shown.key == key {
            return Ok(());
        }
        let tag = record::tag(self.vault(), tenant, &client.client_id, secret.expose());
        let mut client = client.clone();
        for known in client.secrets.iter_mut().filter(|known| known.id == shown.id) {
            known.tag = tag;
            known.key.clone_from(&key);
        }
        // If somebody else has changed the client meanwhile, the next time does it.
        self.commit(tenant, vec![loaded.put(&client, None)?]).await.map(drop)
    }

    async fn make_secret(&self, tenant: &TenantId, client: &mut Client) -> Result<Secret<String>, IdentityError> {
        let mut random = Zeroizing::new([0; SECRET]);
        self.entropy().fill(&mut *random)?;
        let secret = Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(*random)));
        if client.secrets.len() >= LIVE {
            client.secrets.drain(..=client.secrets.len() - LIVE);
        }
        client.secrets.push(SecretInfo {
            id: self.random_id()?,
            created_at: self.vault().now().await?,
            key: record::newest_key(self.vault()),
            tag: record::tag(self.vault(), tenant, &client.client_id, secret.expose()),
        });
        Ok(secret)
    }
}

fn fact(name: &'static str, actor: &Actor, client: &Client) -> Fact {
    let mut fact = Fact::new(name, actor.clone()).detail("client_id", &*client.client_id);
    fact.application = Some(client.application.clone());
    fact
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

fn is_title(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests;
