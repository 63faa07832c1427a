//! `explain`: the name of a finding, a step or a function comes in, its page goes out.

use anyhow::Result;
use wayfarer_lang::diagnostic::did_you_mean;
use wayfarer_lang::expr::functions::{self, Function};
use wayfarer_lang::{Catalog, Code};

use crate::args::{Explain, Page};
use crate::compose::Further;
use crate::console::Console;
use crate::failure::Failure;
use crate::output::style::{TITLE, paint};
use crate::output::{page, reference, table};
use crate::{Ending, compose};

/// Shows the page, or all that there are pages for.
pub(crate) fn perform(arguments: &Explain, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    let Some(name) = &arguments.name else {
        return list(&catalog, console);
    };
    let found = find(name, &catalog).ok_or_else(|| {
        let names: Vec<String> = known_names(&catalog).collect();
        let begins = |known: &&String| name.len() > 2 && known.starts_with(name.as_str());
        let help = did_you_mean(name, names.iter().map(String::as_str))
            .or_else(|| names.iter().find(begins).map(|known| format!("did you mean `{known}`?")))
            .or_else(|| Some("`wayfarer explain` without a name lists all there is".to_owned()));
        Failure::new("unknown_name", format!("there is no finding, step or function `{}`", name.escape_debug()))
            .help(help)
    })?;
    match arguments.format {
        Page::Human => console.print(page::terminal(&found))?,
        Page::Markdown => console.print(found.trim_end())?,
    }
    Ok(Ending::Good)
}

fn find(name: &str, catalog: &Catalog) -> Option<String> {
    if let Some(code) = Code::find(name) {
        return Some(code.page().to_owned());
    }
    if let Some(declaration) = catalog.get(name) {
        return Some(reference::step(declaration));
    }
    let (namespace, function) = name.trim_start_matches('@').trim_end_matches("()").split_once('.')?;
    functions::find(namespace, function).map(reference::function)
}

fn full_name(function: &Function) -> String {
    format!("{}.{}", function.namespace, function.name)
}

fn known_names(catalog: &Catalog) -> impl Iterator<Item = String> {
    let codes = Code::all().map(|code| code.id().to_owned());
    let steps = catalog.iter().map(|declaration| declaration.name.to_string());
    codes.chain(steps).chain(functions::all().iter().map(|function| full_name(function)))
}

fn list(catalog: &Catalog, console: &mut Console) -> Result<Ending> {
    let codes = Code::all().map(|code| [code.id().to_owned(), code.title().to_owned()]).collect();
    let steps = catalog.iter().map(|entry| [entry.name.to_string(), entry.summary.clone()]).collect();
    let about =
        |doc: &'static str| doc.split_once(". ").map_or(doc, |(first, _)| first).trim_end_matches('.').to_owned();
    let functions = functions::all().iter().map(|function| [full_name(function), about(function.doc)]).collect();
    let sections: [(_, Vec<_>); 3] = [("Findings", codes), ("Forms and steps", steps), ("Functions", functions)];
    for (index, (title, rows)) in sections.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        console.print(format_args!("{gap}{}", paint(TITLE, title)))?;
        for line in table::names(rows) {
            console.print(line)?;
        }
    }
    Ok(Ending::Good)
}
