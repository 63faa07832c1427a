//! One key: its public name, its purpose, its state, and the secret, which only this crate sees.

#![expect(clippy::disallowed_methods, reason = "keys are made of the system's randomness, through no port")]

use std::fmt;

use aws_lc_rs::{
    constant_time, rand,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::KeyError;

/// What a key is for; no key serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Sealing records and log payloads.
    Seal,
    /// Hashing identifiers into lookup keys.
    Lookup,
    /// Tags of codes and other short secrets.
    Tag,
    /// Sealing segments of logs.
    Audit,
    /// Signing tokens: ECDSA P-256, PKCS#8.
    Sign,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Seal, Self::Lookup, Self::Tag, Self::Audit, Self::Sign];
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seal => "seal",
            Self::Lookup => "lookup",
            Self::Tag => "tag",
            Self::Audit => "audit",
            Self::Sign => "sign",
        })
    }
}

/// A key's public name: eight random bytes, shown as 16 hexadecimal digits (also the `kid` of a signing key).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; KeyId::LENGTH]);

impl KeyId {
    pub(crate) const LENGTH: usize = 8;

    pub(crate) fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// Reads what it is shown as.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = u64::from_str_radix(text, 16).ok()?;
        let id = Self(id.to_be_bytes());
        // One spelling each: no sign, no capitals, no missing zeros.
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Whether a key still makes new values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Makes and opens.
    Active,
    /// Only opens what it has made.
    VerifyOnly,
}

/// One key. Its secret is wiped on drop and never printed.
#[derive(Clone)]
pub struct SecretKey {
    pub(super) id: KeyId,
    pub(super) purpose: Purpose,
    pub(super) created_at: Timestamp,
    pub(super) state: KeyState,
    pub(super) secret: Zeroizing<Vec<u8>>,
}

impl SecretKey {
    pub(super) fn generate(purpose: Purpose, created_at: Timestamp) -> Result<Self, KeyError> {
        let mut id = [0; KeyId::LENGTH];
        rand::fill(&mut id).map_err(|_| KeyError::Random)?;
        let secret = match purpose {
            Purpose::Sign => {
                let rng = rand::SystemRandom::new();
                let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng);
                document.map_err(|_| KeyError::Random)?.as_ref().to_vec()
            }
            Purpose::Seal | Purpose::Lookup | Purpose::Tag | Purpose::Audit => {
                let mut secret = vec![0; SYMMETRIC];
                rand::fill(&mut secret).map_err(|_| KeyError::Random)?;
                secret
            }
        };
        Ok(Self { id: KeyId(id), purpose, created_at, state: KeyState::Active, secret: Zeroizing::new(secret) })
    }

    /// Whether a secret can be one of this purpose.
    pub(super) fn fits(purpose: Purpose, secret: &[u8]) -> bool {
        match purpose {
            Purpose::Sign => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, secret).is_ok(),
            _ => secret.len() == SYMMETRIC,
        }
    }

    /// Its public name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When it was made.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Whether it still makes new values.
    #[must_use]
    pub fn state(&self) -> KeyState {
        self.state
    }

    /// The PKCS#8 document of a signing key; nothing for a key of another purpose, which never leaves this crate.
    #[must_use]
    pub fn pkcs8(&self) -> Option<&[u8]> {
        (self.purpose == Purpose::Sign).then_some(&self.secret)
    }

    /// Whether it is the same key, secret included.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.id == other.id && constant_time::verify_slices_are_equal(&self.secret, &other.secret).is_ok()
    }

    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({} {} {:?})", self.purpose, self.id, self.state)
    }
}

/// Bytes of a symmetric key.
const SYMMETRIC: usize = 32;
