//! A page's point comes in, a key that both sides know goes out; under it texts are encrypted and decrypted, as scheme 3 of
//! the SDK has it.
//!
//! Nobody's name stands behind a point and nothing stands behind a text, so this hides what is sent from those who only read
//! along behind TLS. It is no replacement for TLS.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wayfarer_step::Secret;

/// Our point, and the key.
pub(super) struct Agreed {
    pub(super) point: String,
    pub(super) key: Secret<Vec<u8>>,
}

/// Agrees on a key with whoever made the point (SEC 1 section 3.3.1; the digest is the scheme's own). Nothing for what is no
/// point of P-256 in its uncompressed form.
pub(super) fn agree_with(point: &str) -> Option<Agreed> {
    let theirs = STANDARD.decode(point).ok()?;
    // The mark of the uncompressed form, and two coordinates.
    if theirs.len() != 65 {
        return None;
    }
    let ours = PrivateKey::generate(&ECDH_P256).ok()?;
    let point = STANDARD.encode(ours.compute_public_key().ok()?);
    let derive = |shared: &[u8]| Ok(Secret::new(digest(&SHA256, shared).as_ref().to_vec()));
    let key = agree(&ours, UnparsedPublicKey::new(&ECDH_P256, theirs), Unspecified, derive).ok()?;
    Some(Agreed { point, key })
}

/// A text under a new initialisation vector: both in base64.
pub(super) struct Encrypted {
    pub(super) iv: String,
    pub(super) text: String,
}

/// Encrypts with AES-256 in CBC mode and PKCS#7.
pub(super) fn encrypt(key: &Secret<Vec<u8>>, text: &str) -> Option<Encrypted> {
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_256, key.expose()).ok()?).ok()?;
    let mut bytes = text.as_bytes().to_vec();
    let DecryptionContext::Iv128(iv) = key.encrypt(&mut bytes).ok()? else { return None };
    Some(Encrypted { iv: STANDARD.encode(iv.as_ref()), text: STANDARD.encode(bytes) })
}

/// Decrypts. Why it cannot be done is not told.
pub(super) fn decrypt(key: &Secret<Vec<u8>>, iv: &str, text: &str) -> Option<Secret<Vec<u8>>> {
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_256, key.expose()).ok()?).ok()?;
    let iv = <[u8; 16]>::try_from(STANDARD.decode(iv).ok()?).ok()?;
    let mut bytes = STANDARD.decode(text).ok()?;
    let plain = key.decrypt(&mut bytes, DecryptionContext::Iv128(FixedLength::from(iv))).ok()?;
    Some(Secret::new(plain.to_vec()))
}

#[cfg(test)]
mod tests;
