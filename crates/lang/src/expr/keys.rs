//! An alias comes in; the key that goes by it goes out, for the functions that encrypt, sign or verify.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
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

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_FIXED,
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::EdDsa => &ED25519,
        }
    }
}

/// How a SubjectPublicKeyInfo of the algorithm begins, or the identifier that stands in it (RFC 8410, RFC 5480, RFC 3279).
const ED25519_INFO: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const P256_INFO: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07,
];
const RSA_IDENTIFIER: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// The bytes of such an RSA key: from a modulus of 2048 bits with the exponent 3 to one of 8192 bits with a long exponent. A
/// verification counts the bits themselves.
const RSA_LENGTHS: std::ops::RangeInclusive<usize> = 292..=1_072;

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280), which says by itself of what sort the key is. None for what is no such key,
    /// or one of another sort or of fewer bits than any of the [algorithms](SignatureAlgorithm) takes.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        is_whole(der).then_some(())?;
        let algorithm = if der.starts_with(ED25519_INFO) {
            SignatureAlgorithm::EdDsa
        } else if der.starts_with(P256_INFO) {
            SignatureAlgorithm::Es256
        } else if der.get(..32)?.windows(RSA_IDENTIFIER.len()).any(|part| part == RSA_IDENTIFIER) {
            RSA_LENGTHS.contains(&der.len()).then_some(())?;
            SignatureAlgorithm::Rs256
        } else {
            return None;
        };
        ParsedPublicKey::new(algorithm.verification(), der).ok()?;
        Some(Self { algorithm, der: der.to_vec() })
    }

    /// Whether the signature is this key's.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(self.algorithm.verification(), &self.der).verify(message, signature).is_ok()
    }
}

/// Whether bytes are one sequence to their end (X.690 section 8.1.3).
fn is_whole(der: &[u8]) -> bool {
    match der {
        [0x30, length @ ..=0x7f, rest @ ..] | [0x30, 0x81, length, rest @ ..] => rest.len() == usize::from(*length),
        [0x30, 0x82, high, low, rest @ ..] => rest.len() == usize::from(u16::from_be_bytes([*high, *low])),
        _ => false,
    }
}
