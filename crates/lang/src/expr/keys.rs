//! An alias comes in; the key that goes by it goes out, for the functions that encrypt, sign or verify.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};

use crate::Secret;

/// The keys that expressions may use by name. An expression never sees one.
pub trait NamedKeys: fmt::Debug + Send + Sync {
    /// The key of that alias.
    fn key(&self, alias: &str) -> Option<&NamedKey>;
}

/// No keys at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeys;

impl NamedKeys for NoKeys {
    fn key(&self, _: &str) -> Option<&NamedKey> {
        None
    }
}

impl NamedKeys for BTreeMap<String, NamedKey> {
    fn key(&self, alias: &str) -> Option<&NamedKey> {
        self.get(alias)
    }
}

/// A key, and with it what it may be used for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum NamedKey {
    /// For AES (16 or 32 bytes), HMAC, and tokens signed with HS256.
    Symmetric(Secret<Vec<u8>>),
    /// For tokens that somebody else signs.
    Public(PublicKey),
}

/// The public key of another party, as a SubjectPublicKeyInfo in DER (RFC 5280). The key says how it signs: a token that says
/// otherwise is refused (RFC 8725 section 3.1).
#[derive(Debug, Clone)]
pub struct PublicKey {
    /// The one way in which it signs.
    pub algorithm: SignatureAlgorithm,
    /// The key.
    pub der: Vec<u8>,
}

/// How a token is signed (RFC 7518 section 3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits at least.
    Rs256,
    /// Ed25519.
    EdDsa,
}

impl SignatureAlgorithm {
    /// Its name in a token's header.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl PublicKey {
    /// Whether the signature is this key's.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn VerificationAlgorithm = match self.algorithm {
            SignatureAlgorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
            SignatureAlgorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            SignatureAlgorithm::EdDsa => &ED25519,
        };
        UnparsedPublicKey::new(algorithm, &self.der).verify(message, signature).is_ok()
    }
}
