//! `explain`: the name of a finding, a step or a function comes in, its page goes out.

use anyhow::Result;
use wayfarer_lang::diagnostic::did_you_mean;
use wayfarer_lang::{Catalog, Code};

use crate::args::{Explain, Page};
use crate::compose::Further;
use crate::console::Console;
use crate::failure::Failure;
use crate::output::style::{NAME, TITLE, paint};
use crate::output::{page, reference};
use crate::{Ending, compose};

/// Shows the page, or all that there are pages for.
pub(crate) fn perform(arguments: &Explain, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    let Some(name) = &arguments.name else {
        return list(&catalog, console);
    };
    let found = find(name, &catalog).ok_or_else(|| {
        let names: Vec<String> = names(&catalog).collect();
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
    catalog.get(name).map(reference::step)
}

fn names(catalog: &Catalog) -> impl Iterator<Item = String> {
    let codes = Code::all().map(|code| code.id().to_owned());
    codes.chain(catalog.iter().map(|declaration| declaration.name.to_string()))
}

fn list(catalog: &Catalog, console: &mut Console) -> Result<Ending> {
    console.print(paint(TITLE, "Findings"))?;
    for code in Code::all() {
        console.print(format_args!("  {}  {}", paint(NAME, code.id()), code.title()))?;
    }
    console.print(format_args!("\n{}", paint(TITLE, "Forms and steps")))?;
    for declaration in catalog.iter() {
        console.print(format_args!("  {}  {}", paint(NAME, &declaration.name), declaration.summary))?;
    }
    Ok(Ending::Good)
}
