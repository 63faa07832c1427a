//! The words of `demo`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Leave the server up afterwards, and say how to call it
    #[arg(long)]
    pub(crate) keep: bool,
}
