//! What a client keeps for us comes in, a text that only we can read goes out; and back, until it has run out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use wayfarer_step::Secret;
use wayfarer_store::TenantId;

use crate::{Identity, IdentityError};

/// The longest text that is looked at.
const LONGEST: usize = 1_024;

impl Identity {
    /// Seals something into a text for one bearer, such as a client. It is good for `lifetime`, on every node and after a
    /// restart, and takes no room here.
    ///
    /// # Errors
    /// When the store's clock or the cipher fails.
    pub async fn hand_out(
        &self,
        tenant: &TenantId,
        purpose: &'static str,
        bearer: &str,
        content: &Secret<Vec<u8>>,
        lifetime: SignedDuration,
    ) -> Result<String, IdentityError> {
        let until = self.vault().now().await?.as_second().saturating_add(lifetime.as_secs());
        let plain = [&until.to_be_bytes()[..], content.expose()].concat();
        let sealed = self.vault().seal_away(tenant, purpose, &[bearer.as_bytes()], plain)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what [`hand_out`](Self::hand_out) made for the same purpose and bearer; nothing once it has run out, and for
    /// anything else.
    ///
    /// # Errors
    /// When the store's clock fails.
    pub async fn take_back(
        &self,
        tenant: &TenantId,
        purpose: &'static str,
        bearer: &str,
        text: &str,
    ) -> Result<Option<Secret<Vec<u8>>>, IdentityError> {
        let sealed = if text.len() > LONGEST { None } else { URL_SAFE_NO_PAD.decode(text).ok() };
        let plain = sealed.and_then(|sealed| self.vault().open_away(tenant, purpose, &[bearer.as_bytes()], &sealed));
        let Some(plain) = plain.map(Secret::new) else { return Ok(None) };
        let Some((until, content)) = plain.expose().split_first_chunk() else { return Ok(None) };
        let good = self.vault().now().await?.as_second() < i64::from_be_bytes(*until);
        Ok(good.then(|| Secret::new(content.to_vec())))
    }
}

#[cfg(test)]
mod tests;
