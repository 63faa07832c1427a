//! Certificates and their key come in; a caller's stream comes in, and the same stream, decrypted, goes out (R84, RFC 8446).

use std::fmt;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::patience::{Busy, Patience};
use super::timed::Timed;
use crate::Limits;

/// What makes connections HTTPS: TLS 1.2 and 1.3, for HTTP/2 and HTTP/1.1. A clone is the same, and what is replaced in one is
/// replaced in all.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    current: Arc<Current>,
}

/// Certificates or a key cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// No certificate can be read.
    #[error("there is no certificate that can be read")]
    Certificates,
    /// No private key can be read.
    #[error("there is no private key that can be read")]
    Key,
    /// The key is none for the certificate, or both are of a kind that is not known.
    #[error("the key does not go with the certificate")]
    Pair(#[source] rustls::Error),
    /// The library cannot do what is asked of it.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

impl Tls {
    /// Takes the certificate of the server, those that vouch for it, and its private key, each as PEM (RFC 7468).
    ///
    /// # Errors
    /// When they cannot be read, or do not go together.
    pub fn new(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let current = Arc::new(Current(RwLock::new(pair(certificates, key)?)));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(TlsError::Setup)?;
        let mut config = config.with_no_client_auth().with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), current })
    }

    /// Takes others for the connections to come; those that are open stay as they are.
    ///
    /// # Errors
    /// As [`Tls::new`]; then the ones before stay.
    pub fn replace(&self, certificates: &[u8], key: &[u8]) -> Result<(), TlsError> {
        let pair = pair(certificates, key)?;
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = pair;
        Ok(())
    }

    /// Shakes hands with a caller, who may take no longer for it than for a request's headers. While the second part is held,
    /// what is still encrypted has no deadline: from then on it is what was decrypted that must come in time.
    pub(super) async fn accept<I>(&self, stream: I, limits: &Limits) -> io::Result<(TlsStream<Timed<I>>, Busy)>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let patience = Patience::new(limits);
        let stream = Timed::new(stream, patience.clone(), limits.request);
        let stream = TlsAcceptor::from(self.config.clone()).accept(stream).await?;
        Ok((stream, patience.begin()))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn pair(certificates: &[u8], key: &[u8]) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or(TlsError::Certificates)?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::Key)?;
    let pair = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(TlsError::Pair)?;
    Ok(Arc::new(pair))
}

/// The certificates for the next connection.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[cfg(test)]
mod tests;
