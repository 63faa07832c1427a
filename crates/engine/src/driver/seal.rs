//! A handle and what its holder is known by come in; a seal goes out that ties the one to the other, and whether it fits.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wayfarer_store::TenantId;

use super::Engine;

/// Keeps seals apart from every other use of the key.
const PURPOSE: &str = "handle seal 1";

impl Engine {
    /// Ties a handle to whoever was given it: their client, their browser. An interface that hands the seal out beside the
    /// handle, and takes the handle with it alone, needs to keep nothing (R53).
    #[must_use]
    pub fn seal(&self, tenant: &TenantId, holder: &[&[u8]], handle: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0.vault.mac(PURPOSE, &parts(tenant, holder, handle)))
    }

    /// Whether it is the seal of this handle for this holder.
    #[must_use]
    pub fn is_sealed(&self, tenant: &TenantId, holder: &[&[u8]], handle: &str, seal: &str) -> bool {
        // A longer text is not even decoded.
        let given = if seal.len() > 64 { None } else { URL_SAFE_NO_PAD.decode(seal).ok() };
        given.is_some_and(|given| self.0.vault.mac_matches(PURPOSE, &parts(tenant, holder, handle), &given))
    }
}

fn parts<'a>(tenant: &'a TenantId, holder: &[&'a [u8]], handle: &'a str) -> Vec<&'a [u8]> {
    [&[tenant.as_str().as_bytes(), handle.as_bytes()], holder].concat()
}
