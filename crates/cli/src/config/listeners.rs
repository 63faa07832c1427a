//! The sections about the network come in; addresses, certificates and the issuer go out.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::section::Section;
use super::{Profile, too_weak};

/// Where the certificates and their key lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    pub(crate) certificates: PathBuf,
    pub(crate) key: PathBuf,
}

/// `listen: { public, admin }`.
pub(super) fn listen(root: &mut Section<'_>) -> (Option<SocketAddr>, Option<SocketAddr>) {
    let wanted = "an address and a port, such as `127.0.0.1:8080`";
    let address = |text: &str| text.parse::<SocketAddr>().ok();
    let both = root
        .within("listen", |listen| (listen.parsed("public", wanted, address), listen.parsed("admin", wanted, address)));
    both.unwrap_or_default()
}

/// `tls: { certificates, key }`.
pub(super) fn tls(root: &mut Section<'_>, folder: &Path) -> Option<TlsFiles> {
    root.within("tls", |tls| {
        let (certificates, key) = (tls.path("certificates", folder), tls.path("key", folder));
        if tls.lacks("certificates") {
            tls.missing("certificates", "name the PEM file with the certificate and those that vouch for it");
        }
        if tls.lacks("key") {
            tls.missing("key", "name the PEM file with the private key, readable by its owner alone");
        }
        Some(TlsFiles { certificates: certificates?, key: key? })
    })
    .flatten()
}

/// `issuer`.
pub(super) fn issuer(root: &mut Section<'_>, profile: Profile) -> Option<String> {
    let text = root.text("issuer")?;
    let wanted = "an address such as `https://id.example.com`, without `?` and `#`";
    let issuer = root.parse("issuer", &text, wanted, |text| is_issuer(text).then(|| text.to_owned()))?;
    if profile.is_hardened() && !issuer.starts_with("https://") {
        root.find(too_weak(text.span, "issuer", &issuer, "let it begin with `https://`"));
    }
    Some(issuer)
}

/// Whether it is an address as tokens name it: with a scheme and a host, and without what an issuer may not have (OpenID
/// Connect Discovery 1.0 section 2).
pub(crate) fn is_issuer(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest.chars().all(|c| c.is_ascii_graphic() && !"?#@\\\"<>".contains(c))
    })
}
