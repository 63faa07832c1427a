//! The text of `wayfarer.yaml` comes in; settings within their bounds, or every mistake with its place, go out.

mod applications;
mod clients;
mod file;
mod limits;
mod listeners;
mod named_keys;
mod profile;
mod rates;
mod rules;
mod section;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing_subscriber::EnvFilter;
use wayfarer::engine;
use wayfarer::identity::{Application, Applications, Issuing, NewClient};
use wayfarer_lang::diagnostic::quoted;
use wayfarer_lang::text::Span;
use wayfarer_lang::{Code, Diagnostic, Findings, yaml};
use wayfarer_server::{Limits, Proxies};

pub(crate) use self::file::{Mistakes, load};
pub(crate) use self::listeners::{TlsFiles, is_issuer};
pub(crate) use self::named_keys::KeyFile;
pub(crate) use self::profile::Profile;
use self::section::Section;

/// More mistakes than anybody reads at once.
const MOST_FINDINGS: usize = 100;

/// What the file says; what it does not say is left to flags and defaults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) profile: Profile,
    /// Where applications call.
    pub(crate) listen: Option<SocketAddr>,
    /// Where operators ask.
    pub(crate) admin_listen: Option<SocketAddr>,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) keys: Option<PathBuf>,
    /// Where the keys lie that expressions may use, by alias.
    pub(crate) named_keys: BTreeMap<String, KeyFile>,
    pub(crate) issuer: Option<String>,
    pub(crate) journeys: Option<PathBuf>,
    pub(crate) catalogs: Vec<PathBuf>,
    applications: Option<BTreeMap<String, Application>>,
    /// What people call the applications that have a name.
    pub(crate) names: BTreeMap<String, Arc<str>>,
    /// The clients that shall be there.
    pub(crate) clients: Vec<NewClient>,
    pub(crate) http: Limits,
    /// What stands before the listener for applications.
    pub(crate) proxies: Proxies,
    pub(crate) runs: engine::Limits,
    pub(crate) log: Option<String>,
    /// What is asked of the ways through journeys.
    pub(crate) rules: rules::Written,
}

impl Config {
    /// Reads a file's bytes. Paths in it are those seen from `folder`. `profile` leads over the one in the file.
    pub(crate) fn read(bytes: &[u8], folder: &Path, profile: Option<Profile>) -> (Self, Findings) {
        let (document, findings) = yaml::read(bytes, &yaml::Budget::default());
        let Some(document) = document else {
            // A file without a value in it is one whose lines are all comments.
            let empty = findings.iter().all(|finding| finding.code == Code::EMPTY);
            let findings = if empty { Findings::new() } else { findings };
            return (Self::of(profile.unwrap_or_default()), findings);
        };
        let mut root = Section::new("the configuration", document.root());
        let config = Self::lower(&mut root, folder, profile);
        let mut all = findings;
        all.extend(root.end());
        all.limit(MOST_FINDINGS);
        (config, all)
    }

    /// What holds without a file.
    pub(crate) fn of(profile: Profile) -> Self {
        Self { profile, ..Self::default() }
    }

    fn lower(root: &mut Section<'_>, folder: &Path, profile: Option<Profile>) -> Self {
        let written = root.parsed("profile", "one of `mosaic-compatible` and `hardened`", Profile::find);
        let profile = profile.or(written).unwrap_or_default();
        let (listen, admin_listen) = listeners::listen(root);
        let (applications, members) = applications::read(root, profile);
        let (applications, names) = applications.unzip();
        let known = applications
            .as_ref()
            .map_or_else(|| vec!["default".to_owned()], |all: &BTreeMap<_, _>| all.keys().cloned().collect());
        let clients = clients::read(root, profile, &known, &members);
        let (http, runs) = limits::read(root);
        Self {
            profile,
            listen,
            admin_listen,
            tls: listeners::tls(root, folder),
            data: root.path("data", folder),
            keys: root.path("keys", folder),
            named_keys: named_keys::read(root, folder),
            issuer: listeners::issuer(root, profile),
            journeys: root.path("journeys", folder),
            catalogs: root.texts("catalogs").into_iter().map(|path| folder.join(&*path.value)).collect(),
            applications,
            names: names.unwrap_or_default(),
            clients,
            http,
            proxies: rates::proxies(root),
            runs,
            rules: rules::read(root),
            log: root.parsed("log", "a filter such as `wayfarer_engine=debug`", |text| {
                EnvFilter::try_new(text).is_ok().then(|| text.to_owned())
            }),
        }
    }

    /// The applications, under an issuer.
    pub(crate) fn applications(&self, issuer: &str) -> anyhow::Result<Applications> {
        let by_id = match &self.applications {
            Some(by_id) => by_id.clone(),
            None => BTreeMap::from([("default".to_owned(), applications::default(self.profile))]),
        };
        let strict = self.profile.is_hardened();
        let issuing = Issuing { agent: strict, evidence: strict };
        Ok(Applications::new(by_id)?.with_issuer(issuer).with_issuing(issuing))
    }
}

/// The finding for what the profile does not allow.
fn too_weak(span: Span, what: &str, value: &str, cure: &str) -> Diagnostic {
    let message = format!("the profile `hardened` allows no {what} {}", quoted(value));
    Diagnostic::error(Code::TOO_WEAK, span, message).help(cure)
}

#[cfg(test)]
mod tests;
