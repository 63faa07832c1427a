//! `openapi`: the document of what the server offers goes out, administration included.

use anyhow::Result;

use crate::Ending;
use crate::console::Console;

/// Prints the document.
pub(crate) fn perform(console: &mut Console) -> Result<Ending> {
    console.print(serde_json::to_string_pretty(&wayfarer_server::openapi())?)?;
    Ok(Ending::Good)
}
