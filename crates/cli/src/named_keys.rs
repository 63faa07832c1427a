//! The files of named keys come in; the keys that expressions may use by alias go out.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject;
use wayfarer_lang::Secret;
use wayfarer_lang::expr::{NamedKey, PublicKey};

use crate::config::KeyFile;
use crate::failure::Failure;
use crate::files;

/// Fewer bytes can be guessed (NIST SP 800-131A section 10); more than the block of any digest here add nothing.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;

/// Reads every key, or says which of them cannot be used.
pub(crate) fn read(files: &BTreeMap<String, KeyFile>) -> Result<BTreeMap<String, NamedKey>> {
    let key = |(alias, file): (&String, &KeyFile)| {
        let key = match file {
            KeyFile::Secret(path) => NamedKey::Symmetric(secret(alias, path)?),
            KeyFile::Public(path) => NamedKey::Public(public(alias, path)?),
        };
        Ok((alias.clone(), key))
    };
    files.iter().map(key).collect()
}

/// The bytes of a secret, which stand in its file as base64 (RFC 4648 section 4).
fn secret(alias: &str, path: &Path) -> Result<Secret<Vec<u8>>> {
    let text = files::secret(path)?;
    match STANDARD.decode(text.expose().trim_ascii()).map(Secret::new) {
        Ok(bytes) if LENGTHS.contains(&bytes.expose().len()) => Ok(bytes),
        _ => Err(unusable(alias, path, "it is not 16 to 128 bytes in base64", "make one by `openssl rand -base64 32`")),
    }
}

/// A public key in PEM (RFC 7468 section 13).
fn public(alias: &str, path: &Path) -> Result<PublicKey> {
    let text = files::certificates(path)?;
    let der = SubjectPublicKeyInfoDer::from_pem_slice(&text).ok();
    der.and_then(|der| PublicKey::from_der(&der)).ok_or_else(|| {
        let help = "a public key stands between `-----BEGIN PUBLIC KEY-----` and `-----END PUBLIC KEY-----`; \
                    it is one of Ed25519, of ECDSA on P-256, or of RSA with 2048 bits or more";
        unusable(alias, path, "it is no public key of a sort that can be used", help)
    })
}

fn unusable(alias: &str, path: &Path, why: &str, help: &str) -> anyhow::Error {
    let message = format!("cannot use `{}` as the key `{}`: {why}", path.display(), alias.escape_debug());
    Failure::new("named_key_unusable", message).help(help.to_owned()).into()
}
