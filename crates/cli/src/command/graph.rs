//! `graph`: a journey file comes in, its drawing goes out.

use anyhow::Result;
use serde_json::json;
use wayfarer_lang::graph;

use crate::args::{Drawing, Graph};
use crate::compose::Further;
use crate::console::Console;
use crate::failure::Failure;
use crate::output::findings::draw;
use crate::output::picture;
use crate::{Ending, compose, journey};

/// Draws a journey that has no errors. One whose ways prove too little is drawn with those ways marked, beside its findings; any
/// other has its findings alone as the answer.
pub(crate) fn perform(arguments: &Graph, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    let rules = arguments.catalogs.config.read.rules.known_to(&catalog)?;
    let (checked, _) = journey::check(&arguments.file, &catalog, &rules)?;
    let is_clean = checked.program.is_some();
    if !is_clean {
        for finding in &checked.findings {
            console.say(format_args!("{}\n", draw(&checked.source, finding)))?;
        }
    }
    let Some(graph) = checked.graph() else {
        if arguments.format == Drawing::Json {
            let findings: Vec<_> = checked.findings.iter().map(|finding| finding.to_json(&checked.source)).collect();
            console.print_json(&json!({ "findings": findings }))?;
        }
        return Ok(Ending::Bad);
    };
    match arguments.format {
        Drawing::Mermaid => console.print_text(&graph::mermaid(&graph))?,
        Drawing::Dot => console.print_text(&graph::dot(&graph))?,
        Drawing::Json => console.print_json(&graph::json(&graph))?,
        Drawing::Svg => {
            let picture = picture::svg(&graph).map_err(|error| {
                let failure = Failure::new("too_large", error.to_string());
                failure.help("take `--format dot`, and a program that lays it out".to_owned())
            });
            console.print_text(&picture?)?;
        }
    }
    Ok(if is_clean { Ending::Good } else { Ending::Bad })
}
