//! A run or a handle comes in; names for them that prove nothing go out, and whether a run has gone on since.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use wayfarer_store::TenantId;

use super::Engine;
use crate::error::EngineError;
use crate::handle;

/// Keeps the names of runs apart from every other use of the key.
const PURPOSE: &str = "run alias 1";

impl Engine {
    /// A name of a run for one client: it cannot be guessed, says nothing, and is no handle. An interface that must name
    /// the run beside the handle uses it.
    #[must_use]
    pub fn alias(&self, tenant: &TenantId, client: &str, run: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(self.0.vault.mac(PURPOSE, &parts(tenant, client, &run)))
    }

    /// Whether the alias is that of the run for which the handle was made, for this client; false for anything that is no
    /// handle.
    #[must_use]
    pub fn is_alias(&self, tenant: &TenantId, client: &str, alias: &str, handle: &str) -> bool {
        handle::read(handle).is_some_and(|presented| self.names(tenant, client, alias, presented.run))
    }

    /// Whether the run has gone on since the wait whose handle has this [`mark`](handle::Handle::mark), or is due to. It
    /// says that of every run that rests elsewhere, has ended or was never there, and nothing else.
    ///
    /// # Errors
    /// [`EngineError::StaleHandle`] if the alias and the mark are not of the same run.
    pub async fn has_gone_on(
        &self,
        tenant: &TenantId,
        client: &str,
        alias: &str,
        mark: &str,
    ) -> Result<bool, EngineError> {
        let named = handle::read_mark(mark).filter(|(run, _)| self.names(tenant, client, alias, *run));
        let (run, hash) = named.ok_or(EngineError::StaleHandle)?;
        let Some(drive) = self.0.open(tenant, run).await? else { return Ok(true) };
        let stays = drive.run.handle.is_some_and(|known| handle::same(&handle::mark_of(&known), &hash));
        // While a node is at work on it, there is nothing to come for yet.
        Ok(drive.is_free() && (!stays || drive.is_due()))
    }

    fn names(&self, tenant: &TenantId, client: &str, alias: &str, run: Uuid) -> bool {
        // A longer text is not even decoded.
        let given = if alias.len() > 64 { None } else { URL_SAFE_NO_PAD.decode(alias).ok() };
        given.is_some_and(|given| self.0.vault.mac_matches(PURPOSE, &parts(tenant, client, &run), &given))
    }
}

fn parts<'a>(tenant: &'a TenantId, client: &'a str, run: &'a Uuid) -> [&'a [u8]; 3] {
    [tenant.as_str().as_bytes(), client.as_bytes(), run.as_bytes()]
}
