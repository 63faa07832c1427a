//! The names under which data is kept, and the data: tenant, kind, key, record.

use std::{fmt, str, sync::Arc};

use jiff::Timestamp;

use crate::error::NameError;

/// Whose data it is. Every key begins with one, and every call takes one (R111).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(Arc<str>);

impl TenantId {
    /// Takes 1 to 64 characters of `A-Z a-z 0-9 _ -`.
    ///
    /// # Errors
    /// Any other text.
    pub fn new(name: &str) -> Result<Self, NameError> {
        let valid = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if valid {
            Ok(Self(name.into()))
        } else {
            let shown = name.chars().take(64).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
            Err(NameError { name: shown })
        }
    }

    /// The name as a [`Store`](crate::Store) kept it, unchecked: only for implementors reading their own rows back.
    #[must_use]
    pub fn stored(name: &str) -> Self {
        Self(name.into())
    }

    /// Where a store keeps what belongs to no tenant; no caller's name can be the same.
    pub(crate) fn system() -> Self {
        Self("$system".into())
    }

    /// Whether it is where a store keeps what belongs to no tenant.
    pub(crate) fn is_system(&self) -> bool {
        self.0.starts_with('$')
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The tenant of an installation that has only one: `default`.
impl Default for TenantId {
    fn default() -> Self {
        Self("default".into())
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantId({})", self.0)
    }
}

/// What sort of record it is, such as `run` or `user`: a name space of its own within the tenant (R112).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    // In place rather than `&'static str`, so that a kind read from disk is as good as one in the code.
    name: [u8; Kind::LONGEST],
    length: u8,
}

impl Kind {
    const LONGEST: usize = 31;

    /// Names a kind; meant for constants, where a bad name does not compile.
    ///
    /// # Panics
    /// If `name` is not 1 to 31 of `a-z 0-9 _ -`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        let kind = Self::stored(name);
        assert!(kind.is_some(), "a kind is 1 to 31 of a-z 0-9 _ -");
        match kind {
            Some(kind) => kind,
            None => Self { name: [0; Self::LONGEST], length: 0 },
        }
    }

    /// The kind as a [`Store`](crate::Store) kept it; nothing if no kind can have this name.
    #[must_use]
    pub const fn stored(name: &str) -> Option<Self> {
        let mut kind = Self { name: [0; Self::LONGEST], length: 0 };
        let mut left: &[u8] = name.as_bytes();
        let mut room: &mut [u8] = &mut kind.name;
        while let [byte, others @ ..] = left {
            let [place, rest @ ..] = room else { return None };
            if !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-') {
                return None;
            }
            *place = *byte;
            kind.length += 1;
            left = others;
            room = rest;
        }
        if kind.length == 0 { None } else { Some(kind) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Both conversions hold by construction: ASCII bytes, counted while they were copied.
        self.name.get(..usize::from(self.length)).and_then(|name| str::from_utf8(name).ok()).unwrap_or_default()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({self})")
    }
}

/// The whole name of a record.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose it is.
    pub tenant: TenantId,
    /// What sort it is.
    pub kind: Kind,
    /// Which one; at most [`Key::LONGEST`] bytes. It is stored in the clear: an identifier of a person goes through
    /// [`Vault::lookup`](crate::Vault::lookup) first.
    pub id: Vec<u8>,
}

impl Key {
    /// The most bytes that an id may have.
    pub const LONGEST: usize = 1024;

    /// Names a record.
    pub fn new(tenant: &TenantId, kind: Kind, id: impl Into<Vec<u8>>) -> Self {
        Self { tenant: tenant.clone(), kind, id: id.into() }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}/{}/{})", self.tenant, self.kind, self.id.escape_ascii())
    }
}

/// What is kept under a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// 1 when the key is made, then one more at each put.
    pub version: u64,
    /// The bytes; sealed in a [`Store`](crate::Store), plain from a [`Vault`](crate::Vault).
    pub value: Vec<u8>,
    /// From this moment on the record reads as absent; whole microseconds.
    pub expires_at: Option<Timestamp>,
    /// At this moment the record comes up in [`due`](crate::Store::due); whole microseconds.
    pub wake_at: Option<Timestamp>,
}

impl Record {
    /// Whether it reads as absent at `now`.
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

/// Shows the size of the value, never the value (R114).
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("version", &self.version)
            .field("value", &format_args!("{} bytes", self.value.len()))
            .field("expires_at", &self.expires_at)
            .field("wake_at", &self.wake_at)
            .finish()
    }
}

/// A record whose moment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The record.
    pub key: Key,
    /// Which of its moments.
    pub kind: DueKind,
    /// When it was due.
    pub at: Timestamp,
}

/// Which of a record's moments has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// It has expired and can be erased.
    Expiry,
    /// It asked to be looked at.
    Wake,
}

#[cfg(test)]
mod tests;
