//! Paths of certificates and of their key come in; what makes connections HTTPS goes out.

use anyhow::{Context, Result};
use wayfarer_server::Tls;

use crate::config::TlsFiles;
use crate::files;

/// Reads the certificates and the key, which nobody else may be able to read.
pub(super) fn read(TlsFiles { certificates, key }: &TlsFiles) -> Result<Tls> {
    let (chain, secret) = (files::certificates(certificates)?, files::secret(key)?);
    Tls::new(&chain, secret.expose()).with_context(|| unusable(certificates, key))
}

fn unusable(certificates: &std::path::Path, key: &std::path::Path) -> String {
    format!("cannot use `{}` and `{}` for HTTPS", certificates.display(), key.display())
}
