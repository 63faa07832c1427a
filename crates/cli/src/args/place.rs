//! The words that say by what a verb works: the configuration, the store, the catalogues, and who asks for what form.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::{Audit, Check, Client, Code, Explain, Format, Graph, Schema, Steps, User, Verb};
use crate::config::{self, Config, Mistakes, Profile};

/// Where the configuration is, and what it says once it was read.
#[derive(Debug, Default, Args)]
pub(crate) struct ConfigFile {
    /// The configuration [default: wayfarer.yaml, if it is there]
    #[arg(long = "config", env = "WAYFARER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    #[arg(skip)]
    pub(crate) read: Arc<Config>,
}

/// Steps beyond those that this program holds.
#[derive(Debug, Default, Args)]
pub(crate) struct Catalogs {
    /// Know the steps of a catalogue file too, as `steps --format json` writes it
    #[arg(long = "catalog", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigFile,
}

/// Which store, with which keys, and by which rules.
#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(flatten)]
    pub(crate) config: ConfigFile,

    /// The folder that holds the state [default: .wayfarer]
    #[arg(long, env = "WAYFARER_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// The key file [default: DIR.keys, beside the folder]
    #[arg(long, env = "WAYFARER_KEYS", value_name = "FILE", hide_env_values = true)]
    keys: Option<PathBuf>,

    /// How strict it is [default: mosaic-compatible]
    #[arg(long, env = "WAYFARER_PROFILE", value_enum, value_name = "NAME")]
    profile: Option<Profile>,
}

impl Store {
    /// What the configuration says.
    pub(crate) fn config(&self) -> &Config {
        &self.config.read
    }

    /// The folder that holds the state.
    pub(crate) fn data(&self) -> &Path {
        let written = self.data.as_deref().or_else(|| self.config().data.as_deref());
        written.unwrap_or_else(|| Path::new(".wayfarer"))
    }

    /// The socket of the server that holds the state.
    pub(crate) fn socket(&self) -> PathBuf {
        self.data().join("admin.sock")
    }

    /// The key file, if one is named.
    pub(crate) fn keys(&self) -> Option<&Path> {
        self.keys.as_deref().or_else(|| self.config().keys.as_deref())
    }
}

/// Which store, whose keys, and who asks.
#[derive(Debug, Args)]
pub(crate) struct Place {
    #[command(flatten)]
    pub(crate) store: Store,

    /// Work at a running server, by its listener for operators, such as `http://127.0.0.1:9080`; the client's id and secret are
    /// in WAYFARER_CLIENT_ID and WAYFARER_CLIENT_SECRET
    #[arg(long, env = "WAYFARER_SERVER", value_name = "URL", hide_env_values = true)]
    pub(crate) server: Option<String>,

    /// Who acts, for the audit trail
    #[arg(long = "as", env = "USER", default_value = "operator", value_name = "NAME", hide_env_values = true)]
    pub(crate) actor: String,

    #[command(flatten)]
    pub(crate) format: Formatted,
}

/// For whom the output is.
#[derive(Debug, Args)]
pub(crate) struct Formatted {
    /// For whom the output is
    #[arg(long = "format", value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}

impl Verb {
    /// Reads the configuration that the verb works by, if it does. What it says lies in the arguments then, and comes back.
    pub(crate) fn settle(&mut self) -> anyhow::Result<Arc<Config>> {
        let lenient = matches!(self, Self::Explain(_));
        let Some((file, profile)) = self.config() else { return Ok(Arc::default()) };
        match config::load(file.config.as_deref(), profile) {
            Ok(config) => file.read = Arc::new(config),
            // It is asked what a mistake means, perhaps one of those in that file.
            Err(error) if lenient && error.is::<Mistakes>() => {}
            Err(error) => return Err(error),
        }
        Ok(file.read.clone())
    }

    fn config(&mut self) -> Option<(&mut ConfigFile, Option<Profile>)> {
        let store = match self {
            Self::Demo(_) | Self::New(_) | Self::Fmt(_) | Self::Eval(_) | Self::Openapi => return None,
            Self::Check(Check { catalogs, .. })
            | Self::Graph(Graph { catalogs, .. })
            | Self::Explain(Explain { catalogs, .. })
            | Self::Steps(Steps { catalogs, .. })
            | Self::Schema(Schema { catalogs }) => return Some((&mut catalogs.config, None)),
            Self::Run(run) => &mut run.place.store,
            Self::User(User::Add(user)) => &mut user.place.store,
            Self::User(User::Update(user)) => &mut user.place.store,
            Self::User(User::Show(user) | User::Disable(user) | User::Enable(user) | User::Delete(user))
            | Self::Code(Code::Revoke(user)) => &mut user.place.store,
            Self::Code(Code::Issue(code)) => &mut code.place.store,
            Self::Code(Code::Unlock(code) | Code::Enable(code)) => &mut code.place.store,
            Self::Client(Client::Add(client)) => &mut client.place.store,
            Self::Client(Client::Rotate(client) | Client::Disable(client) | Client::Enable(client)) => {
                &mut client.place.store
            }
            Self::Client(Client::List(clients)) => &mut clients.place.store,
            Self::Journey(journey) => &mut journey.place_mut().store,
            Self::Key(key) => &mut key.place_mut().store,
            Self::Dev(dev) => &mut dev.serve.store,
            Self::Serve(serve) => &mut serve.store,
            Self::Audit(Audit::Show(audit)) => &mut audit.place.store,
            Self::Audit(Audit::Verify(audit)) => &mut audit.place.store,
        };
        let profile = store.profile;
        Some((&mut store.config, profile))
    }
}
