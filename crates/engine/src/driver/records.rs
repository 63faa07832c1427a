//! The kind and id of a step's own record come in; what is kept under them goes out.

use async_trait::async_trait;
use wayfarer_step::port::{Found, Records};
use wayfarer_step::{PortError, Scope};
use wayfarer_store::{TenantId, Vault};

use crate::record::step_key;

const PORT: &str = "records";

/// The records of steps in the vault.
pub(super) struct VaultRecords(pub(super) Vault);

#[async_trait]
impl Records for VaultRecords {
    async fn read(&self, scope: &Scope, kind: &'static str, id: &[u8]) -> Result<Option<Found>, PortError> {
        let Self(vault) = self;
        let tenant = TenantId::new(&scope.tenant).map_err(|error| PortError::unavailable(PORT, error))?;
        let key = step_key(vault, &tenant, kind, id).ok_or_else(|| PortError::Refused {
            port: PORT,
            reason: format!("`{kind}` is not a kind of a step's records"),
        })?;
        let record = vault.get(&key).await.map_err(|error| PortError::unavailable(PORT, error))?;
        Ok(record.map(|record| Found { version: record.version, value: record.value, expires_at: record.expires_at }))
    }
}
