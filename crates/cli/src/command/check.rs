//! `check`: files and folders come in; every finding in every file goes out.

mod fix;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Error, Result};
use serde_json::{Map, Value as Json, json};
use wayfarer_lang::{Assumed, Checked};

use crate::args::{Check, Report};
use crate::compose::Further;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::CONFIGURATION;
use crate::output::failure::{object, show};
use crate::output::findings::{Tally, draw};
use crate::output::style::{BAD, GOOD, NOTICE, QUIET, paint};
use crate::output::text::{count, safe};
use crate::output::{github, sarif};
use crate::{Ending, compose, config, journey};

/// Checks all, also behind a file that cannot be opened or is full of mistakes.
pub(crate) fn perform(arguments: &Check, further: &Further, console: &mut Console) -> Result<Ending> {
    let catalog = compose::catalog(further, &arguments.catalogs)?;
    let rules = arguments.catalogs.config.read.rules.known_to(&catalog)?;
    let format = arguments.format;
    let (configurations, journeys): (Vec<_>, Vec<_>) =
        arguments.paths.iter().cloned().partition(|path| path.file_name().is_some_and(|name| name == CONFIGURATION));
    for path in &configurations {
        // Its mistakes end it, as they end every command.
        config::load(Some(path), None)?.rules.known_to(&catalog)?;
        if format != Report::Json {
            let words = paint(GOOD, Tally::default().words());
            console.say(format_args!("{words} in {}", safe(&path.display().to_string())))?;
        }
    }
    let (groups, mut unread) = journey::together(&journeys);
    let mut fixed = Vec::new();
    if arguments.fix {
        for group in &groups {
            fix::fix(group, &catalog, &rules, &mut fixed)?;
        }
        for (file, number) in &fixed {
            console.say(format_args!("fixed {} in {}", count(*number, "finding"), safe(file)))?;
        }
    }
    let mut files = Vec::new();
    for group in groups {
        let (checked, errors) = group.check(&catalog, &rules);
        unread.extend(errors);
        files.extend(checked);
    }
    let mut tally = Tally::default();
    files.iter().for_each(|file| tally.add(&file.findings));
    let assumed = assumed(&files)?;
    report(&files, &unread, (&fixed, &assumed), arguments, console)?;
    if format != Report::Json && !files.is_empty() {
        say_sum(console, tally, &files)?;
        if !assumed.is_empty() {
            let names: Vec<_> = assumed.iter().map(|one| safe(&one.step)).collect();
            let line = format!("this rests on what steps declare that are not built in: {}", names.join(", "));
            console.say(paint(QUIET, &line))?;
        }
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

/// The findings, for those who read them.
fn report(
    files: &[Checked],
    unread: &[Error],
    (fixed, assumed): (&[(String, usize)], &[Assumed]),
    arguments: &Check,
    console: &mut Console,
) -> std::io::Result<()> {
    let findings = || files.iter().flat_map(|file| file.findings.iter().map(|finding| (&file.source, finding)));
    match arguments.format {
        Report::Human => {
            findings().try_for_each(|(source, finding)| console.print(format_args!("{}\n", draw(source, finding))))
        }
        Report::Github => {
            findings().try_for_each(|(source, finding)| console.print(github::annotation(source, finding)))
        }
        Report::Sarif => {
            let found = files
                .iter()
                .flat_map(|file| file.findings.iter().map(|finding| (&file.source, file.journey.as_ref(), finding)));
            console.print_json(&sarif::log(found, unread))
        }
        Report::Json => {
            let listed: Vec<_> = findings().map(|(source, finding)| finding.to_json(source)).collect();
            let mut report = Map::from_iter([("findings".to_owned(), json!(listed))]);
            if arguments.fix {
                let fixed: Vec<_> = fixed.iter().map(|(file, count)| json!({ "file": file, "fixed": count })).collect();
                report.insert("fixed".to_owned(), json!(fixed));
            }
            if !assumed.is_empty() {
                report.insert("assumptions".to_owned(), assumed.iter().map(told).collect());
            }
            if let Some(error) = several(unread) {
                report.insert("error".to_owned(), error);
            }
            console.print_json(&report.into())
        }
    }
}

/// What is taken for granted of the steps that this program does not hold itself, each once.
fn assumed(files: &[Checked]) -> Result<Vec<Assumed>> {
    let own =
        wayfarer::steps::all().iter().map(|step| Ok(step.declaration()?.name)).collect::<Result<Vec<Arc<str>>>>()?;
    let all = files.iter().flat_map(|file| &file.assumed).filter(|one| !own.contains(&one.step));
    let by_name: BTreeMap<_, _> = all.map(|one| (one.step.clone(), one.clone())).collect();
    Ok(by_name.into_values().collect())
}

/// The same of one step, for machines.
fn told(assumed: &Assumed) -> Json {
    let verifies = assumed.verifies.as_ref().map(|it| json!({ "method": &*it.method, "exit": &*it.exit }));
    json!({
        "step": &*assumed.step,
        "version": assumed.version,
        "verifies": verifies,
        "identifies": assumed.identifies,
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

fn say_sum(console: &mut Console, tally: Tally, checked: &[Checked]) -> std::io::Result<()> {
    let faulty = checked.iter().filter(|file| !file.findings.is_empty()).count();
    let (style, word) = match tally {
        Tally { errors: 1.., .. } => (BAD, tally.words()),
        Tally { warnings: 1.., .. } => (NOTICE, tally.words()),
        _ => (GOOD, tally.words()),
    };
    let files = count(checked.len(), "journey");
    if faulty == 0 {
        return console.say(format_args!("{} in {files}", paint(style, word)));
    }
    console.say(format_args!("{} in {faulty} of {files}", paint(style, word)))?;
    console.say(paint(QUIET, "`wayfarer explain CODE` tells more about a finding"))
}
