//! The signing keys of a ring come in; signed tokens, verified claims and the public key set go out.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use wayfarer_store::KeyRing;
use wayfarer_store::keys::Purpose;

use super::{TokenError, TokenKind};
use crate::{IdentityError, client};

/// Longer texts are not looked at.
const LONGEST: usize = 4_096;

/// Signs with the newest key, verifies with every key of the ring. ES256 only (RFC 7518 section 3.4).
pub(crate) struct Signer {
    /// The ring that it was made of.
    ring: Arc<KeyRing>,
    /// Ready to sign: the library would parse the key for each token, which takes longer than signing it.
    newest: EcdsaKeyPair,
    /// By type; they are the same in every token of a type.
    headers: Vec<(&'static str, String)>,
    /// The newest first.
    public: Vec<PublicKey>,
}

struct PublicKey {
    kid: String,
    x: String,
    y: String,
    key: DecodingKey,
}

impl Signer {
    pub(crate) fn new(ring: Arc<KeyRing>) -> Result<Self, IdentityError> {
        let keys = ring.of(Purpose::Sign);
        let newest = pair(keys.active().pkcs8()).ok_or(IdentityError::Signing)?;
        let public = keys.iter().map(|key| PublicKey::of(key.pkcs8())).collect::<Option<Vec<_>>>();
        let public = public.ok_or(IdentityError::Signing)?;
        let first = public.first().ok_or(IdentityError::Signing)?;
        let types = [TokenKind::Access.typ(), TokenKind::Id.typ(), client::TOKEN_TYPE];
        let headers = types.map(|typ| Ok((typ, header(typ, first)?)));
        let headers = headers.into_iter().collect::<Result<_, IdentityError>>()?;
        Ok(Self { newest, headers, public, ring })
    }

    /// Whether it was made of this ring.
    pub(crate) fn is_of(&self, ring: &Arc<KeyRing>) -> bool {
        Arc::ptr_eq(&self.ring, ring)
    }

    /// The token: a header of the type `typ` (RFC 8725 section 3.11), claims and signature, each in base64url (RFC 7515
    /// section 7.1).
    #[expect(clippy::disallowed_methods, reason = "a signature is blinded by dice that no outcome depends on")]
    pub(crate) fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, IdentityError> {
        let claims = serde_json::to_vec(claims).map_err(|_| IdentityError::Signing)?;
        let (_, header) = self.headers.iter().find(|(known, _)| *known == typ).ok_or(IdentityError::Signing)?;
        let mut token = format!("{header}.");
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.newest.sign(&SystemRandom::new(), token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature.map_err(|_| IdentityError::Signing)?, &mut token);
        Ok(token)
    }

    /// Verifies form, header and signature, and that every claim is there and of its type. What the claims say is judged
    /// by the caller.
    pub(crate) fn open<C: DeserializeOwned + Clone>(&self, typ: &str, token: &str) -> Result<C, TokenError> {
        if token.len() > LONGEST {
            return Err(TokenError::Malformed);
        }
        let header = token.split('.').next().ok_or(TokenError::Malformed)?;
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| TokenError::Malformed)?;
        let header: StrictHeader = serde_json::from_slice(&header).map_err(|_| TokenError::Header)?;
        if header.alg != "ES256" || header.typ != typ {
            return Err(TokenError::Header);
        }
        let key = self.public.iter().find(|key| key.kid == header.kid).ok_or(TokenError::UnknownKey)?;
        let mut validation = Validation::new(Algorithm::ES256);
        // Times, issuer and audience are judged by the caller: by the store's clock, exactly, and all of them.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode(token, &key.key, &validation).map(|token| token.claims).map_err(|error| {
            match error.kind() {
                ErrorKind::InvalidSignature => TokenError::Signature,
                ErrorKind::Json(_) => TokenError::Claims,
                _ => TokenError::Malformed,
            }
        })
    }

    /// The public keys (RFC 7517 section 5).
    pub(crate) fn key_set(&self) -> Json {
        let keys = self.public.iter().map(|PublicKey { kid, x, y, .. }| {
            json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": kid })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }
}

/// A header with exactly these members: what names or carries a key from elsewhere is refused by being there (R69).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

fn pair(pkcs8: Option<&[u8]>) -> Option<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8?).ok()
}

/// The header of every token of a type under one key, in base64url.
fn header(typ: &str, key: &PublicKey) -> Result<String, IdentityError> {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(typ.to_owned());
    header.kid = Some(key.kid.clone());
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).map_err(|_| IdentityError::Signing)?))
}

impl PublicKey {
    fn of(pkcs8: Option<&[u8]>) -> Option<Self> {
        let pair = pair(pkcs8)?;
        // An uncompressed point: a mark, then both coordinates (SEC 1 section 2.3.3).
        let (x, y) = pair.public_key().as_ref().strip_prefix(&[4])?.split_at_checked(32)?;
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let key = DecodingKey::from_ec_components(&x, &y).ok()?;
        Some(Self { kid: thumbprint(&x, &y), x, y, key })
    }
}

/// The thumbprint of a P-256 key (RFC 7638 section 3): the required members in order, nothing between them.
fn thumbprint(x: &str, y: &str) -> String {
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, members.as_bytes()))
}

#[cfg(test)]
mod tests;
