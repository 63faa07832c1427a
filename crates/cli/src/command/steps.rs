//! `steps`: what may stand after `type:` goes out, as a list or as a catalogue file.

use anyhow::Result;
use wayfarer_lang::catalog::Origin;

use crate::args::{Format, Steps};
use crate::compose::Further;
use crate::console::Console;
use crate::output::style::{QUIET, TITLE, paint};
use crate::output::table::names;
use crate::{Ending, compose};

/// Lists forms and steps.
pub(crate) fn perform(arguments: &Steps, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    if arguments.format.format == Format::Json {
        console.print(catalog.to_json()?)?;
        return Ok(Ending::Good);
    }
    for (origin, title) in [(Origin::Form, "Forms steer the run"), (Origin::Step, "Steps do the work")] {
        let rows: Vec<_> = catalog
            .iter()
            .filter(|declaration| declaration.origin == origin)
            .map(|declaration| {
                let exits: Vec<_> = declaration.exits.iter().map(|exit| &*exit.name).collect();
                let exits = if exits.is_empty() { "ends the run".to_owned() } else { exits.join(", ") };
                [declaration.name.to_string(), exits, declaration.summary.clone()]
            })
            .collect();
        console.print(paint(TITLE, title))?;
        for line in names(&rows) {
            console.print(line)?;
        }
        console.print("")?;
    }
    console.say(paint(
        QUIET,
        "`wayfarer explain NAME` shows parameters and exits; `--format json` writes a catalogue file",
    ))?;
    Ok(Ending::Good)
}
