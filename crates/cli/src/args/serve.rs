//! The words of `serve`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Formatted, Store};
use crate::config::TlsFiles;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where applications call; port 0 takes any that is free [default: 127.0.0.1:8080]
    #[arg(long, env = "WAYFARER_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// Where operators ask whether it lives and is ready [default: 127.0.0.1:9080]
    #[arg(long, env = "WAYFARER_ADMIN_LISTEN", value_name = "ADDRESS")]
    admin_listen: Option<SocketAddr>,

    /// The certificates, and so HTTPS, as a PEM file; SIGHUP reads both files again
    #[arg(long, env = "WAYFARER_TLS_CERTIFICATES", requires = "tls_key", value_name = "FILE")]
    tls_certificates: Option<PathBuf>,

    /// The key of the first certificate, as a PEM file that only its owner can read
    #[arg(long, env = "WAYFARER_TLS_KEY", requires = "tls_certificates", value_name = "FILE", hide_env_values = true)]
    tls_key: Option<PathBuf>,

    /// The folder of the journeys that may be started [default: journeys]
    #[arg(long, env = "WAYFARER_JOURNEYS", value_name = "DIR")]
    journeys: Option<PathBuf>,

    /// The address by which others know this server, for tokens [default: http://localhost]
    #[arg(long, env = "WAYFARER_ISSUER", value_name = "URL")]
    issuer: Option<String>,

    #[command(flatten)]
    pub(crate) store: Store,

    #[command(flatten)]
    pub(crate) format: Formatted,
}

/// A flag leads over the environment, that over the configuration, and that over what is usual.
impl Serve {
    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen.or_else(|| self.store.config().listen).unwrap_or_else(|| local(8080))
    }

    pub(crate) fn admin_listen(&self) -> SocketAddr {
        let written = self.admin_listen.or_else(|| self.store.config().admin_listen);
        written.unwrap_or_else(|| local(9080))
    }

    pub(crate) fn tls(&self) -> Option<TlsFiles> {
        match (&self.tls_certificates, &self.tls_key) {
            (Some(certificates), Some(key)) => Some(TlsFiles { certificates: certificates.clone(), key: key.clone() }),
            _ => self.store.config().tls.clone(),
        }
    }

    pub(crate) fn journeys(&self) -> &Path {
        let written = self.journeys.as_deref().or_else(|| self.store.config().journeys.as_deref());
        written.unwrap_or_else(|| Path::new("journeys"))
    }

    pub(crate) fn issuer(&self) -> &str {
        let written = self.issuer.as_deref().or_else(|| self.store.config().issuer.as_deref());
        written.unwrap_or("http://localhost")
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
