//! `dev`: a folder of journeys comes in; it is served as it is written, with everybody that is needed to try it.

mod people;
mod watch;

use anyhow::Result;

pub(super) use self::people::People;
pub(super) use self::watch::Watch;
use super::serve::{For, run};
use crate::Ending;
use crate::args::Dev;
use crate::compose::Further;
use crate::console::Console;

/// Serves until it is interrupted. Journeys with mistakes are shown, and their last good versions served.
pub(crate) fn perform(arguments: &Dev, further: &Further, console: &mut Console) -> Result<Ending> {
    run(&arguments.serve, For::Author, further, console)
}
