//! Random bytes come in; the opaque handle of one wait goes out, and the hash under which it is known (R46).

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use wayfarer_lang::Secret;
use wayfarer_step::PortError;
use wayfarer_step::port::Entropy;
use zeroize::Zeroizing;

const SECRET: usize = 32;
const ID: usize = 16;

/// What a client shows to answer one wait: it names the run and holds 256 random bits. It says nothing else, and only
/// its hash is stored.
#[derive(Clone)]
pub struct Handle {
    text: Secret<String>,
}

/// A handle as a client sent it.
pub(crate) struct Presented {
    pub(crate) run: Uuid,
    pub(crate) hash: [u8; 32],
}

impl Handle {
    /// Rolls a new handle for a run.
    pub(crate) fn roll(run: Uuid, entropy: &dyn Entropy) -> Result<(Self, [u8; 32]), PortError> {
        let mut secret = Zeroizing::new([0; SECRET]);
        entropy.fill(&mut *secret)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(ID + SECRET));
        bytes.extend_from_slice(run.as_bytes());
        bytes.extend_from_slice(&*secret);
        let text = Secret::new(URL_SAFE_NO_PAD.encode(&*bytes));
        Ok((Self { text }, hash(&bytes)))
    }

    /// A handle that was stored in a sealed answer.
    pub(crate) fn stored(text: Secret<String>) -> Self {
        Self { text }
    }

    /// In the place of a handle that is not at hand: only its holder has it.
    pub(crate) fn unknown() -> Self {
        Self { text: Secret::new(String::new()) }
    }

    /// The text, to be sent to the client that the run belongs to.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// What tells this wait from any other of the run, and cannot answer it: it may be shown where a handle may not.
    #[must_use]
    pub fn mark(&self) -> String {
        let Some(Presented { run, hash }) = read(self.expose()) else { return String::new() };
        URL_SAFE_NO_PAD.encode([&run.as_bytes()[..], &mark_of(&hash)].concat())
    }
}

/// Hides the text (R114).
impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle([secret])")
    }
}

/// Reads a handle; none if it cannot be one of ours.
pub(crate) fn read(text: &str) -> Option<Presented> {
    // A longer text is not even decoded.
    if text.len() > 2 * (ID + SECRET) {
        return None;
    }
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
    let (id, secret) = bytes.split_first_chunk::<ID>()?;
    (secret.len() == SECRET).then(|| Presented { run: Uuid::from_bytes(*id), hash: hash(&bytes) })
}

/// Reads a mark: its run, and the hash of the wait.
pub(crate) fn read_mark(text: &str) -> Option<(Uuid, [u8; 32])> {
    if text.len() > 2 * (ID + SECRET) {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (id, hash) = bytes.split_first_chunk::<ID>()?;
    Some((Uuid::from_bytes(*id), hash.try_into().ok()?))
}

/// What the mark of a wait says, made of what is stored of its handle: neither can be made of it.
pub(crate) fn mark_of(stored: &[u8; 32]) -> [u8; 32] {
    hash(&[b"mark", &stored[..]].concat())
}

/// Whether two hashes are the same, without telling by time how much of them is.
pub(crate) fn same(known: &[u8; 32], presented: &[u8; 32]) -> bool {
    known.ct_eq(presented).into()
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.iter_mut().zip(digest(&SHA256, bytes).as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

#[cfg(test)]
mod tests;
