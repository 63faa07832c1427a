//! `schema`: what may stand after `type:` comes in, the JSON Schema of journey files goes out.

use anyhow::Result;
use wayfarer_lang::schema::journey_schema;

use crate::args::Schema;
use crate::compose::Further;
use crate::console::Console;
use crate::{Ending, compose};

/// Prints the schema.
pub(crate) fn perform(arguments: &Schema, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    console.print(serde_json::to_string_pretty(&journey_schema(&catalog))?)?;
    Ok(Ending::Good)
}
