//! Arguments come in; the parts that this program runs on are picked and go out: steps, store, keys, and who acts.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use wayfarer::engine::LoadError;
use wayfarer::identity::Declared;
use wayfarer::step::{Actor, AnyStep};
use wayfarer::{Builder, OpenError, TenantId, Wayfarer};
use wayfarer_lang::{Catalog, Rules};

use crate::args::{Catalogs, Place, Store};
use crate::config::Config;
use crate::failure::Failure;
use crate::{files, named_keys};

/// The step types beside the built-in ones: those of the program that called us.
pub(crate) type Further = [Arc<dyn AnyStep>];

/// What journeys may use: the forms, the built-in steps, those of the host, and those of catalogue files.
pub(crate) fn catalog(further: &Further, catalogs: &Catalogs) -> Result<Catalog> {
    let mut catalog = Catalog::forms();
    for step in wayfarer::steps::all().iter().chain(further) {
        catalog.insert(step.declaration()?)?;
    }
    for path in catalogs.files.iter().chain(&catalogs.config.read.catalogs) {
        let more = Catalog::from_json(&files::catalog(path)?).and_then(|more| catalog.merge(more));
        more.with_context(|| format!("cannot use the catalogue `{}`", path.display()))?;
    }
    Ok(catalog)
}

/// The rules of a configuration, if there is every step type that they name, be it only in a catalogue file.
pub(crate) fn rules(config: &Config, further: &Further) -> Result<Arc<Rules>> {
    let catalogs = Catalogs { files: config.catalogs.clone(), ..Catalogs::default() };
    config.rules.known_to(&catalog(further, &catalogs)?)
}

/// An open store, and on whose behalf it is used.
pub(crate) struct Host {
    pub(crate) wayfarer: Wayfarer,
    pub(crate) actor: Actor,
}

impl Host {
    /// Opens the store of a place for administration, with the steps of the program that called us. A wrong folder is a mistake,
    /// and no reason to make a store there.
    pub(crate) async fn open(place: &Place, further: &Further) -> Result<Self> {
        if place.server.is_none() && files::is_empty_folder(place.store.data())? {
            let message = format!("there is no store in `{}`", place.store.data().display());
            let help = "name its folder by `--data`; `wayfarer user add` makes a new one".to_owned();
            return Err(Failure::new("no_store", message).help(help).into());
        }
        Self::with(place, "default", further, Vec::new()).await
    }

    /// Opens the store of a place, and makes it if there is none.
    pub(crate) async fn open_or_make(place: &Place, further: &Further) -> Result<Self> {
        Self::with(place, "default", further, Vec::new()).await
    }

    /// Opens the store of a place to run a journey for an application.
    pub(crate) async fn with(
        place: &Place,
        application: &str,
        further: &Further,
        journeys: Vec<(String, String)>,
    ) -> Result<Self> {
        if place.server.is_some() {
            let message = "this command works on the store, and not through a server";
            let help = "leave `--server` and WAYFARER_SERVER out, and run it where the store is".to_owned();
            return Err(Failure::usage(message).help(help).into());
        }
        let mut builder = builder(&place.store)?.application(application);
        for step in further {
            builder = builder.shared_step(step.clone());
        }
        for (name, text) in journeys {
            builder = builder.journey(name, text);
        }
        let actor = Actor::operator(&actor_name(&place.actor)?);
        Ok(Self { wayfarer: builder.open().await.map_err(opening)?, actor })
    }

    /// The tenant of the command line.
    pub(crate) fn tenant(&self) -> &TenantId {
        self.wayfarer.tenant()
    }
}

/// Where the keys of a store are.
pub(crate) fn key_path(store: &Store) -> Result<PathBuf> {
    match store.keys() {
        Some(keys) => Ok(keys.to_owned()),
        None => files::keys_beside(store.data()),
    }
}

/// A host on the store of this machine, which is made if there is none.
pub(crate) fn builder(store: &Store) -> Result<Builder> {
    let (data, config) = (store.data(), store.config());
    let keys = key_path(store)?;
    if !files::is_empty_folder(data)? && !files::exists(&keys) {
        // A new key file would only hide what is missing: the store opens with its own keys or not at all.
        let message =
            format!("the store in `{}` needs its key file, and `{}` is not there", data.display(), keys.display());
        return Err(Failure::new("key_file_missing", message)
            .help("give the key file that the store was made with, by `--keys` or `WAYFARER_KEYS`".to_owned())
            .into());
    }
    files::private_folder(data)?;
    let applications = config.applications(config.issuer.as_deref().unwrap_or("http://localhost"))?;
    let named = named_keys::read(&config.named_keys)?;
    let builder = Wayfarer::in_folder(data, keys).applications(applications).limits(config.runs.clone());
    Ok(builder.rules(config.rules.all()).named_keys(named))
}

/// Brings the clients of the store to what the configuration says, and tells what was changed.
pub(crate) async fn declare(wayfarer: &Wayfarer, config: &Config) -> Result<Vec<(Arc<str>, Declared)>> {
    let actor = Actor { kind: "configuration".into(), id: "wayfarer.yaml".into() };
    Ok(wayfarer.identity().declare_clients(wayfarer.tenant(), &actor, &config.clients).await?)
}

/// Findings are shown before a journey gets here; should the engine see more, it says the first.
pub(crate) fn opening(error: OpenError) -> anyhow::Error {
    match error {
        OpenError::Journeys(LoadError::Engine(error)) => error.into(),
        OpenError::Journeys(LoadError::Findings { files }) => {
            let first = files.iter().flat_map(|(_, findings)| findings).next();
            let message = first.map_or_else(String::new, |finding| finding.message.clone());
            Failure::new("journey_refused", format!("the engine refuses the journey: {message}")).into()
        }
        other => other.into(),
    }
}

/// A name that fits in one line of the audit trail.
pub(crate) fn actor_name(name: &str) -> Result<String> {
    let fits = (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits {
        Ok(name.to_owned())
    } else {
        Err(Failure::usage("`--as` takes 1 to 64 characters without control characters").into())
    }
}

/// Runs a command to its end on every core.
pub(crate) fn block_on_all<T>(command: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("cannot start the runtime")?.block_on(command)
}

/// Runs a command to its end on this thread.
pub(crate) fn block_on<T>(command: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start the runtime")?.block_on(command)
}
