//! The clients that a configuration declares come in; the store is brought to what it says, and what was changed goes out.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wayfarer_step::{Actor, Write};
use wayfarer_store::TenantId;

use super::record::Client;
use super::{NewClient, fact, scope};
use crate::record::{Loaded, Outcome, Stored, TRIES, id_of};
use crate::{Identity, IdentityError};

/// What was done about a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It was not there. One that keeps a secret has none yet, and can do nothing until it is given one.
    Added,
    /// It was there, and was something else.
    Changed,
    /// It was declared before and is not any more, and calls no more.
    Disabled,
}

/// The ids of the clients that were declared the last time.
#[derive(Debug, Default, Serialize, Deserialize)]
struct DeclaredClients(BTreeSet<Arc<str>>);

impl Stored for DeclaredClients {
    const KIND: &'static str = "clients_declared";
    const FORMAT: u8 = 1;
}

impl NewClient {
    /// The client as it is stored, without a secret.
    pub(super) fn to_client(&self, client_id: Arc<str>, created_at: Timestamp) -> Client {
        Client {
            client_id,
            name: self.name.as_deref().map(Arc::from),
            application: self.application.as_str().into(),
            confidential: self.confidential,
            scopes: self.scopes.clone(),
            origins: self.origins.clone(),
            journeys: self.journeys.as_ref().map(|journeys| journeys.iter().map(|id| Arc::from(id.as_str())).collect()),
            completion: self.completion,
            active: true,
            created_at,
            secrets: Vec::new(),
        }
    }
}

impl Identity {
    /// Brings the store to what a configuration declares, all at once, and says what was changed; clients that nobody
    /// declared are left alone. Secrets stay with those that keep one. A client that an operator has disabled stays so.
    ///
    /// # Errors
    /// When a client may not be so, has no id, or its application is unknown, and when the store fails.
    pub async fn declare_clients(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        clients: &[NewClient],
    ) -> Result<Vec<(Arc<str>, Declared)>, IdentityError> {
        for client in clients {
            self.applications().get(&client.application)?;
            client.check()?;
        }
        for _ in 0..TRIES {
            let id = id_of::<DeclaredClients>(self.vault(), tenant, &[])?;
            let list = Loaded::<DeclaredClients>::read(self.vault(), tenant, id).await?;
            let before = list.value.as_ref().map(|list| list.0.clone()).unwrap_or_default();
            let (mut writes, mut done, mut now) = (Vec::new(), Vec::new(), BTreeSet::new());
            for client in clients {
                let id =
                    client.client_id.as_deref().ok_or_else(|| IdentityError::invalid("client_id", "is missing"))?;
                let id: Arc<str> = Arc::from(id);
                let what = self.declare(tenant, actor, client, &id, &mut writes).await?;
                done.extend(what.map(|what| (id.clone(), what)));
                now.insert(id);
            }
            for id in before.difference(&now) {
                let loaded = Client::load(self.vault(), tenant, id).await?;
                if let Some(client) = loaded.value.clone().filter(|client| client.active) {
                    let client = Client { active: false, ..client };
                    writes.extend([loaded.put(&client, None)?, Write::Record(fact("client.disabled", actor, &client))]);
                    done.push((id.clone(), Declared::Disabled));
                }
            }
            if writes.is_empty() && before == now {
                return Ok(done);
            }
            writes.push(list.put(&DeclaredClients(now), None)?);
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(done);
            }
        }
        Err(IdentityError::Busy)
    }

    async fn declare(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        client: &NewClient,
        id: &Arc<str>,
        writes: &mut Vec<Write>,
    ) -> Result<Option<Declared>, IdentityError> {
        let loaded = Client::load(self.vault(), tenant, id).await?;
        let (declared, what, name) = match &loaded.value {
            None => (client.to_client(id.clone(), self.vault().now().await?), Declared::Added, "client.added"),
            Some(known) => {
                let secrets = if client.confidential { known.secrets.clone() } else { Vec::new() };
                let declared = client.to_client(id.clone(), known.created_at);
                let declared = Client { active: known.active, secrets, ..declared };
                if declared == *known {
                    return Ok(None);
                }
                (declared, Declared::Changed, "client.changed")
            }
        };
        let fact = fact(name, actor, &declared).detail("scopes", scope::written(&declared.scopes));
        writes.extend([loaded.put(&declared, None)?, Write::Record(fact)]);
        Ok(Some(what))
    }
}

#[cfg(test)]
mod tests;
