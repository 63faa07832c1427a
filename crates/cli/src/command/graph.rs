//! `graph`: a journey file comes in, its drawing goes out.

use anyhow::Result;
use wayfarer_lang::graph::mermaid;

use crate::args::{Drawing, Graph};
use crate::compose::Further;
use crate::console::Console;
use crate::output::findings::draw;
use crate::{Ending, compose, journey};

/// Draws a journey that has no errors; otherwise its findings are the answer.
pub(crate) fn perform(arguments: &Graph, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    let rules = arguments.catalogs.config.read.rules.known_to(&catalog)?;
    let (checked, _) = journey::check(&arguments.file, &catalog, &rules)?;
    let Some(program) = checked.program else {
        for finding in &checked.findings {
            console.say(format_args!("{}\n", draw(&checked.source, finding)))?;
        }
        return Ok(Ending::Bad);
    };
    match arguments.format {
        Drawing::Mermaid => console.print(mermaid(&program).trim_end())?,
    }
    Ok(Ending::Good)
}
