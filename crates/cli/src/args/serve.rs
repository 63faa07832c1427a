//! The words of `serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::{Formatted, Store};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where applications call, by HTTP; port 0 takes any that is free
    #[arg(long, env = "WAYFARER_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,

    /// Where operators ask whether it lives and is ready
    #[arg(long, env = "WAYFARER_ADMIN_LISTEN", default_value = "127.0.0.1:9080", value_name = "ADDRESS")]
    pub(crate) admin_listen: SocketAddr,

    /// The folder of the journeys that may be started
    #[arg(long, env = "WAYFARER_JOURNEYS", default_value = "journeys", value_name = "DIR")]
    pub(crate) journeys: PathBuf,

    /// The address by which others know this server, for tokens: `https://id.example.com`
    #[arg(long, env = "WAYFARER_ISSUER", default_value = "http://localhost", value_name = "URL")]
    pub(crate) issuer: String,

    #[command(flatten)]
    pub(crate) store: Store,

    #[command(flatten)]
    pub(crate) format: Formatted,
}
