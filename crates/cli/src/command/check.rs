//! `check`: files and folders come in; every finding in every file goes out.

use anyhow::{Error, Result};
use serde_json::json;

use crate::args::{Check, Format};
use crate::compose::Further;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::CONFIGURATION;
use crate::output::failure::{object, show};
use crate::output::findings::{Tally, draw};
use crate::output::style::{BAD, GOOD, NOTICE, QUIET, paint};
use crate::output::text::{count, safe};
use crate::{Ending, compose, config, journey};

/// Checks all, also behind a file that cannot be opened or is full of mistakes.
pub(crate) fn perform(arguments: &Check, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    let json = arguments.format.format == Format::Json;
    let (mut tally, mut checked, mut faulty) = (Tally::default(), 0, 0);
    let mut listed = Vec::new();
    let (configurations, journeys): (Vec<_>, Vec<_>) =
        arguments.paths.iter().cloned().partition(|path| path.file_name().is_some_and(|name| name == CONFIGURATION));
    for path in &configurations {
        // Its mistakes end it, as they end every command.
        config::load(Some(path), None)?;
        if !json {
            console.say(format_args!("{} in {}", paint(GOOD, tally.words()), safe(&path.display().to_string())))?;
        }
    }
    let (groups, mut unread) = journey::together(&journeys);
    for group in groups {
        let (files, errors) = group.check(&catalog);
        unread.extend(errors);
        for journey in files {
            checked += 1;
            faulty += usize::from(!journey.findings.is_empty());
            tally.add(&journey.findings);
            for finding in &journey.findings {
                if json {
                    listed.push(finding.to_json(&journey.source));
                } else {
                    console.print(format_args!("{}\n", draw(&journey.source, finding)))?;
                }
            }
        }
    }
    if json {
        let mut report = json!({ "findings": listed });
        if let (Some(error), Some(report)) = (several(&unread), report.as_object_mut()) {
            report.insert("error".to_owned(), error);
        }
        console.print_json(&report)?;
    } else if checked > 0 {
        say_sum(console, tally, checked, faulty)?;
    }
    for error in &unread {
        show(console, error, false)?;
    }
    let denied = tally.errors > 0 || arguments.deny.is_some() && tally.warnings > 0;
    Ok(match (unread.is_empty(), denied) {
        (false, _) => Ending::Failed,
        (true, true) => Ending::Bad,
        (true, false) => Ending::Good,
    })
}

/// All that could not be read, as one error.
fn several(unread: &[Error]) -> Option<serde_json::Value> {
    match unread {
        [] => None,
        [one] => Some(object(one)),
        [first, rest @ ..] => {
            let further =
                format!("{}; and {}", crate::output::failure::sentence(first), count(rest.len(), "more like it"));
            Some(object(&Failure::new(crate::failure::code(first), further).into()))
        }
    }
}

fn say_sum(console: &mut Console, tally: Tally, checked: usize, faulty: usize) -> std::io::Result<()> {
    let (style, word) = match tally {
        Tally { errors: 1.., .. } => (BAD, tally.words()),
        Tally { warnings: 1.., .. } => (NOTICE, tally.words()),
        _ => (GOOD, tally.words()),
    };
    let files = count(checked, "journey");
    if faulty == 0 {
        return console.say(format_args!("{} in {files}", paint(style, word)));
    }
    console.say(format_args!("{} in {faulty} of {files}", paint(style, word)))?;
    console.say(paint(QUIET, "`wayfarer explain CODE` tells more about a finding"))
}
