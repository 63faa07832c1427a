//! Paths of certificates and of their key come in; what makes connections HTTPS goes out, and is brought up to date.

use anyhow::{Context, Result};
use wayfarer_lang::Secret;
use wayfarer_server::Tls;

use crate::config::TlsFiles;
use crate::console::Console;
use crate::files;
use crate::output::style::{GOOD, NOTICE, paint};

/// Certificates, and where they came from.
pub(super) struct Certificates {
    files: TlsFiles,
    pub(super) tls: Tls,
}

impl Certificates {
    /// Reads the certificates and their key, which nobody but its owner may be able to read.
    pub(super) fn read(files: TlsFiles) -> Result<Self> {
        let (chain, key) = bytes(&files)?;
        let tls = Tls::new(&chain, key.expose()).with_context(|| unusable(&files))?;
        Ok(Self { files, tls })
    }

    /// Reads them anew for the connections to come. If they cannot be used, those before stay.
    pub(super) fn again(&self, console: &mut Console) -> Result<()> {
        let replaced = bytes(&self.files)
            .and_then(|(chain, key)| self.tls.replace(&chain, key.expose()).with_context(|| unusable(&self.files)));
        match replaced {
            Ok(()) => console.say(format_args!("{} certificates were read anew", paint(GOOD, "✔")))?,
            Err(error) => {
                tracing::error!(%error, "certificates cannot be read anew");
                console.say(format_args!("{} the certificates stay as they were: {error:#}", paint(NOTICE, "!")))?;
            }
        }
        Ok(())
    }
}

fn bytes(TlsFiles { certificates, key }: &TlsFiles) -> Result<(Vec<u8>, Secret<Vec<u8>>)> {
    Ok((files::certificates(certificates)?, files::secret(key)?))
}

fn unusable(TlsFiles { certificates, key }: &TlsFiles) -> String {
    format!("cannot use `{}` and `{}` for HTTPS", certificates.display(), key.display())
}
