//! A value and the place that it belongs to come in; bytes that open only there go out.
//!
//! Layout: format byte, key id (8), nonce (12), ciphertext, tag (16). AES-256-GCM-SIV (RFC 8452) with a random nonce, under
//! a key derived for the tenant. The associated data binds the header and the place, every part length-prefixed (R106).

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey},
    hkdf,
};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    error::StoreError,
    frame::frame,
    keys::{KeyId, KeySet, SecretKey},
    record::TenantId,
};

/// The number of this layout; it also stands in the derivation of keys.
const FORMAT: u8 = 1;
const NONCE: usize = 12;
const HEADER: usize = 1 + KeyId::LENGTH;
const TAG: usize = 16;

/// Where a sealed value belongs: all that it must not be separated from.
pub(crate) struct Place<'a> {
    /// Whose it is; also chooses the derived key.
    pub(crate) tenant: &'a TenantId,
    /// Record or log entry, so that neither passes for the other.
    pub(crate) domain: &'static str,
    /// The rest of the place.
    pub(crate) parts: &'a [&'a [u8]],
}

/// The ciphers in use, by key and tenant: deriving one takes longer than sealing a record.
#[derive(Default)]
pub(crate) struct Ciphers(RwLock<HashMap<(KeyId, TenantId), Arc<RandomizedNonceKey>>>);

/// The most that are kept; with one more all of them are derived anew.
const MOST: usize = 4096;

impl fmt::Debug for Ciphers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ciphers")
    }
}

impl Ciphers {
    /// Seals `plain` with the newest key, and wipes it.
    pub(crate) fn seal(&self, keys: &KeySet, place: &Place<'_>, mut plain: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let key = keys.active();
        let header = header(key.id());
        let mut body = Vec::with_capacity(plain.len() + TAG);
        body.extend_from_slice(&plain);
        plain.zeroize();
        let nonce = self
            .get(key, place.tenant)?
            .seal_in_place_append_tag(Aad::from(place.associated(&header)), &mut body)
            .map_err(|_| StoreError::Seal)?;
        let mut sealed = Vec::with_capacity(HEADER + NONCE + body.len());
        sealed.extend_from_slice(&header);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what [`seal`](Self::seal) made for the same place with any key of the ring; nothing if it is not that.
    pub(crate) fn open(&self, keys: &KeySet, place: &Place<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        let (header, rest) = sealed.split_first_chunk::<HEADER>()?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>()?;
        let key = keys.find(key_id(sealed)?)?;
        let cipher = self.get(key, place.tenant).ok()?;
        let mut body = Zeroizing::new(body.to_vec());
        let aad = Aad::from(place.associated(header));
        let plain = cipher.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut body).ok()?;
        Some(plain.to_vec())
    }

    fn get(&self, key: &SecretKey, tenant: &TenantId) -> Result<Arc<RandomizedNonceKey>, StoreError> {
        let name = (key.id(), tenant.clone());
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(Arc::clone(known));
        }
        let derived = Arc::new(cipher(key, tenant)?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name, Arc::clone(&derived));
        Ok(derived)
    }
}

/// The id of the key that sealed it; nothing for another format.
pub(crate) fn key_id(sealed: &[u8]) -> Option<KeyId> {
    let (format, rest) = sealed.split_first()?;
    let id = rest.first_chunk::<{ KeyId::LENGTH }>()?;
    (*format == FORMAT).then_some(KeyId::from_bytes(*id))
}

fn header(key: KeyId) -> [u8; HEADER] {
    let mut header = [FORMAT; HEADER];
    header.iter_mut().skip(1).zip(key.as_bytes()).for_each(|(to, from)| *to = *from);
    header
}

/// A key of the tenant's own: no value opens under another tenant, whatever its associated data says (R111).
fn cipher(key: &SecretKey, tenant: &TenantId) -> Result<RandomizedNonceKey, StoreError> {
    let mut derived = Zeroizing::new([0; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"wayfarer seal 1")
        .extract(key.secret())
        .expand(&[tenant.as_str().as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|key| key.fill(derived.as_mut()))
        .map_err(|_| StoreError::Seal)?;
    RandomizedNonceKey::new(&AES_256_GCM_SIV, derived.as_ref()).map_err(|_| StoreError::Seal)
}

impl Place<'_> {
    fn associated(&self, header: &[u8]) -> Vec<u8> {
        let mut parts = vec![header, self.domain.as_bytes(), self.tenant.as_str().as_bytes()];
        parts.extend(self.parts);
        frame(&parts)
    }
}

#[cfg(test)]
mod tests;
