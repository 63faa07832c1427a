//! `journey`: files and versions come in; what is deployed goes out, before and after.

use anyhow::Result;
use serde_json::{Value as Json, json};
use wayfarer::engine::Deployed;

use crate::Ending;
use crate::args::{DeployJourneys, Format, Journey, ListJourneys, Trial, Versioned};
use crate::compose::{Further, block_on, rules};
use crate::console::Console;
use crate::desk::{self, Desk, Version, Wish};
use crate::journey::texts;
use crate::output::findings::draw;
use crate::output::style::{GOOD, NOTICE, paint};
use crate::output::table::columns;
use crate::output::text::safe;

/// Looks after the versions of journeys.
pub(crate) fn perform(arguments: &Journey, further: &Further, console: &mut Console) -> Result<Ending> {
    block_on(async {
        let place = arguments.place();
        let desk = match arguments {
            Journey::Deploy(_) => {
                // They are held by whoever has the store; what they name is looked up here.
                rules(place.store.config(), further)?;
                Desk::open_or_make_with(place, further).await?
            }
            _ => Desk::open_with(place, further).await?,
        };
        let (journey, wish, note) = match arguments {
            Journey::List(list) => return self::list(list, &desk, console).await,
            Journey::Deploy(files) => return deploy(files, &desk, console).await,
            Journey::Live(Versioned { version, note, .. }) => {
                (&version.journey, Wish::Live { version: version.number }, note)
            }
            Journey::Try(Trial { version, percent, note, .. }) => {
                (&version.journey, Wish::Try { version: version.number, percent: *percent }, note)
            }
            Journey::Rollback(named) => (&named.journey, Wish::RollBack, &named.note),
        };
        let changed = desk.choose(journey, &wish, note.text.as_deref()).await?;
        if place.format.format == Format::Json {
            console.print_json(&json!(changed))?;
        } else {
            console.say(format_args!("{} {}", paint(GOOD, "✔"), standing(&changed)))?;
        }
        Ok(Ending::Good)
    })
}

async fn list(list: &ListJourneys, desk: &Desk, console: &mut Console) -> Result<Ending> {
    let journeys = match &list.journey {
        Some(wanted) => vec![desk.journey(wanted).await?],
        None => desk.journeys().await?,
    };
    if list.place.format.format == Format::Json {
        console.print_json(&json!({ "journeys": journeys }))?;
        return Ok(Ending::Good);
    }
    let rows: Vec<_> = match (&list.journey, journeys.first()) {
        (Some(_), Some(one)) => one.versions.iter().map(|version| row(one, version)).collect(),
        _ => journeys.iter().map(summary).collect(),
    };
    for line in columns(&rows) {
        console.print(line)?;
    }
    Ok(Ending::Good)
}

async fn deploy(files: &DeployJourneys, desk: &Desk, console: &mut Console) -> Result<Ending> {
    let deployed = desk.deploy(texts(&files.journeys)?, files.percent, files.note.text.as_deref()).await?;
    if files.place.format.format == Format::Json {
        console.print_json(&told(&deployed))?;
    } else {
        for (source, findings) in &deployed.faulty {
            for finding in findings {
                console.say(format_args!("{}\n", draw(source, finding)))?;
            }
        }
        let said = if deployed.faulty.is_empty() { said(&deployed) } else { vec!["nothing was deployed".to_owned()] };
        for line in said {
            console.say(line)?;
        }
        if deployed.changes.is_empty() && deployed.faulty.is_empty() {
            console.say("nothing is new")?;
        }
    }
    Ok(if deployed.faulty.is_empty() { Ending::Good } else { Ending::Bad })
}

/// What a deployment did, for machines.
pub(crate) fn told(deployed: &Deployed) -> Json {
    let change =
        |(name, journey, version): &(&str, _, _)| json!({ "change": name, "journey": journey, "version": version });
    let finding = |(source, findings): &(wayfarer_lang::text::Source, wayfarer_lang::Findings)| {
        findings.iter().map(|finding| finding.to_json(source)).collect::<Vec<_>>()
    };
    let fallen = deployed
        .fallen
        .iter()
        .map(|fallen| json!({ "journey": fallen.journey, "version": fallen.wanted, "serves": fallen.serves }));
    json!({
        "changes": deployed.changes.iter().map(change).collect::<Vec<_>>(),
        "findings": deployed.faulty.iter().flat_map(finding).collect::<Vec<_>>(),
        "held": deployed.held,
        "fallen": fallen.collect::<Vec<_>>(),
    })
}

/// What a deployment did, for people.
pub(crate) fn said(deployed: &Deployed) -> Vec<String> {
    let (good, notice) = (paint(GOOD, "✔"), paint(NOTICE, "!"));
    let changes = deployed.changes.iter().map(|(name, journey, version)| {
        let what = match *name {
            "journey.deployed" => "is live",
            "journey.put_on_trial" => "is tried",
            "journey.renewed" => "was made anew with the steps of this program",
            _ => "is withdrawn: its file is gone",
        };
        let version = version.map_or_else(String::new, |version| format!("@{version}"));
        format!("{good} `{}{version}` {what}", safe(journey))
    });
    let faulty = deployed.faulty.iter().map(|(source, _)| {
        format!("{notice} `{}` has mistakes: the version before serves on, if there is one", safe(source.name()))
    });
    let held = deployed
        .held
        .iter()
        .map(|journey| format!("{notice} `{}` invokes a journey with mistakes: it serves on as it was", safe(journey)));
    let fallen = deployed.fallen.iter().map(|fallen| {
        let instead = fallen.serves.map_or_else(
            || "it cannot be started".to_owned(),
            |version| format!("version {version} serves in its place"),
        );
        let (journey, wanted) = (safe(&fallen.journey), fallen.wanted);
        format!("{notice} `{journey}@{wanted}` cannot run with the steps of this program: {instead}")
    });
    changes.chain(faulty).chain(held).chain(fallen).collect()
}

fn standing(journey: &desk::Journey) -> String {
    let id = safe(&journey.journey);
    let live =
        journey.live.map_or_else(|| format!("`{id}` is withdrawn"), |version| format!("`{id}@{version}` is live"));
    match journey.trial {
        Some(trial) => format!("{live}, and version {} gets {} of 100 starts", trial.version, trial.percent),
        None => live,
    }
}

fn summary(journey: &desk::Journey) -> [String; 5] {
    let live = journey.versions.iter().find(|version| Some(version.version) == journey.live);
    let [version, state, at, by, _] = match live {
        Some(version) => row(journey, version),
        None => [String::new(), "withdrawn".to_owned(), String::new(), String::new(), String::new()],
    };
    let trial =
        journey.trial.map_or_else(String::new, |trial| format!("tries @{}: {} %", trial.version, trial.percent));
    let named = if version.is_empty() { safe(&journey.journey) } else { version };
    [named, state, at, by, trial]
}

fn row(journey: &desk::Journey, version: &Version) -> [String; 5] {
    let named = format!("{}@{}", safe(&journey.journey), version.version);
    let by = format!("{} {}", safe(&version.by.kind), safe(&version.by.id));
    let note = version.note.as_deref().map(safe).unwrap_or_default();
    [named, state(journey, version), format!("{:.0}", version.at), by, note]
}

fn state(journey: &desk::Journey, version: &Version) -> String {
    match journey.trial {
        Some(trial) if trial.version == version.version => format!("on trial: {} %", trial.percent),
        _ if journey.live == Some(version.version) => "live".to_owned(),
        _ => String::new(),
    }
}
