//! The words of `dev`.

use clap::Args;

use super::Serve;

#[derive(Debug, Args)]
pub(crate) struct Dev {
    #[command(flatten)]
    pub(crate) serve: Serve,
}
