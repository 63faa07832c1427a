//! `explain`: the name of a finding, a step or a function comes in, its page goes out.

use anyhow::Result;
use serde_json::{Value as Json, json};
use wayfarer_lang::catalog::Origin;
use wayfarer_lang::diagnostic::did_you_mean;
use wayfarer_lang::expr::functions::{self, Function};
use wayfarer_lang::{Catalog, Code, Declaration};

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
        return match arguments.format {
            Page::Json => Ok(console.print_json(&all(&catalog)).map(|()| Ending::Good)?),
            Page::Human | Page::Markdown => list(&catalog, console),
        };
    };
    let found = find(name, &catalog).ok_or_else(|| {
        let names: Vec<String> = known_names(&catalog).collect();
        let bare = bare(name);
        let begins = |known: &&String| bare.len() > 2 && known.starts_with(bare);
        let help = did_you_mean(bare, names.iter().map(String::as_str))
            .or_else(|| names.iter().find(begins).map(|known| format!("did you mean `{known}`?")))
            .or_else(|| Some("`wayfarer explain` without a name lists all there is".to_owned()));
        Failure::new("unknown_name", format!("there is no finding, step or function `{}`", name.escape_debug()))
            .help(help)
    })?;
    match arguments.format {
        Page::Human => console.print(page::terminal(&found.page()))?,
        Page::Markdown => console.print(found.page().trim_end())?,
        Page::Json => console.print_json(&found.whole())?,
    }
    Ok(Ending::Good)
}

/// Something that has a page.
enum Found<'a> {
    Finding(Code),
    Step(&'a Declaration),
    Function(&'static Function),
}

impl Found<'_> {
    /// The page, in Markdown.
    fn page(&self) -> String {
        match self {
            Self::Finding(code) => code.page().to_owned(),
            Self::Step(declaration) => reference::step(declaration),
            Self::Function(function) => reference::function(function),
        }
    }

    /// The line for machines: what it is, its name, and what it is about.
    fn line(&self) -> Json {
        match self {
            Self::Finding(code) => {
                json!({ "kind": "finding", "name": code.id(), "about": code.title(), "severity": code.severity().word() })
            }
            Self::Step(declaration) => {
                let kind = if declaration.origin == Origin::Form { "form" } else { "step" };
                json!({ "kind": kind, "name": declaration.name, "about": declaration.summary })
            }
            Self::Function(function) => json!({
                "kind": "function",
                "name": full_name(function),
                "about": about(function),
                "signature": function.signature(),
            }),
        }
    }

    /// The line and the page.
    fn whole(&self) -> Json {
        let mut whole = self.line();
        if let Some(whole) = whole.as_object_mut() {
            whole.insert("page".to_owned(), self.page().into());
        }
        whole
    }
}

fn find<'a>(name: &str, catalog: &'a Catalog) -> Option<Found<'a>> {
    if let Some(code) = Code::find(name) {
        return Some(Found::Finding(code));
    }
    if let Some(declaration) = catalog.get(name) {
        return Some(Found::Step(declaration));
    }
    // As in an expression, `@map` is `@std.map`.
    let (namespace, function) = bare(name).split_once('.').unwrap_or_else(|| ("std", bare(name)));
    functions::find(namespace, function).map(Found::Function)
}

/// The name without the marks of a call.
fn bare(name: &str) -> &str {
    let name = name.trim_start_matches('@');
    name.split_once('(').map_or(name, |(name, _)| name)
}

/// Everything that has a page, for machines.
fn all(catalog: &Catalog) -> Json {
    let findings = Code::all().map(Found::Finding);
    let all = findings.chain(catalog.iter().map(Found::Step));
    let all = all.chain(functions::all().iter().map(|function| Found::Function(function)));
    json!({ "pages": all.map(|found| found.line()).collect::<Vec<_>>() })
}

/// The first sentence about a function.
fn about(function: &Function) -> String {
    let doc = function.doc;
    doc.split_once(". ").map_or(doc, |(first, _)| first).trim_end_matches('.').to_owned()
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
    let functions = functions::all().iter().map(|function| [full_name(function), about(function)]).collect();
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
