//! Several byte strings come in, one byte string goes out that no other list of strings gives.

/// Joins `parts`, each behind its length as eight big-endian bytes, so that moving a border between two parts changes the
/// result (R106).
pub(crate) fn frame(parts: &[&[u8]]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(parts.iter().map(|part| part.len() + LENGTH).sum());
    for part in parts {
        framed.extend_from_slice(&length(part));
        framed.extend_from_slice(part);
    }
    framed
}

/// The prefix of one part, for callers that feed a hash part by part.
pub(crate) fn length(part: &[u8]) -> [u8; LENGTH] {
    // A usize never exceeds 64 bits on a platform that Rust supports.
    (part.len() as u64).to_be_bytes()
}

const LENGTH: usize = 8;

#[cfg(test)]
mod tests;
